"""What an exported page leaves out it says; what cannot be exported is explained."""

import re

import ipywidgets
import numpy as np
import pytest
import traitlets

import rnn_widgets as rw
from tests.hosts.exported import opened
from tests.hosts.pages import data, wait_for_data

TEXT, HEATMAP, SURFACE, TOOLBAR = ".rw-text-highlighter", ".rw-relevance-heatmap", ".rw-fourier-surface", ".rw-toolbar"
SPACES = rw.features.regex(" ")


def random_acts(tokens, neurons, signals):
    words = ["sea ", " ", "whale", ".", "\n"]
    random = np.random.default_rng(0)
    values = {name: random.uniform(-1, 1, (tokens, neurons)).astype(np.float32) for name in signals}
    return rw.Activations.from_arrays([words[index % 5] for index in range(tokens)], values)


def test_the_chosen_signal_stays_and_what_is_left_out_is_told(browser, tmp_path):
    acts = random_acts(2000, 64, ("hidden", "cell"))
    explorer = rw.explore(acts, features=[SPACES], signal="cell")
    whole = rw.to_html(explorer, tmp_path / "whole.html")
    assert whole.left_out == ()
    with pytest.warns(UserWarning, match="It leaves out: hidden, layer 0"):
        summary = rw.to_html(explorer, tmp_path / "page.html", max_size=whole.size - 100_000)
    assert summary.left_out == ("hidden, layer 0",)
    assert summary.size < whole.size - 100_000
    assert "without hidden, layer 0" in repr(summary)
    with opened(browser, summary.path) as page:
        assert "hidden, layer 0" in page.get_by_role("note").inner_text()
        wait_for_data(page, HEATMAP, "proposed", rw.relevance(acts, SPACES, signal="cell").top(4))
        page.select_option(f"{TOOLBAR} select[name=signal]", "hidden")
        page.wait_for_selector(f"{HEATMAP} >> text=These data are not in this page")
        page.select_option(f"{TOOLBAR} select[name=signal]", "cell")
        page.wait_for_selector(f"{HEATMAP}[aria-busy=false]")
    explorer.close()


def test_not_even_the_chosen_signal_fits(tmp_path):
    explorer = rw.explore(random_acts(500, 64, ("hidden",)), features=[SPACES])
    with pytest.raises(ValueError, match=r"Activations of hidden, layer 0 do not fit: .* larger max_size"):
        rw.to_html(explorer, tmp_path / "page.html", max_size=100_000)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ValueError, match="the page has") as raised:
        rw.to_html(explorer, tmp_path / "page.html", max_size=1)
    least = int(re.search(r"([\d,]+) bytes", str(raised.value))[1].replace(",", ""))
    with pytest.warns(UserWarning, match="It leaves out"):
        summary = rw.to_html(explorer, tmp_path / "page.html", max_size=round(1.02 * least))
    assert 0.9 * least < summary.size <= 1.02 * least
    for wrong in (float("nan"), 0, -5):
        with pytest.raises(ValueError, match="max_size is a number of bytes above 0"):
            rw.to_html(explorer, tmp_path / "page.html", max_size=wrong)
    explorer.close()


def test_a_large_recording_keeps_the_rows_of_chosen_and_proposed_neurons(browser, tmp_path):
    acts = random_acts(40_000, 512, ("hidden",))
    explorer = rw.explore(acts, features=[SPACES], neuron=300)
    with pytest.warns(UserWarning, match="neurons .* of hidden, layer 0, token by token; spectra of hidden"):
        summary = rw.to_html(explorer, tmp_path / "page.html", max_size=4_000_000)
    assert summary.size <= 4_000_000
    assert " 300" not in summary.left_out[0]
    with opened(browser, summary.path, TEXT) as page:
        page.wait_for_selector(f"{TEXT} [data-token='3']")
        assert data(page, TEXT, "neuron") == 300
        wait_for_data(page, HEATMAP, "proposed", rw.relevance(acts, SPACES).top(4))
        page.wait_for_selector(".rw-companion >> text=Neuron 300")
    explorer.close()


def test_exporting_sends_nothing_to_pages_that_are_open(tmp_path):
    explorer = rw.explore(random_acts(50, 8, ("hidden", "cell")), features=[SPACES])
    recording = explorer.text.recording
    rw.to_html(explorer, tmp_path / "page.html")
    assert recording.values_cell_0 == b""
    explorer.close()


def test_what_cannot_be_exported_is_explained(tmp_path):
    acts = random_acts(50, 8, ("hidden",))
    with pytest.raises(TypeError, match=r"Expected a widget such as explore\(acts\).*got Activations"):
        rw.to_html(acts, tmp_path / "page.html")
    view = rw.TextHighlighter(acts)
    with pytest.raises(FileNotFoundError, match=r"There is no folder .*none: make it first"):
        rw.to_html(view, tmp_path / "none" / "page.html")
    with pytest.raises(IsADirectoryError, match="is a folder: give the path of a file"):
        rw.to_html(view, tmp_path)
    view.close()
    with pytest.raises(ValueError, match="This TextHighlighter is closed: make a new one"):
        rw.to_html(view, tmp_path / "page.html")

    class Foreign(ipywidgets.DOMWidget):
        _model_module = traitlets.Unicode("no-such-package").tag(sync=True)

    with pytest.raises(ValueError, match=r"cannot show widgets of 'no-such-package'.*Leave these widgets out"):
        rw.to_html(ipywidgets.VBox([Foreign()]), tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    path.write_text("before")
    view = rw.TextHighlighter(random_acts(50, 8, ("hidden",)))
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises(OSError, match="the disk is full"):
        rw.to_html(view, path)
    assert path.read_text() == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["page.html"]
    view.close()
