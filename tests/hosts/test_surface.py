"""The flat spectra in a real browser: peaks, bands, zoom, keys."""

import pytest

from tests.hosts.labels import SCRIPT, assert_whole, labels_of
from tests.hosts.pages import data, open_in_voila, page_of, wait_for_data, wait_for_views
from tests.hosts.surface_pages import CANVAS, PEAK, SMALL, SURFACE, assert_around, band_of, named, served

FIRST_PEAK = f"{SURFACE} li:first-child .rw-peak"
LOW, HIGH = f"{SURFACE} .rw-handle-low", f"{SURFACE} .rw-handle-high"

SHOWN = """
surface = rw.FourierSurface(acts, features=[rw.features.regex(" ")])
seen = ipywidgets.Label()
told = lambda _: setattr(seen, "value", f"Python sees {surface.neuron} and {surface.band}")
surface.selection.observe(told)
ipywidgets.VBox([surface, seen])
"""


@pytest.fixture(scope="module")
def acts():
    return named(SMALL)["acts"]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    with served(tmp_path_factory, "small", SMALL + SHOWN) as address:
        yield address


@pytest.fixture(scope="module")
def page(browser, small):
    with page_of(browser) as page:
        open_in_voila(page, small)
        wait_for_views(page, SURFACE)
        yield page


@pytest.fixture(autouse=True)
def afresh(request):
    """Each test starts with the flat picture of all frequencies."""
    if "page" in request.fixturenames and "small" in request.fixturenames:
        page = request.getfixturevalue("page")
        page.select_option(f"{SURFACE} select[name=mode]", "2d")
        wait_for_data(page, SURFACE, "mode", "2d")
        page.press(CANVAS, "Escape")
        page.press(CANVAS, "0")
        wait_for_data(page, SURFACE, "band", "")


def wait_for_value(page, handle, value):
    page.wait_for_function(
        "([handle, value]) => Math.abs(document.querySelector(handle).ariaValueNow - value) < 1e-5",
        arg=[handle, value],
    )


def place_of(page, neuron):
    """Where the mark of the neuron's peak is, on the canvas."""
    mark = next(mark for mark in data(page, SURFACE, "marks") if mark["peak"]["neuron"] == neuron)
    return {"x": mark["left"], "y": mark["top"]}


def test_a_listed_peak_chooses_its_neuron_and_band_and_gives_the_band_back(page, acts, small):
    peaks = data(page, SURFACE, "peaks")
    assert [peak["neuron"] for peak in peaks[:3]] == [4, 11, 30]
    peak = peaks[1]
    page.click(f"{PEAK}[data-neuron='11']")
    wait_for_data(page, SURFACE, "neuron", 11)
    assert_around(band_of(page), peak["frequency"], len(acts))
    page.wait_for_selector("text=Python sees 11 and (0.2")
    assert page.get_attribute(f"{PEAK}[data-neuron='11']", "aria-pressed") == "true"
    page.click(f"{PEAK}[data-neuron='11']")
    wait_for_data(page, SURFACE, "band", "")
    page.wait_for_selector("text=Python sees 11 and None")


