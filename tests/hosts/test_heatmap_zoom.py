"""Zoom, pan and overview of the heat map by wheel, drag and keys, and its labels at every width, in a real browser."""

import pytest

from tests.hosts import books
from tests.hosts.heatmap_pages import (
    CANVAS,
    HEATMAP,
    NEURONS,
    RECORDED,
    SHOWN,
    TOKENS,
    choose,
    in_view,
    place,
    settle,
    show_all,
    words,
    zoom_in,
)
from tests.hosts.labels import SCRIPT, assert_apart, assert_whole, labels_of
from tests.hosts.pages import data, open_in_voila, page_of, wait_for_data, wait_for_views
from tests.hosts.servers import voila


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


def test_the_wheel_zooms_at_the_pointer_and_each_axis_alone(page):
    show_all(page)
    page.mouse.move(*place(page, 0.5, 0.25))
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    settle(page)
    top, bottom, left, right = in_view(page)
    assert (bottom - top, right - left) == (pytest.approx(NEURONS / 2, rel=0.05), pytest.approx(TOKENS / 2, rel=0.05))
    assert left + 0.25 * (right - left) == pytest.approx(0.25 * TOKENS, abs=2)
    assert top + 0.5 * (bottom - top) == pytest.approx(0.5 * NEURONS, abs=0.5)
    assert f"of {TOKENS}" in words(page) and f"of {NEURONS}" in words(page)
    for key, moved in (("Shift", 2), ("Alt", 0)):
        before = in_view(page)
        page.keyboard.down(key)
        page.mouse.wheel(0, -300)
        page.keyboard.up(key)
        settle(page)
        after = in_view(page)
        assert after[moved + 1] - after[moved] < before[moved + 1] - before[moved]
        assert after[2 - moved : 4 - moved] == before[2 - moved : 4 - moved]
    page.mouse.dblclick(*place(page, 0.5, 0.5))
    wait_for_data(page, HEATMAP, "view", [0, NEURONS, 0, TOKENS])


def test_the_wheel_alone_scrolls_the_page_and_says_how_to_zoom(page):
    show_all(page)
    page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    page.mouse.move(*place(page, 0.5, 0.5))
    top = page.locator(CANVAS).bounding_box()["y"]
    page.mouse.wheel(0, 120)
    page.wait_for_selector(f"{HEATMAP} .rw-zoom-hint.rw-hinted")
    page.wait_for_function(f"top => document.querySelector('{CANVAS}').getBoundingClientRect().y < top - 50", arg=top)
    assert in_view(page) == [0, NEURONS, 0, TOKENS]


def test_a_drag_pans_what_is_zoomed_and_selects_nothing(page):
    show_all(page)
    zoom_in(page, 2)
    neuron, before = data(page, HEATMAP, "neuron"), in_view(page)
    page.mouse.move(*place(page, 0.5, 0.5))
    page.mouse.down()
    page.mouse.move(*place(page, 0.25, 0.75), steps=6)
    page.mouse.up()
    settle(page)
    top, bottom, left, right = in_view(page)
    assert left == pytest.approx(max(0, before[2] - 0.25 * (right - left)), abs=2)
    assert top == pytest.approx(min(NEURONS - (bottom - top), before[0] + 0.25 * (bottom - top)), abs=1)
    assert data(page, HEATMAP, "neuron") == neuron
    assert data(page, HEATMAP, "token") is None
    page.mouse.click(*place(page, 0.5, 0.5))
    wait_for_data(page, HEATMAP, "neuron", int((top + bottom) / 2))
    assert abs(data(page, HEATMAP, "token") - (left + right) / 2) <= 1


def test_keys_zoom_at_the_chosen_cell_and_the_view_follows_it(page):
    show_all(page)
    page.mouse.click(*place(page, 0.9, 0.1))
    settle(page)
    neuron, token = data(page, HEATMAP, "neuron"), data(page, HEATMAP, "token")
    zoom_in(page, 3)
    top, bottom, left, right = in_view(page)
    assert top <= neuron < bottom and left <= token < right
    assert right - left == pytest.approx(TOKENS / 8)
    for _ in range(12):
        page.keyboard.press("ArrowUp")
    settle(page)
    chosen = data(page, HEATMAP, "neuron")
    assert chosen == neuron - 12
    assert in_view(page)[0] <= chosen < top
    page.keyboard.press("Shift+ArrowRight")
    settle(page)
    assert in_view(page)[2] == pytest.approx(left + (right - left) / 4)
    assert data(page, HEATMAP, "neuron") == chosen
    page.keyboard.press("-")
    settle(page)
    assert in_view(page)[3] - in_view(page)[2] == pytest.approx(TOKENS / 4)
    page.keyboard.press("0")
    wait_for_data(page, HEATMAP, "view", [0, NEURONS, 0, TOKENS])


def test_the_overview_is_there_when_zoomed_and_moves_the_view(page):
    show_all(page)
    overview = f"{HEATMAP} .rw-minimap"
    assert page.locator(overview).count() == 0
    page.click(f"{HEATMAP} button:has-text('+')")
    page.click(f"{HEATMAP} button:has-text('+')")
    page.wait_for_selector(overview)
    size = page.locator(overview).bounding_box()
    page.locator(overview).click(position={"x": size["width"] - 8, "y": size["height"] - 8})
    settle(page)
    _, bottom, left, right = in_view(page)
    assert (bottom, right) == (pytest.approx(NEURONS), pytest.approx(TOKENS))
    page.locator(overview).press("ArrowLeft")
    settle(page)
    assert in_view(page)[2] == pytest.approx(left - (right - left) / 4)
    page.locator(overview).press("0")
    wait_for_data(page, HEATMAP, "view", [0, NEURONS, 0, TOKENS])
    assert page.locator(overview).count() == 0
    assert page.evaluate("() => document.activeElement.className") == "rw-canvas"


@pytest.mark.parametrize("width", [360, 520, 800, 1280, 1900])
def test_labels_are_whole_and_apart_at_every_width(browser, address, width):
    with page_of(browser, size={"width": width, "height": 900}) as page:
        page.add_init_script(SCRIPT)
        open_in_voila(page, address)
        wait_for_views(page, HEATMAP)
        for choices, zooms in (
            ({"rows": "proposed", "columns": "feature"}, 0),
            ({"rows": "proposed", "columns": "feature"}, 3),
            ({"rows": "all", "order": "index", "columns": "all"}, 0),
            ({"rows": "all", "order": "relevance", "columns": "all"}, 4),
        ):
            choose(page, **choices)
            zoom_in(page, zooms)
            labels = labels_of(page)
            assert len(labels) > 6
            assert_whole(labels, page.locator(CANVAS).bounding_box())
            assert_apart(labels)
            page.keyboard.press("0")
            settle(page)
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width
