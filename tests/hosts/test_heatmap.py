"""The heat map in a real browser: its orders, pins, colours and numbers, and what a choice does not draw anew."""

from pathlib import Path

import numpy as np
import pytest

import rnn_widgets as rw
from tests.hosts import books
from tests.hosts.heatmap_pages import (
    CANVAS,
    HEATMAP,
    NEURONS,
    RECORDED,
    SHOWN,
    choose,
    place,
    settle,
    show_all,
    zoom_in,
)
from tests.hosts.pages import data, open_in_voila, page_of, wait_for_data, wait_for_views
from tests.hosts.servers import voila

AXE = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def acts():
    names: dict[str, object] = {}
    exec(RECORDED, names)
    return names["acts"]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("heatmap")
    with voila(books.write(folder / "heatmap.ipynb", RECORDED, SHOWN), folder / "server") as address:
        yield address


@pytest.fixture
def page(browser, address):
    with page_of(browser) as page:
        open_in_voila(page, address)
        wait_for_views(page, HEATMAP)
        yield page


def test_all_neurons_can_be_sorted_four_ways(page, acts):
    show_all(page)
    assert data(page, HEATMAP, "rows") == list(range(NEURONS))
    space = rw.features.regex(" ")
    scores = rw.relevance(acts, space).scores
    choose(page, order="relevance")
    assert data(page, HEATMAP, "rows") == sorted(range(NEURONS), key=lambda neuron: (-scores[neuron], neuron))
    choose(page, order="amplitude")
    spectrum = rw.spectrum(acts)
    assert data(page, HEATMAP, "rows")[:3] == [peak.neuron for peak in spectrum.peaks(n=3)] == [21, 30, 3]
    page.click("button:has-text('Choose a band')")
    page.wait_for_selector(f"{HEATMAP} option:has-text('amplitude at 0.35')", state="attached")
    settle(page)
    expected = [peak.neuron for peak in spectrum.peaks(band=(0.35, 0.45), n=NEURONS)]
    assert data(page, HEATMAP, "rows") == expected
    choose(page, order="cluster")
    page.wait_for_function(f"() => !document.querySelector('{HEATMAP} .rw-message').textContent.includes('cluster')")
    rows = data(page, HEATMAP, "rows")
    assert sorted(rows) == list(range(NEURONS))
    assert abs(rows.index(30) - rows.index(3)) == 1


def test_windows_of_proposed_neurons_are_sorted_as_wholes(page, acts):
    space = rw.features.regex(" ")
    best = rw.relevance(acts, space).top(4)
    rows = data(page, HEATMAP, "rows")
    assert best[0] in rows[:3]
    choose(page, order="index")
    assert data(page, HEATMAP, "rows") == sorted(rows)


def test_neurons_are_pinned_by_key_by_click_and_by_their_mark_and_shown_together(page):
    show_all(page)
    choose(page, rows="pinned")
    page.wait_for_selector(f"{HEATMAP} >> text=No neuron is pinned")
    choose(page, rows="all", order="index")
    page.mouse.click(*place(page, 7.5 / NEURONS, 0.5))
    wait_for_data(page, HEATMAP, "neuron", 7)
    page.keyboard.press("p")
    page.wait_for_selector("text=Python sees [7] pinned.")
    page.keyboard.down("Shift")
    page.mouse.click(*place(page, 40.5 / NEURONS, 0.5))
    page.keyboard.up("Shift")
    page.wait_for_selector("text=Python sees [7, 40] pinned.")
    assert data(page, HEATMAP, "neuron") == 7
    choose(page, rows="pinned")
    assert data(page, HEATMAP, "rows") == [7, 40]
    corner, box = page.locator(CANVAS).bounding_box(), data(page, HEATMAP, "geometry")
    page.mouse.click(corner["x"] + box["left"] - 54, corner["y"] + box["centres"][1])
    page.wait_for_selector("text=Python sees [7] pinned.")
    wait_for_data(page, HEATMAP, "rows", [7])
    page.locator(CANVAS).press("p")
    page.wait_for_selector("text=Python sees [] pinned.")


