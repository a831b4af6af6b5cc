"""Surfaces in three dimensions and of large recordings: detail, graphics lost and given back, filling in."""

import json

import pytest

import rnn_widgets as rw
from tests.hosts.pages import data, open_in_voila, page_of, wait_for_data, wait_for_views
from tests.hosts.surface_pages import CANVAS, PEAK, SMALL, SURFACE, assert_around, band_of, named, served

WIDE = """
noise = np.random.default_rng(1).uniform(-1, 1, (1022, 1024))
noise[:, 700] += 3 * np.sin(2 * np.pi * 200 / 1022 * np.arange(1022))
wide = rw.Activations.from_arrays(["a"] * 1022, noise)
solid = rw.FourierSurface(wide, mode="3d", rows="all", neuron=700)
more = ipywidgets.Button(description="Thirty more")
close = ipywidgets.Button(description="Close all")
others = ipywidgets.VBox()
added = []


def add(_):
    added.extend(rw.FourierSurface(acts, mode="3d", height=200 + 4 * number) for number in range(30))
    others.children = added


def close_all(_):
    for view in [solid, *added]:
        view.close()


more.on_click(add)
close.on_click(close_all)
ipywidgets.VBox([more, close, solid, others])
"""

LARGE = """
import numpy as np
import rnn_widgets as rw

time = np.arange(50_000)
values = 0.2 * np.random.default_rng(0).standard_normal((50_000, 512), np.float32)
values[:, 100] += 0.4 * np.sin(2 * np.pi * 0.2 * time)
values[:, 333] += 0.3 * np.sin(2 * np.pi * 0.20004 * time)
large = rw.Activations.from_arrays(["a"] * 50_000, values)
"""

WATCHED = """
window.contexts = [];
const made = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, options) {
  const context = made.call(this, kind, options);
  if (kind === "webgl2" && context && !window.contexts.includes(context)) window.contexts.push(context);
  return context;
};
window.details = [];
new MutationObserver((changes) => {
  for (const { target } of changes) window.details.push(target.dataset.detail);
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-detail"] });
"""


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    with served(tmp_path_factory, "wide", SMALL + WIDE) as address:
        yield address


@pytest.fixture(scope="module")
def solid(browser, wide):
    with page_of(browser) as page:
        page.add_init_script(WATCHED)
        open_in_voila(page, wide)
        wait_for_views(page, SURFACE)
        wait_for_data(page, SURFACE, "detail", "1024x512")
        yield page


def turn(page, key):
    """Turns the surface, which is drawn coarsely, and waits until it stands still and is drawn in full."""
    page.evaluate("details.length = 0")
    page.press(CANVAS, key)
    page.wait_for_function("details.includes('256x256') && details.at(-1) === '1024x512'")


def living(page):
    return page.evaluate("contexts.filter(context => !context.isContextLost()).length")


def covered(page, index=0):
    """How many pixels of a picture the surface covers, and what is drawn over it."""
    return page.evaluate(
        """([selector, index]) => {
          const canvas = document.querySelectorAll(selector)[index];
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let count = 0;
          for (let at = 3; at < data.length; at += 4) if (data[at] === 255) count++;
          return count;
        }""",
        [CANVAS, index],
    )


def test_a_large_surface_is_coarse_while_it_turns_and_full_when_still(solid):
    turn(solid, "ArrowRight")
    assert covered(solid) > 10_000


def test_a_saved_picture_has_the_surface_as_an_image_and_its_axes_as_text(solid):
    with solid.expect_download() as saved:
        solid.click(f"{SURFACE} button:text-is('SVG')")
    picture = saved.value.path().read_text()
    assert picture.count("<image") == 1
    for text in ("Frequency (cycles per token)", "Neuron", "Amplitude |F|", "700: "):
        assert text in picture


