"""What each view offers beside following: layers, bands, peaks, turning, keys, themes, in a real browser."""

import nbformat
import numpy as np
import pytest

import rnn_widgets as rw
from tests.hosts.pages import data, open_in_voila, page_of, wait_for_data, wait_for_views
from tests.hosts.servers import voila

TEXT, HEATMAP, SURFACE, TOOLBAR = ".rw-text-highlighter", ".rw-relevance-heatmap", ".rw-fourier-surface", ".rw-toolbar"

RECORDED = """
import numpy as np
import rnn_widgets as rw

tokens = list("It was a dark, stormy night;\\nthe rain fell in torrents. <b>&amp;</b> ") * 4
time = np.arange(len(tokens))
noise = np.random.default_rng(0)
lower, upper, gate = (0.2 * noise.uniform(-1, 1, (len(tokens), size)) for size in (40, 24, 24))
lower[:, 11] += 0.7 * np.sin(2 * np.pi * 0.25 * time)
upper[:, 5] += [0.8 if token == " " else -0.3 for token in tokens]
gate[:, 7] += 0.6 * (-1.0) ** time
values = {("hidden", 0): lower, ("hidden", 1): upper, ("input_gate", 1): abs(gate)}
acts = rw.Activations.from_arrays(tokens, values)
space = rw.features.regex(" ")
"""

SHOWN = """
import time as clock

import ipywidgets

explorer = rw.explore(acts, features=[space, rw.features.everything()])
seen, nap = ipywidgets.Label(), ipywidgets.Button(description="Be busy")
nap.on_click(lambda _: clock.sleep(3))
nap.on_click(lambda _: setattr(nap, "description", "Not busy"))
explorer.selection.observe(lambda _: setattr(seen, "value", f"Python sees the band {explorer.selection.band}"))
ipywidgets.VBox([explorer, seen, nap])
"""


@pytest.fixture(scope="module")
def acts():
    names: dict[str, object] = {}
    exec(RECORDED, names)
    return names["acts"]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("views")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(RECORDED + SHOWN)])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, folder / "views.ipynb")
    with voila(folder / "views.ipynb", folder / "server") as address:
        yield address


@pytest.fixture(scope="module")
def page(browser, address):
    with page_of(browser) as page:
        open_in_voila(page, address)
        wait_for_views(page)
        yield page


def choose_layer(page, layer):
    page.select_option(f"{TOOLBAR} select[name=layer]", str(layer))
    for view in (TEXT, HEATMAP, SURFACE):
        wait_for_data(page, view, "layer", layer)
    wait_for_views(page)


def type_band(page, low, high):
    for name, value in (("low", low), ("high", high)):
        page.fill(f"{SURFACE} input[name={name}]", str(value))
        page.press(f"{SURFACE} input[name={name}]", "Tab")


def assert_peaks(page, acts, layer, band=None):
    shown = data(page, SURFACE, "peaks")
    computed = rw.spectrum(acts, layer=layer).peaks(band=band, n=5)
    assert [peak["neuron"] for peak in shown] == [peak.neuron for peak in computed]
    assert [peak["frequency"] for peak in shown] == pytest.approx([peak.frequency for peak in computed])


def test_the_last_layer_is_shown_first_and_another_can_be_chosen(page, acts):
    assert data(page, HEATMAP, "layer") == 1
    space = rw.features.regex(" ")
    assert data(page, HEATMAP, "proposed") == rw.relevance(acts, space, layer=1).top(4)
    choose_layer(page, 0)
    wait_for_data(page, HEATMAP, "proposed", rw.relevance(acts, space, layer=0).top(4))
    assert_peaks(page, acts, 0)
    strongest = data(page, SURFACE, "peaks")[0]
    assert (strongest["neuron"], strongest["frequency"]) == (11, pytest.approx(0.25, abs=0.01))
    choose_layer(page, 1)


def test_a_typed_band_limits_the_peaks_and_python_knows(page, acts):
    type_band(page, 0.3, 0.42)
    page.wait_for_selector("text=Python sees the band (0.3, 0.42)")
    wait_for_data(page, SURFACE, "band", [0.3, 0.42])
    assert_peaks(page, acts, 1, (0.3, 0.42))
    page.click(f"{SURFACE} button:has-text('All frequencies')")
    wait_for_data(page, SURFACE, "band", "")
    page.wait_for_selector("text=Python sees the band None")


def test_a_drag_over_the_flat_surface_chooses_the_band(page):
    geometry = data(page, SURFACE, "geometry")
    canvas = page.locator(f"{SURFACE} canvas")
    canvas.scroll_into_view_if_needed()
    corner = canvas.bounding_box()
    place = [corner["x"] + geometry["left"] + share * geometry["width"] for share in (0.2, 0.4)]
    height = corner["y"] + geometry["centres"][0]
    page.mouse.move(place[0], height)
    page.mouse.down()
    page.mouse.move(place[1], height, steps=5)
    page.mouse.up()
    page.wait_for_selector("text=Python sees the band (0.")
    page.wait_for_selector(f"{SURFACE}[data-band^='[0.']")
    assert data(page, SURFACE, "band") == pytest.approx([0.1, 0.2], abs=0.01)
    canvas.press("Escape")
    page.wait_for_selector("text=Python sees the band None")


