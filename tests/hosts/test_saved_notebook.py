"""A notebook that was executed elsewhere and saved with its widgets' state shows them without their kernel."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from tests.hosts.pages import page_of, wait_for_views
from tests.hosts.servers import jupyterlab
from tests.hosts.without_kernel import assert_a_pattern_needs_the_kernel, assert_choosing_goes_on

SOURCE = """
import rnn_widgets as rw

model = rw.load_model("word-lstm")
acts = rw.record(model, rw.generate(model, "Call me", length=400, seed=0))
explorer = rw.explore(acts, features=[rw.features.regex(" "), rw.features.regex("[.?!]")])
explorer.keep_all()
explorer
"""
STATE = "application/vnd.jupyter.widget-state+json"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SOURCE.strip())])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    NotebookClient(book, timeout=300, store_widget_state=True).execute()
    path = tmp_path_factory.mktemp("saved") / "saved.ipynb"
    nbformat.write(book, path)
    return path


def test_the_saved_state_holds_every_array(saved):
    state = nbformat.read(saved, as_version=4).metadata.widgets[STATE]["state"]
    (recording,) = [model for model in state.values() if "offers" in model["state"]]
    filled = {buffer["path"][0] for buffer in recording["buffers"] if buffer["data"]}
    assert set(recording["state"]["offers"]) - {"predictions"} <= filled
    assert len(recording["state"]["predictions"]) == len(recording["state"]["tokens"])


def test_views_draw_and_go_on_in_a_trusted_notebook_without_their_kernel(browser, saved, acts, tmp_path):
    scratch = tmp_path / "server"
    # An untrusted notebook shows no widgets until it is trusted.
    environment = {**os.environ, "JUPYTER_DATA_DIR": str(scratch / "data")}
    (scratch / "data").mkdir(parents=True)
    subprocess.run([sys.executable, "-m", "nbformat.sign", saved], env=environment, check=True, capture_output=True)
    with jupyterlab(saved.parent, scratch) as address, page_of(browser) as page:
        page.goto(f"{address}/lab/tree/{saved.name}?reset", wait_until="domcontentloaded")
        page.wait_for_selector(".jp-Notebook", state="visible")
        wait_for_views(page)
        assert page.locator(".rw-notice >> text=The kernel has stopped. Choosing goes on").count() >= 4
        page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
        assert_choosing_goes_on(page, acts)
        assert_a_pattern_needs_the_kernel(page)


def test_nbconvert_writes_the_state_and_names_the_scripts_that_it_loads(saved, tmp_path):
    command = [sys.executable, "-m", "nbconvert", "--to", "html", f"--output-dir={tmp_path}", str(saved)]
    subprocess.run(command, check=True, capture_output=True)
    page = (tmp_path / "saved.html").read_text(encoding="utf-8")
    assert STATE in page and "values_hidden_0" in page
    # It needs the network for these; `to_html` does not.
    assert "https://" in page and "require.min.js" in page and "html-manager" in page
