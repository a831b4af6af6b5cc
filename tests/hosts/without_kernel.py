"""What goes on in a page whose kernel has stopped, or that never had one."""

from __future__ import annotations

from playwright.sync_api import Page
from scipy.stats import spearmanr

import rnn_widgets as rw
from rnn_widgets.activations import Activations
from tests.hosts.pages import click_row, data, token_strengths, wait_for_data, wait_for_views

TEXT, HEATMAP, SURFACE, TOOLBAR = ".rw-text-highlighter", ".rw-relevance-heatmap", ".rw-fourier-surface", ".rw-toolbar"
SPACES, ENDS = rw.features.regex(" "), rw.features.regex("[.?!]")


def assert_choosing_goes_on(page: Page, acts: Activations) -> None:
    """Feature, neuron, signal, sorting, zoom, band and a brushed feature, each compared with what Python computes."""
    page.select_option(f"{TOOLBAR} select[name=feature]", ENDS.name)
    wait_for_data(page, HEATMAP, "proposed", rw.relevance(acts, ENDS).top(4))
    neuron = data(page, HEATMAP, "rows")[0]
    click_row(page, neuron)
    for view in (TEXT, SURFACE):
        wait_for_data(page, view, "neuron", neuron)
    page.wait_for_selector(f".rw-companion >> text=Neuron {neuron}")
    strengths = token_strengths(page)
    assert spearmanr(list(strengths.values()), acts["hidden"][list(strengths), neuron]).statistic > 0.99

    page.select_option(f"{TOOLBAR} select[name=signal]", "forget_gate")
    wait_for_data(page, HEATMAP, "proposed", rw.relevance(acts, ENDS, signal="forget_gate").top(4))
    wait_for_views(page)
    page.select_option(f"{TOOLBAR} select[name=signal]", "hidden")
    wait_for_data(page, HEATMAP, "proposed", rw.relevance(acts, ENDS).top(4))

    page.select_option(f"{HEATMAP} select[name=rows]", "all")
    page.select_option(f"{HEATMAP} select[name=order]", "relevance")
    page.wait_for_function(f"() => JSON.parse(document.querySelector('{HEATMAP}').dataset.rows).length > 20")
    assert data(page, HEATMAP, "rows")[:4] == rw.relevance(acts, ENDS).top(4)
    whole = data(page, HEATMAP, "view")
    before = page.get_attribute(HEATMAP, "data-view")
    page.locator(f"{HEATMAP} canvas.rw-canvas").press("+")
    page.wait_for_function(
        "([view, before]) => document.querySelector(view).dataset.view !== before", arg=[HEATMAP, before]
    )
    page.locator(f"{HEATMAP} canvas.rw-canvas").press("0")
    wait_for_data(page, HEATMAP, "view", whole)
    page.select_option(f"{HEATMAP} select[name=rows]", "proposed")

    for name, value in (("low", "0.3"), ("high", "0.5")):
        page.fill(f"{SURFACE} input[name={name}]", value)
        page.press(f"{SURFACE} input[name={name}]", "Tab")
    wait_for_data(page, SURFACE, "band", [0.3, 0.5])
    expected = rw.spectrum(acts).peaks(band=(0.3, 0.5), n=3)
    page.wait_for_function(
        "([view, neurons]) => JSON.stringify(JSON.parse(document.querySelector(view).dataset.peaks)"
        ".slice(0, 3).map(peak => peak.neuron)) === JSON.stringify(neurons)",
        arg=[SURFACE, [peak.neuron for peak in expected]],
    )

    page.click(f"{TEXT} [data-token='8']")
    wait_for_data(page, HEATMAP, "token", 8)
    for _ in range(2):
        page.locator(f"{TEXT} .rw-text").press("Shift+ArrowRight")
    wait_for_data(page, TEXT, "brushed", [[8, 11]])
    page.fill(f"{TEXT} input[name=stretch]", "brushed here")
    page.click(f"{TEXT} button:has-text('Make feature')")
    wait_for_data(page, HEATMAP, "feature", "brushed here")
    wait_for_data(page, HEATMAP, "proposed", rw.relevance(acts, rw.features.spans([(8, 11)])).top(4))


def assert_a_pattern_needs_the_kernel(page: Page) -> None:
    page.fill(f"{TOOLBAR} input[name=pattern]", "the")
    page.press(f"{TOOLBAR} input[name=pattern]", "Enter")
    page.wait_for_selector(f"{TOOLBAR} .rw-message >> text=kernel")