def test_colours_can_fit_what_is_shown_and_the_legend_tells_the_limits(page, acts):
    legend = page.locator(f"{HEATMAP} .rw-legend").first
    assert legend.inner_text().split() == ["Activation", "\u22121", "1"]
    choose(page, columns="all", scale="shown")
    shown = acts["hidden"][:, data(page, HEATMAP, "rows")]
    low, high = data(page, HEATMAP, "limits")
    assert -low == high == pytest.approx(np.abs(shown).max(), rel=1e-3)
    assert f"{high:.3f}".rstrip("0") in legend.inner_text()
    choose(page, scale="neuron")
    assert "its lowest" in legend.inner_text()
    quiet = min(data(page, HEATMAP, "rows"), key=lambda neuron: np.abs(acts["hidden"][:, neuron]).max())
    assert contrast_of_row(page, quiet) > 150
    choose(page, scale="signal")
    assert contrast_of_row(page, quiet) < 60


def contrast_of_row(page, neuron):
    """The largest difference between two colours in the row of a neuron, 0..255."""
    box, rows = data(page, HEATMAP, "geometry"), data(page, HEATMAP, "rows")
    return page.evaluate(
        """([selector, left, y, width]) => {
            const canvas = document.querySelector(selector);
            const line = canvas.getContext("2d").getImageData(left + 4, y - 7, width - 8, 1).data;
            const parts = [0, 1, 2].map(channel => line.filter((_, place) => place % 4 === channel));
            return Math.max(...parts.map(part => Math.max(...part) - Math.min(...part)));
        }""",
        [CANVAS, round(box["left"]), round(box["centres"][rows.index(neuron)]), round(box["width"])],
    )


def test_choosing_a_cell_makes_no_cell_anew(page):
    show_all(page)
    page.mouse.click(*place(page, 0.5, 0.5))
    page.wait_for_timeout(400)
    page.evaluate(
        """() => {
            window.made = 0;
            const original = CanvasRenderingContext2D.prototype.putImageData;
            CanvasRenderingContext2D.prototype.putImageData = function (...parts) {
                window.made += 1;
                return original.apply(this, parts);
            };
        }"""
    )
    neuron = data(page, HEATMAP, "neuron")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
    wait_for_data(page, HEATMAP, "neuron", neuron + 4)
    page.wait_for_timeout(400)
    assert page.evaluate("() => window.made") == 0
    choose(page, order="relevance")
    assert page.evaluate("() => window.made") > 0


def test_the_table_has_the_means_that_python_computes(page, acts):
    page.mouse.click(*place(page, 0.05, 0.5))
    settle(page)
    page.click(f"{HEATMAP} button:has-text('Show as table')")
    page.wait_for_selector(f"{HEATMAP} .rw-table tbody tr")
    lines = page.eval_on_selector_all(
        f"{HEATMAP} .rw-table tbody tr", "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    rows, token = data(page, HEATMAP, "rows"), data(page, HEATMAP, "token")
    assert [int(line[0]) for line in lines] == rows
    space = rw.features.regex(" ")
    mask, scores = space.mask(acts.text), rw.relevance(acts, space).scores
    for line in lines:
        values = acts["hidden"][:, int(line[0])]
        expected = [scores[int(line[0])], values[mask].mean(), values[~mask].mean(), values[token]]
        assert [float(cell.replace("\u2212", "-")) for cell in line[1:]] == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_and_the_chosen_cell_is_spoken(browser, address, dark):
    with page_of(browser, dark=dark) as page:
        open_in_voila(page, address, dark=dark)
        wait_for_views(page, HEATMAP)
        show_all(page)
        zoom_in(page)
        page.evaluate("script => window.axe ?? (0, eval)(script)", AXE.read_text())
        found = page.evaluate("view => axe.run({ include: [[view]] }).then(({ violations }) => violations)", HEATMAP)
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
        assert "plus and minus zoom" in page.get_attribute(CANVAS, "aria-label")
        page.mouse.click(*place(page, 0.5, 0.5))
        page.keyboard.press("ArrowDown")
        settle(page)
        spoken = page.text_content(f"{HEATMAP} .rw-spoken")
        neuron, token = data(page, HEATMAP, "neuron"), data(page, HEATMAP, "token")
        assert spoken.startswith(f"neuron {neuron}, token {token} ")
        outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineWidth")
        assert float(outline.removesuffix("px")) >= 2
