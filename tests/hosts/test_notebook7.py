"""The same in Notebook 7 as in JupyterLab."""

import pytest

import rnn_widgets as rw
from tests.hosts import books
from tests.hosts.pages import click_row, data, page_of, stop_kernel, wait_for_data, wait_for_views
from tests.hosts.servers import jupyterlab
from tests.hosts.test_access import HEATMAP, SHOWN, SURFACE, TEXT, TOOLBAR

KERNEL = "window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel"


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebook7")
    name = books.write(folder / "explore.ipynb", books.RECORDED, SHOWN).name
    server = jupyterlab(folder, tmp_path_factory.mktemp("server"), app="notebook")
    with server as address, page_of(browser) as page:
        page.goto(f"{address}/notebooks/{name}", wait_until="domcontentloaded")
        page.wait_for_function(f"() => window.jupyterapp && {KERNEL}?.status === 'idle'")
        page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")
        wait_for_views(page)
        yield page


def test_the_views_follow_each_other_and_the_theme(page):
    names: dict[str, object] = {}
    exec(books.RECORDED, names)
    acts, letter = names["acts"], names["letter"]
    page.select_option(f"{TOOLBAR} select[name=feature]", letter.name)
    wait_for_data(page, HEATMAP, "proposed", rw.relevance(acts, letter).top(4))
    neuron = data(page, HEATMAP, "rows")[0]
    click_row(page, neuron)
    for view in (TEXT, SURFACE):
        wait_for_data(page, view, "neuron", neuron)
    page.wait_for_selector(f".rw-companion >> text=Neuron {neuron}")
    for theme, name in (("JupyterLab Dark", "dark"), ("JupyterLab Light", "light")):
        page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
        wait_for_data(page, TEXT, "theme", name)
    page.fill(f"{TOOLBAR} input[name=pattern]", "t.?")
    page.press(f"{TOOLBAR} input[name=pattern]", "Enter")
    wait_for_data(page, HEATMAP, "feature", rw.features.regex("t.?").name)


def test_the_views_go_on_without_the_kernel(page):
    wait_for_data(page, HEATMAP, "complete", True)
    stop_kernel(page)
    page.select_option(f"{TOOLBAR} select[name=signal]", "input_gate")
    for view in (TEXT, HEATMAP, SURFACE):
        wait_for_data(page, view, "signal", "input_gate")
    wait_for_views(page)
