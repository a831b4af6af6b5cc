"""The heat map of a recording that is too large to be sent whole, in a real browser."""

import pytest

import rnn_widgets as rw
from tests.hosts import books
from tests.hosts.heatmap_pages import CANVAS, HEATMAP, choose, in_view, place, settle, words
from tests.hosts.pages import data, open_in_voila, page_of, wait_for_data, wait_for_views
from tests.hosts.servers import voila

LARGE_TOKENS, LARGE_NEURONS, SPIKE = 50_000, 512, (31_337, 200)
LARGE = f"""
import numpy as np
import rnn_widgets as rw

tokens = [" " if index % 2 else "abcde"[index // 2 % 5] for index in range({LARGE_TOKENS})]
noise = np.random.default_rng(0)
values = 0.1 * noise.standard_normal((len(tokens), {LARGE_NEURONS}), dtype=np.float32)
values += np.linspace(0, 0.4, {LARGE_NEURONS}, dtype=np.float32)
values[:, 7] += 0.5 * (-1.0) ** np.arange(len(tokens))
values[{SPIKE[0]}, {SPIKE[1]}] = -0.99
np.clip(values, -1, 1, out=values)
acts = rw.Activations.from_arrays(tokens, values)
"""
LARGE_SHOWN = 'rw.RelevanceHeatmap(acts, features=[rw.features.regex(" "), rw.features.regex("a")])'


@pytest.fixture(scope="module")
def large_page(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    with (
        voila(books.write(folder / "large.ipynb", LARGE, LARGE_SHOWN), folder / "server") as address,
        page_of(browser) as page,
    ):
        open_in_voila(page, address)
        wait_for_views(page, HEATMAP)
        yield page


@pytest.fixture(scope="module")
def large():
    names: dict[str, object] = {}
    exec(LARGE, names)
    return names["acts"]


def colour_at(page, neuron, token):
    """The colour of a cell that is in view, as red, green, blue and opacity, each 0..255."""
    top, bottom, left, right = in_view(page)
    box = data(page, HEATMAP, "geometry")
    x = box["left"] + (token + 0.5 - left) / (right - left) * box["width"]
    y = box["top"] + (neuron + 0.5 - top) / (bottom - top) * box["height"]
    return page.evaluate(
        "([selector, x, y]) => [...document.querySelector(selector).getContext('2d').getImageData(x, y, 1, 1).data]",
        [CANVAS, int(x), int(y)],
    )


def test_the_few_proposed_rows_of_a_large_recording_are_exact(large_page, large):
    page = large_page
    assert data(page, HEATMAP, "proposed") == rw.relevance(large, rw.features.regex(" ")).top(4)
    assert data(page, HEATMAP, "exact") == 1
    canvas = page.locator(CANVAS)
    box = data(page, HEATMAP, "geometry")
    canvas.click(position={"x": box["left"] + 50, "y": box["centres"][0]})
    settle(page)
    neuron, token = data(page, HEATMAP, "neuron"), data(page, HEATMAP, "token")
    value = float(page.inner_text(f"{HEATMAP} .rw-readout").split("hidden ")[1].replace("\u2212", "-"))
    assert value == pytest.approx(large["hidden"][token, neuron], abs=1e-3)


def test_all_of_a_large_recording_is_an_overview_in_which_a_spike_is_seen(large_page):
    page = large_page
    choose(page, rows="all", order="index", columns="all")
    wait_for_data(page, HEATMAP, "view", [0, LARGE_NEURONS, 0, LARGE_TOKENS])
    assert data(page, HEATMAP, "exact") == -(-LARGE_TOKENS // 1024)
    page.wait_for_selector(f"{HEATMAP} .rw-minimap")
    assert "farthest from the neuron" in words(page)
    red, _, blue, opacity = colour_at(page, SPIKE[1], SPIKE[0])
    assert opacity == 255 and blue > red + 60


def test_zooming_into_a_large_recording_gets_exact_cells_and_is_never_blank(large_page):
    page = large_page
    choose(page, rows="all", order="index", columns="all")
    page.mouse.click(*place(page, (SPIKE[1] + 0.5) / LARGE_NEURONS, (SPIKE[0] + 0.5) / LARGE_TOKENS))
    settle(page)
    blank = """([selector, box]) => {
        const data = document.querySelector(selector).getContext("2d")
            .getImageData(box.left + 2, box.top + 2, box.width - 4, box.height - 4).data;
        return data.filter((value, place) => place % 4 === 3 && value < 255).length;
    }"""
    page.locator(CANVAS).focus()
    for _ in range(3):
        page.keyboard.press("+")
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate(blank, [CANVAS, data(page, HEATMAP, "geometry")]) == 0
    settle(page)
    top, bottom, left, right = in_view(page)
    assert 1 < data(page, HEATMAP, "exact") < 49
    assert bottom - top > 24
    page.keyboard.down("Shift")
    page.mouse.move(*place(page, (SPIKE[1] + 0.5 - top) / (bottom - top), (SPIKE[0] + 0.5 - left) / (right - left)))
    for _ in range(5):
        page.mouse.wheel(0, -300)
    page.keyboard.up("Shift")
    settle(page)
    wait_for_data(page, HEATMAP, "exact", 1)
    red, _, blue, _ = colour_at(page, SPIKE[1], SPIKE[0])
    assert blue > red + 60
    page.mouse.move(0, 0)
    page.mouse.move(*place(page, (SPIKE[1] + 0.5 - in_view(page)[0]) / (in_view(page)[1] - in_view(page)[0]), 0.5))
    assert "hidden" in page.inner_text(f"{HEATMAP} .rw-tooltip")
    page.locator(CANVAS).press("0")


def test_a_large_recording_is_sorted_by_amplitude_and_by_cluster(large_page):
    page = large_page
    choose(page, rows="all", columns="all", order="amplitude")
    page.wait_for_function(f"() => !document.querySelector('{HEATMAP} .rw-message').textContent.includes('amplitudes')")
    assert data(page, HEATMAP, "rows")[0] == 7
    choose(page, order="cluster")
    page.wait_for_function(f"() => !document.querySelector('{HEATMAP} .rw-message').textContent.includes('cluster')")
    assert sorted(data(page, HEATMAP, "rows")) == list(range(LARGE_NEURONS))
