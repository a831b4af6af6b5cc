"""The main job in a real browser: what is on the page equals what Python computes, and every choice is followed."""

import re

import nbformat
import numpy as np
import pytest
from scipy.stats import spearmanr

import rnn_widgets as rw
from tests.hosts.pages import (
    click_row,
    data,
    open_in_lab,
    open_in_voila,
    page_of,
    stop_kernel,
    token_strengths,
    wait_for_data,
    wait_for_views,
)
from tests.hosts.servers import jupyterlab, voila
from tests.hosts.without_kernel import assert_a_pattern_needs_the_kernel, assert_choosing_goes_on

TEXT, HEATMAP, SURFACE, TOOLBAR = ".rw-text-highlighter", ".rw-relevance-heatmap", ".rw-fourier-surface", ".rw-toolbar"
SPACES, ENDS = rw.features.regex(" "), rw.features.regex("[.?!]")

CELLS = (
    """
import ipywidgets
import rnn_widgets as rw

model = rw.load_model("word-lstm")
text = rw.generate(model, "Call me", length=400, seed=0)
acts = rw.record(model, text)
explorer = rw.explore(acts, features=[rw.features.regex(" "), rw.features.regex("[.?!]")])
explorer
""",
    """
seen = ipywidgets.Label()
chosen = explorer.selection
chosen.observe(lambda _: setattr(seen, "value", f"Python sees neuron {chosen.neuron}, token {chosen.token}."))
seen
""",
)


@pytest.fixture(scope="module")
def notebook(notebooks):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source.strip()) for source in CELLS])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = notebooks / "linked.ipynb"
    nbformat.write(book, path)
    return path


@pytest.fixture(scope="module", params=["JupyterLab", "voila"])
def page(request, browser, notebook, tmp_path_factory):
    scratch = tmp_path_factory.mktemp("server")
    with page_of(browser) as page:
        if request.param == "JupyterLab":
            with jupyterlab(notebook.parent, scratch) as address:
                open_in_lab(page, address, notebook.name)
                wait_for_views(page)
                yield page
        else:
            with voila(notebook, scratch) as address:
                open_in_voila(page, address)
                wait_for_views(page)
                yield page


def select(page, name, value):
    page.select_option(f"{TOOLBAR} select[name={name}]", value)


def assert_text_shows(page, activations):
    strengths = token_strengths(page)
    assert len(strengths) > 100
    tokens = list(strengths)
    shown, computed = np.array([strengths[token] for token in tokens]), activations[tokens]
    assert spearmanr(shown, computed).statistic > 0.99
    clear = np.abs(computed) > 0.1
    assert (np.sign(shown[clear]) == np.sign(computed[clear])).all()


def test_the_proposed_neurons_are_those_that_python_computes(page, acts):
    select(page, "feature", SPACES.name)
    wait_for_data(page, HEATMAP, "feature", SPACES.name)
    wait_for_data(page, HEATMAP, "proposed", rw.relevance(acts, SPACES).top(4))
    assert data(page, HEATMAP, "columns") == int(SPACES.mask(acts.text).sum())
    for neuron in rw.relevance(acts, SPACES).top(4):
        assert {neuron - 1, neuron, neuron + 1} & set(range(acts.neurons("hidden"))) <= set(data(page, HEATMAP, "rows"))


def test_a_click_on_a_row_recolours_the_text_and_moves_the_surface(page, acts):
    for neuron in data(page, HEATMAP, "rows")[:3]:
        click_row(page, neuron)
        for view in (TEXT, SURFACE, HEATMAP):
            wait_for_data(page, view, "neuron", neuron)
        assert_text_shows(page, acts["hidden"][:, neuron])
        page.wait_for_selector(f"text=Python sees neuron {neuron},")


def test_another_feature_reorders_the_heat_map(page, acts):
    select(page, "feature", ENDS.name)
    wait_for_data(page, HEATMAP, "proposed", rw.relevance(acts, ENDS).top(4))
    assert data(page, HEATMAP, "columns") == int(ENDS.mask(acts.text).sum())
    select(page, "feature", SPACES.name)
    wait_for_data(page, HEATMAP, "proposed", rw.relevance(acts, SPACES).top(4))