def test_a_peak_chosen_by_keyboard_keeps_the_focus_and_the_band_before_it(page, small):
    page.fill(f"{SURFACE} input[name=low]", "0.2")
    page.press(f"{SURFACE} input[name=low]", "Tab")
    wait_for_data(page, SURFACE, "band", [0.2, 0.5])
    page.focus(f"{PEAK}[data-neuron='30']")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Python sees 30 and (0.49")
    assert page.evaluate("document.activeElement.dataset.neuron") == "30"
    page.keyboard.press("Enter")
    wait_for_data(page, SURFACE, "band", [0.2, 0.5])


def test_a_slow_drift_is_called_one(page, small):
    assert "slow drift" in page.inner_text(f"{PEAK}[data-neuron='4']")
    assert "slow drift" not in page.inner_text(f"{PEAK}[data-neuron='11']")


def test_a_peaks_mark_in_the_picture_does_what_the_list_does(page, acts, small):
    page.click(f"{PEAK}[data-neuron='11']")
    page.click(f"{PEAK}[data-neuron='11']")
    wait_for_data(page, SURFACE, "band", "")
    for mode in ("2d", "3d"):
        page.select_option(f"{SURFACE} select[name=mode]", mode)
        wait_for_data(page, SURFACE, "mode", mode)
        page.wait_for_timeout(600)
        page.click(CANVAS, position=place_of(page, 11))
        assert_around(band_of(page), 0.25, len(acts))
        page.wait_for_timeout(600)
        page.click(CANVAS, position=place_of(page, 11))
        wait_for_data(page, SURFACE, "band", "")
        assert data(page, SURFACE, "neuron") == 11


def test_the_bands_ends_are_sliders_for_the_keyboard(page, acts, small):
    bin_width = 1 / len(acts)
    page.focus(LOW)
    assert page.get_attribute(LOW, "role") == "slider"
    for key, low in (("ArrowRight", 1), ("PageUp", 11), ("ArrowLeft", 10), ("PageDown", 0), ("ArrowUp", 1)):
        page.keyboard.press(key)
        wait_for_value(page, LOW, low * bin_width)
    page.focus(HIGH)
    page.keyboard.press("ArrowLeft")
    wait_for_value(page, HIGH, 0.5 - bin_width)
    assert band_of(page) == pytest.approx([bin_width, 0.5 - bin_width])
    assert float(page.get_attribute(LOW, "aria-valuemax")) == pytest.approx(0.5 - bin_width, abs=1e-5)
    assert "period" in page.get_attribute(HIGH, "aria-valuetext")
    assert float(page.input_value(f"{SURFACE} input[name=high]")) == pytest.approx(0.5 - bin_width, abs=1e-4)
    page.keyboard.press("Home")
    wait_for_value(page, HIGH, bin_width)
    assert band_of(page) == pytest.approx([bin_width, bin_width])
    page.keyboard.press("Escape")
    wait_for_data(page, SURFACE, "band", "")


def test_the_bands_ends_are_dragged_and_a_double_click_clears_them(page, small):
    geometry = data(page, SURFACE, "geometry")
    page.locator(CANVAS).scroll_into_view_if_needed()
    for handle, share in ((LOW, 0.3), (HIGH, 0.6)):
        box = page.locator(handle).bounding_box()
        left = page.locator(CANVAS).bounding_box()["x"] + geometry["left"]
        start = left if handle == LOW else left + geometry["width"]
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        way = left + share * geometry["width"] - start
        page.mouse.move(box["x"] + box["width"] / 2 + way, box["y"] + box["height"] / 2, steps=6)
        page.mouse.up()
    page.wait_for_selector("text=and (0.1")
    assert band_of(page) == pytest.approx([0.15, 0.3], abs=0.006)
    page.dblclick(CANVAS, position={"x": geometry["left"] + 30, "y": geometry["centres"][0]})
    wait_for_data(page, SURFACE, "band", "")


def wait_for_view(page, fact):
    """Until something is true of the `start` and the `stop` of the frequencies in view."""
    page.wait_for_function(
        f"view => {{ const [start, stop] = JSON.parse(document.querySelector(view).dataset.view); return {fact}; }}",
        arg=SURFACE,
    )


def test_the_frequencies_zoom_by_keys_wheel_and_buttons(page, acts, small):
    whole = [0, len(acts) // 2 + 1]
    assert data(page, SURFACE, "view") == whole
    page.click(f"{PEAK}[data-neuron='11']")
    page.click(f"{PEAK}[data-neuron='11']")
    for _ in range(3):
        page.press(CANVAS, "+")
    wait_for_view(page, f"stop - start === {whole[1] / 8}")
    start, stop = data(page, SURFACE, "view")
    assert start < 0.25 * len(acts) < stop
    page.wait_for_function("view => document.querySelector(view).dataset.marks !== '[]'", arg=SURFACE)
    page.press(CANVAS, "ArrowRight")
    wait_for_view(page, f"start > {start}")
    page.click(f"{SURFACE} button:has-text('Show all')")
    wait_for_data(page, SURFACE, "view", whole)
    geometry = data(page, SURFACE, "geometry")
    corner = page.locator(CANVAS).bounding_box()
    page.mouse.move(corner["x"] + geometry["left"] + geometry["width"] * 0.9, corner["y"] + 60)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    wait_for_view(page, "start > 0")
    start, stop = data(page, SURFACE, "view")
    assert start < 0.45 * len(acts) < stop


def test_the_peaks_are_in_the_table(page, acts, small):
    page.click(f"{PEAK}[data-neuron='11']")
    page.click(f"{SURFACE} button:has-text('Show as table')")
    page.wait_for_selector(
        f"{SURFACE} td:text-is('of the chosen neuron'), {SURFACE} th:text-is('of the chosen neuron')"
    )
    rows = page.locator(f"{SURFACE} tbody tr").all_inner_texts()
    assert any("11" in row and "0.25" in row for row in rows)
    page.click(f"{SURFACE} button[aria-expanded=true]")


def test_the_picture_and_the_handles_are_named(page, small):
    page.click(FIRST_PEAK)
    label = page.get_attribute(CANVAS, "aria-label")
    assert "Amplitude spectra of" in label and "cycles per token" in label and "Enter" in label
    assert page.get_attribute(CANVAS, "role") == "img"
    assert page.get_attribute(LOW, "aria-label") != page.get_attribute(HIGH, "aria-label")


def test_the_keyboard_chooses_neuron_and_band_in_three_dimensions(page, small):
    page.select_option(f"{SURFACE} select[name=mode]", "3d")
    wait_for_data(page, SURFACE, "mode", "3d")
    page.press(CANVAS, "Home")
    wait_for_data(page, SURFACE, "neuron", data(page, SURFACE, "rows")[0])
    page.press(CANVAS, "Shift+ArrowDown")
    wait_for_data(page, SURFACE, "neuron", data(page, SURFACE, "rows")[1])
    page.press(CANVAS, "Enter")
    band_of(page)
    page.press(CANVAS, "Escape")
    wait_for_data(page, SURFACE, "band", "")


@pytest.mark.parametrize("width", [360, 800])
def test_names_in_three_dimensions_are_whole_at_every_width(browser, small, width):
    with page_of(browser, size={"width": width, "height": 800}) as page:
        page.add_init_script(SCRIPT)
        open_in_voila(page, small)
        wait_for_views(page, SURFACE)
        page.select_option(f"{SURFACE} select[name=mode]", "3d")
        wait_for_data(page, SURFACE, "mode", "3d")
        page.wait_for_selector(f"{SURFACE}[data-detail]:not([data-detail=''])")
        labels = labels_of(page)
        texts = [label["text"] for label in labels]
        assert ("Frequency (cycles per token)" if width == 800 else "Frequency") in texts
        assert {"Neuron", "Amplitude |F|"} <= set(texts)
        assert_whole(labels, page.locator(CANVAS).bounding_box())