def brush_spectrum(page, first, last):
    """Drags over the companion's spectrum, from one share of its width to another."""
    overlay = page.locator(".bqplot .overlay").last
    overlay.scroll_into_view_if_needed()
    corner = overlay.bounding_box()
    height = corner["y"] + corner["height"] / 2
    page.mouse.move(corner["x"] + first * corner["width"], height)
    page.mouse.down()
    page.mouse.move(corner["x"] + last * corner["width"], height, steps=8)
    page.mouse.up()
    page.wait_for_selector(f"{SURFACE}[data-band^='[0.']")


def test_a_brush_over_the_companions_spectrum_chooses_the_band(page):
    brush_spectrum(page, 0.6, 0.8)
    assert data(page, SURFACE, "band") == pytest.approx([0.3, 0.4], abs=0.02)
    page.click(f"{SURFACE} button:has-text('All frequencies')")
    wait_for_data(page, SURFACE, "band", "")


def test_a_band_that_was_given_up_while_python_was_busy_does_not_come_back(page):
    page.click("button:has-text('Be busy')")
    brush_spectrum(page, 0.2, 0.4)
    page.click(f"{SURFACE} button:has-text('All frequencies')")
    wait_for_data(page, SURFACE, "band", "")
    page.wait_for_selector("button:has-text('Not busy')")
    page.wait_for_selector("text=Python sees the band None")
    page.wait_for_timeout(500)
    assert data(page, SURFACE, "band") is None
    assert page.locator(".bqplot .selection").last.is_hidden()


def test_a_click_on_a_listed_peak_and_on_a_row_select_their_neuron(page):
    neuron = data(page, SURFACE, "peaks")[1]["neuron"]
    page.click(f"{SURFACE} .rw-peak[data-neuron='{neuron}']")
    wait_for_data(page, HEATMAP, "neuron", neuron)
    geometry, rows = data(page, SURFACE, "geometry"), data(page, SURFACE, "rows")
    row = next(index for index, shown in enumerate(rows) if shown != neuron)
    canvas = page.locator(f"{SURFACE} canvas")
    canvas.scroll_into_view_if_needed()
    canvas.click(position={"x": geometry["left"] + 40, "y": geometry["centres"][row]})
    wait_for_data(page, TEXT, "neuron", rows[row])


def test_the_surface_stands_up_in_three_dimensions_and_turns_by_keys(page):
    canvas = page.locator(f"{SURFACE} canvas")
    page.select_option(f"{SURFACE} select[name=mode]", "3d")
    wait_for_data(page, SURFACE, "mode", "3d")
    assert page.locator(f"{SURFACE} .rw-message").is_hidden()
    page.wait_for_timeout(300)
    before = canvas.screenshot()
    canvas.press("ArrowRight")
    page.wait_for_timeout(300)
    assert canvas.screenshot() != before
    page.select_option(f"{SURFACE} select[name=mode]", "2d")
    wait_for_data(page, SURFACE, "mode", "2d")


def test_gates_have_a_one_sided_scale_and_states_a_two_sided_one(page):
    def limits():
        return page.locator(f"{TEXT} .rw-legend").inner_text().split()

    assert limits()[1:] == ["\u22121", "1"]
    page.select_option(f"{TOOLBAR} select[name=signal]", "input_gate")
    wait_for_data(page, TEXT, "signal", "input_gate")
    assert limits()[1:] == ["0", "1"]
    page.select_option(f"{TOOLBAR} select[name=signal]", "hidden")
    wait_for_data(page, TEXT, "signal", "hidden")


def test_a_feature_of_every_token_says_why_nothing_is_relevant(page):
    page.select_option(f"{TOOLBAR} select[name=feature]", "everything")
    page.wait_for_selector(f"{HEATMAP} >> text=there is nothing to compare with")
    page.select_option(f"{TOOLBAR} select[name=feature]", rw.features.regex(" ").name)


def test_arrow_keys_move_the_token(page, acts):
    page.click(f"{TEXT} [data-token='3']")
    wait_for_data(page, TEXT, "token", 3)
    page.keyboard.press("Tab")
    page.locator(f"{TEXT} .rw-text").press("ArrowRight")
    wait_for_data(page, HEATMAP, "token", 4)


def test_a_tooltip_tells_token_neuron_and_value(page, acts):
    neuron = data(page, TEXT, "neuron")
    page.hover(f"{TEXT} [data-token='7']")
    told = page.inner_text(f"{TEXT} .rw-tooltip")
    assert f"Token 7: \u201c{acts.tokens[7]}\u201d" in told and f"Neuron {neuron}" in told
    assert float(told.split(":")[-1].replace("\u2212", "-")) == pytest.approx(acts["hidden", 1][7, neuron], abs=1e-3)


def test_text_is_shown_as_text_and_never_as_markup(page, acts):
    spans = page.locator(f"{TEXT} [data-token]")
    shown = dict(spans.evaluate_all("spans => spans.map(span => [Number(span.dataset.token), span.textContent])"))
    assert "".join(shown[token] for token in sorted(shown)).count("<b>&amp;</b>") >= 1
    assert page.locator(f"{TEXT} b").count() == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_token_is_readable_in_both_themes(browser, address, dark):
    with page_of(browser, dark=dark) as page:
        open_in_voila(page, address, dark=dark)
        wait_for_views(page)
        wait_for_data(page, TEXT, "theme", "dark" if dark else "light")
        colours = page.eval_on_selector_all(
            f"{TEXT} [data-token]",
            "spans => spans.map(span => [getComputedStyle(span).color, getComputedStyle(span).backgroundColor])",
        )
    assert len(colours) > 100
    assert min(contrast(*pair) for pair in colours) >= 4.5


def contrast(one, other):
    low, high = sorted(luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(colour):
    parts = np.array([float(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