def test_a_token_clicked_in_the_text_is_marked_in_the_heat_map(page, acts):
    token = int(np.flatnonzero(SPACES.mask(acts.text))[5])
    plain = page.locator(f"{HEATMAP} .rw-canvas").screenshot()
    page.click(f"{TEXT} [data-token='{token}']")
    wait_for_data(page, HEATMAP, "token", token)
    page.wait_for_selector(f"text=, token {token}.")
    assert page.locator(f"{HEATMAP} .rw-canvas").screenshot() != plain
    neuron = data(page, HEATMAP, "neuron")
    readout = page.inner_text(f"{HEATMAP} .rw-readout")
    told = re.search(r"hidden (\S+)$", readout)
    assert told is not None
    assert float(told[1].replace("\u2212", "-")) == pytest.approx(acts["hidden"][token, neuron], abs=6e-3)


def test_another_signal_shows_its_own_numbers_on_its_own_scale(page, acts):
    select(page, "signal", "output_gate")
    for view in (TEXT, HEATMAP, SURFACE):
        wait_for_data(page, view, "signal", "output_gate")
    wait_for_data(page, HEATMAP, "proposed", rw.relevance(acts, SPACES, signal="output_gate").top(4))
    wait_for_views(page)
    strengths = token_strengths(page)
    neuron = data(page, TEXT, "neuron")
    shown = np.abs(list(strengths.values()))
    assert spearmanr(shown, acts["output_gate"][list(strengths), neuron]).statistic > 0.99
    select(page, "signal", "hidden")
    wait_for_data(page, TEXT, "signal", "hidden")


def test_the_peaks_are_those_that_python_computes(page, acts):
    expected = rw.spectrum(acts).peaks(n=5)
    shown = data(page, SURFACE, "peaks")
    assert [peak["neuron"] for peak in shown[:5]] == [peak.neuron for peak in expected]
    for peak, computed in zip(shown, expected, strict=False):
        assert peak["frequency"] == pytest.approx(computed.frequency)
        assert peak["amplitude"] == pytest.approx(computed.amplitude, rel=1e-3)


def test_a_pattern_typed_in_is_a_feature(page, acts):
    page.fill(f"{TOOLBAR} input", "[aeiou].*")
    page.press(f"{TOOLBAR} input", "Enter")
    vowels = rw.features.regex("[aeiou].*")
    wait_for_data(page, HEATMAP, "feature", vowels.name)
    wait_for_data(page, HEATMAP, "proposed", rw.relevance(acts, vowels).top(4))


def test_a_pattern_that_cannot_be_used_is_explained(page):
    page.fill(f"{TOOLBAR} input", "(?=x)")
    page.press(f"{TOOLBAR} input", "Enter")
    page.wait_for_selector(f"{TOOLBAR} >> text=Look-ahead cannot be matched")


def test_the_companion_follows_without_python(page, acts):
    neuron = data(page, HEATMAP, "rows")[1]
    click_row(page, neuron)
    page.wait_for_selector(f".rw-companion >> text=Neuron {neuron}")
    (peak,) = [peak for peak in rw.spectrum(acts).peaks(n=acts.neurons("hidden")) if peak.neuron == neuron]
    page.wait_for_selector(f".rw-companion >> text=amplitude {peak.amplitude:.3f}".rstrip("0"))
    assert page.locator(".bqplot path.line").count() >= 2


def test_the_views_follow_each_other_after_the_kernel_has_died(browser, notebook, tmp_path, acts):
    with jupyterlab(notebook.parent, tmp_path) as address, page_of(browser) as page:
        open_in_lab(page, address, notebook.name)
        wait_for_views(page)
        wait_for_data(page, HEATMAP, "complete", True)
        stop_kernel(page)
        assert_choosing_goes_on(page, acts)
        page.wait_for_selector(f"{TEXT} .rw-notice >> text=Choosing goes on")
        assert_a_pattern_needs_the_kernel(page)