def test_the_graphics_come_back_by_themselves_after_they_were_lost(solid):
    before = covered(solid)
    solid.evaluate("window.loss = contexts[0].getExtension('WEBGL_lose_context'); loss.loseContext()")
    solid.wait_for_function("contexts[0].isContextLost()")
    solid.evaluate("loss.restoreContext()")
    solid.wait_for_function("!contexts[0].isContextLost()")
    solid.wait_for_selector(f"{SURFACE} .rw-message", state="hidden")
    turn(solid, "ArrowLeft")
    assert covered(solid) == pytest.approx(before, rel=0.2)
    assert living(solid) == 1


def test_graphics_that_do_not_come_back_are_asked_for_anew(solid):
    made = solid.evaluate("contexts.length")
    solid.evaluate("details.length = 0; contexts.at(-1).getExtension('WEBGL_lose_context').loseContext()")
    solid.press(CANVAS, "ArrowRight")
    solid.wait_for_selector(f"{SURFACE} >> text=comes back by itself")
    solid.wait_for_selector(f"{SURFACE} .rw-message", state="hidden")
    assert solid.evaluate("contexts.length") == made + 1
    solid.wait_for_function("details.at(-1) === '1024x512'")
    assert living(solid) == 1


def test_thirty_surfaces_share_one_context_and_leave_none_behind(solid):
    made = solid.evaluate("contexts.length")
    solid.click("text=Thirty more")
    solid.wait_for_function(
        "view => [...document.querySelectorAll(view)].filter(node => node.dataset.detail).length === 31", arg=SURFACE
    )
    solid.wait_for_timeout(500)
    assert living(solid) == 1
    assert solid.evaluate("contexts.length") == made
    assert all(covered(solid, index) > 2_000 for index in (0, 1, 15, 30))
    solid.click("text=Close all")
    solid.wait_for_function("view => document.querySelectorAll(view).length === 0", arg=SURFACE)
    assert living(solid) == 0
    assert solid.evaluate("contexts.at(-1).canvas.width") == 0


@pytest.fixture(scope="module")
def recorded():
    return named(LARGE)["large"]


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    with served(tmp_path_factory, "large", LARGE + "rw.FourierSurface(large)") as address:
        yield address


def test_spectra_of_a_large_recording_fill_in_and_are_exact_where_numbers_are_shown(browser, large, recorded):
    with page_of(browser) as page:
        seen = []

        def progressed(text):
            seen.append(text)

        page.expose_function("progressed", progressed)
        page.add_init_script(
            """new MutationObserver(() => {
              const words = document.querySelector(".rw-progress-words");
              if (words?.checkVisibility() && words.textContent) window.progressed(words.textContent);
            }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });"""
        )
        open_in_voila(page, large)
        wait_for_data(page, SURFACE, "done", 512)
        wait_for_views(page, SURFACE)
        assert any("of 512 neurons are ready" in text for text in seen)
        assert page.locator(f"{SURFACE} .rw-progress").is_hidden()
        expected = rw.spectrum(recorded).peaks(n=5)
        page.wait_for_function(
            f"() => JSON.parse(document.querySelector('{SURFACE}').dataset.peaks)[0].frequency === 0.2"
        )
        shown = data(page, SURFACE, "peaks")
        assert [peak["neuron"] for peak in shown[:2]] == [peak.neuron for peak in expected[:2]] == [100, 333]
        for peak, computed in zip(shown[:2], expected, strict=False):
            assert peak["frequency"] == pytest.approx(computed.frequency, abs=1e-9)
            assert peak["amplitude"] == pytest.approx(computed.amplitude, rel=1e-3)
        page.click(f"{PEAK}[data-neuron='333']")
        assert_around(band_of(page), expected[1].frequency, len(recorded))
        for _ in range(12):
            page.press(CANVAS, "+")
        page.wait_for_function(
            """view => {
              const [start, stop] = JSON.parse(document.querySelector(view).dataset.view);
              return stop - start < 9;
            }""",
            arg=SURFACE,
        )
        start, stop = data(page, SURFACE, "view")
        assert start < expected[1].frequency * len(recorded) < stop
        assert json.loads(page.get_attribute(SURFACE, "data-marks"))
