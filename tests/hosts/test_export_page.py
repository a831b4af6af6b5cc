"""What `to_html` writes opens from disk, with no kernel and no network, and works as in the notebook."""

import ipywidgets
import numpy as np
import pytest

import rnn_widgets as rw
from tests.hosts.axe import assert_accessible, assert_all_accessible
from tests.hosts.exported import opened
from tests.hosts.pages import VIEWS, data, screenshot, wait_for_data, wait_for_views
from tests.hosts.without_kernel import assert_a_pattern_needs_the_kernel, assert_choosing_goes_on

TEXT, HEATMAP, SURFACE = ".rw-text-highlighter", ".rw-relevance-heatmap", ".rw-fourier-surface"
SPACES, ENDS = rw.features.regex(" "), rw.features.regex("[.?!]")


@pytest.fixture(scope="module")
def exported(acts, tmp_path_factory):
    path = tmp_path_factory.mktemp("exported") / "page.html"
    explorer = rw.explore(acts, features=[SPACES, ENDS])
    summary = rw.to_html(explorer, path, title="Spaces & ends of <sentences>")
    yield summary
    explorer.close()


@pytest.fixture(scope="module")
def page(browser, exported):
    with opened(browser, exported.path) as page:
        yield page


def test_the_packaged_demo_takes_less_than_eight_megabytes(exported):
    assert exported.left_out == ()
    assert exported.size == exported.path.stat().st_size < 8_000_000
    assert repr(exported) == f"{exported.path} ({exported.size / 1e6:.1f} MB, with everything)"


def test_it_has_a_title_and_landmarks(page):
    assert page.title() == page.inner_text("h1") == "Spaces & ends of <sentences>"
    for landmark in ("banner", "main", "contentinfo"):
        assert page.get_by_role(landmark).count() == 1
    assert "needs the notebook and its kernel" in page.inner_text("header")
    page.click("summary")
    page.wait_for_selector("footer pre >> text=@jupyter-widgets/html-manager")
    assert "bqplot" in page.inner_text("footer pre")
    page.click("summary")


def test_it_shows_what_python_computes(page, acts):
    wait_for_data(page, HEATMAP, "proposed", rw.relevance(acts, SPACES).top(4))
    assert data(page, HEATMAP, "columns") == int(SPACES.mask(acts.text).sum())
    assert page.locator(".bqplot path.line").count() >= 2


def test_choosing_sorting_zooming_and_marking_go_on(browser, exported, acts):
    with opened(browser, exported.path) as page:
        assert_choosing_goes_on(page, acts)
        assert_a_pattern_needs_the_kernel(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_the_page_nor_in_any_view(browser, exported, dark):
    with opened(browser, exported.path, dark=dark) as page:
        wait_for_data(page, TEXT, "theme", "dark" if dark else "light")
        assert_accessible(page)
        assert_all_accessible(page)


def test_the_companions_brush_chooses_the_band(page):
    figure = page.locator(".rw-neuron .bqplot").nth(1)
    figure.scroll_into_view_if_needed()
    box = figure.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.5, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, y, steps=8)
    page.mouse.up()
    page.wait_for_function(f"() => document.querySelector('{SURFACE}').dataset.band")
    low, high = data(page, SURFACE, "band")
    assert 0.1 < low < high <= 0.5
    assert all(low <= peak["frequency"] <= high for peak in data(page, SURFACE, "peaks"))


def test_it_follows_the_systems_theme(browser, exported, tmp_path):
    for dark in (False, True):
        with opened(browser, exported.path, dark=dark) as page:
            assert {page.get_attribute(view, "data-theme") for view in VIEWS} == {"dark" if dark else "light"}
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert (sum(map(int, ground[4:-1].split(","))) < 128) == dark
            screenshot(page, tmp_path / f"page-{dark}.png")


def test_any_layout_works_with_links_and_controls(browser, tmp_path):
    tokens = list("one fish, two fish. ") * 6
    values = np.random.default_rng(0).uniform(-1, 1, (len(tokens), 12))
    acts, other = (rw.Activations.from_arrays(tokens, values * sign) for sign in (1, -1))
    heatmap, text = rw.RelevanceHeatmap(acts, features=[SPACES]), rw.TextHighlighter(other)
    slider = ipywidgets.IntSlider(value=3, max=11, description="Neuron")
    ipywidgets.jslink((slider, "value"), (heatmap.selection, "neuron"))
    ipywidgets.jslink((slider, "value"), (text.selection, "neuron"))
    tabs = ipywidgets.Tab([ipywidgets.VBox([slider, heatmap]), text], titles=["map", "text"])
    path = rw.to_html(tabs, tmp_path / "tabs.html").path
    with opened(browser, path, HEATMAP) as page:
        slider_handle = page.get_by_role("slider")
        slider_handle.focus()
        slider_handle.press("ArrowRight")
        wait_for_data(page, HEATMAP, "neuron", 4)
        page.get_by_role("tab", name="text").or_(page.locator(".lm-TabBar-tab", has_text="text")).first.click()
        wait_for_views(page, TEXT)
        wait_for_data(page, TEXT, "neuron", 4)


HOSTILE = ["</script>", "<!--", "<script>", "\u2028", "\u2029", "<img src=x onerror=alert(1)>", "\x00", "&lt;", "]]>"]


def test_hostile_tokens_stay_text(browser, tmp_path):
    tokens = [*HOSTILE, " "] * 5
    values = np.random.default_rng(0).uniform(-1, 1, (len(tokens), 5))
    feature = rw.features.where(lambda token: token == HOSTILE[0], name="</script><script>alert(1)</script>")
    view = rw.TextHighlighter(rw.Activations.from_arrays(tokens, values), features=[feature])
    path = rw.to_html(view, tmp_path / "hostile.html", title="</title><script>alert(2)</script>").path
    with opened(browser, path, TEXT) as page:
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        assert page.title() == "</title><script>alert(2)</script>"
        assert page.locator(f"{TEXT} img, main script").count() == 0
        assert "</script>" in page.inner_text(TEXT)
        assert page.get_attribute(TEXT, "data-feature") == feature.name
