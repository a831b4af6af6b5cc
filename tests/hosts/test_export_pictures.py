"""Pictures for papers: PNG and SVG of each view, from Python and from the buttons below it."""

import struct
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

import rnn_widgets as rw
from tests.hosts.exported import opened

SVG = "{http://www.w3.org/2000/svg}"
SPACES = rw.features.regex(" ")
VIEWS = {
    "text": (rw.TextHighlighter, ".rw-text-highlighter", ["call", "Activation"]),
    "heatmap": (rw.RelevanceHeatmap, ".rw-relevance-heatmap", ["Neuron", "Relevance", 'Token (feature: " ")']),
    "surface": (rw.FourierSurface, ".rw-fourier-surface", ["Neuron", "Frequency (cycles per token)"]),
}


@pytest.fixture(scope="module")
def recorded():
    tokens = ["call", " ", "me", " ", "Ish<mael>&", "."] * 20
    values = np.random.default_rng(0).uniform(-1, 1, (len(tokens), 16))
    return rw.Activations.from_arrays(tokens, values)


@pytest.fixture(scope="module", params=VIEWS)
def shown(request, recorded):
    kind, selector, words = VIEWS[request.param]
    view = kind(recorded, features=[SPACES], neuron=3)
    yield view, selector, words
    view.close()


def texts_of(svg):
    tree = ElementTree.fromstring(svg)
    assert tree.tag == f"{SVG}svg"
    assert float(tree.get("width")) > 300 and float(tree.get("height")) > 100
    return tree, [text for element in tree.iter(f"{SVG}text") for text in element.itertext()]


def size_of(png):
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


def test_svg_has_axes_and_labels_as_text(shown, tmp_path):
    view, _, words = shown
    path = rw.to_svg(view, tmp_path / "picture.svg", width=700)
    tree, texts = texts_of(path.read_bytes())
    for word in words:
        assert any(word in text for text in texts), word
    assert 500 < float(tree.get("width")) <= 700
    assert "file:" not in path.read_text() and "blob:" not in path.read_text()


def test_png_has_the_size_asked_for_and_both_themes_differ(shown, tmp_path):
    view, _, _ = shown
    once = rw.to_png(view, tmp_path / "once.png", width=600, scale=1).read_bytes()
    twice = rw.to_png(view, tmp_path / "twice.png", width=600, scale=2, theme="dark").read_bytes()
    (width, height), (double_width, double_height) = size_of(once), size_of(twice)
    assert 400 < width <= 600 and height > 100
    assert abs(double_width - 2 * width) <= 2 and abs(double_height - 2 * height) <= 2


def test_height_is_that_of_the_plot(recorded, tmp_path):
    view = rw.FourierSurface(recorded, features=[SPACES])
    heights = [
        float(
            ElementTree.fromstring(rw.to_svg(view, tmp_path / f"{height}.svg", height=height).read_bytes()).get(
                "height"
            )
        )
        for height in (300, 600)
    ]
    assert heights[1] - heights[0] == pytest.approx(300, abs=2)
    view.close()


def test_buttons_save_what_is_on_screen(browser, shown, tmp_path):
    view, selector, words = shown
    path = rw.to_html(view, tmp_path / "page.html").path
    with opened(browser, path, selector) as page:
        for kind in ("PNG", "SVG"):
            with page.expect_download() as started:
                page.click(f"{selector} .rw-tools >> text={kind}")
            saved = started.value
            assert saved.suggested_filename == f"{selector[4:]}-hidden-layer-0-neuron-3.{kind.lower()}"
            content = saved.path().read_bytes()
            if kind == "PNG":
                assert size_of(content)[0] > 600
            else:
                assert any(words[0] in text for text in texts_of(content)[1])


def test_a_picture_without_a_browser_is_explained(recorded, tmp_path, monkeypatch):
    view = rw.TextHighlighter(recorded)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("rnn_widgets.widgets.export.browser.PLACES", ())
    with pytest.raises(FileNotFoundError, match="there is none: install Chromium, Chrome or Edge"):
        rw.to_png(view, tmp_path / "picture.png")
    view.close()


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"width": 10}, "width is a number from 200 to 8000, got 10"),
        ({"height": 5}, "height is a number from 60"),
        ({"scale": 0}, "scale is a number from 0.1"),
        ({"scale": float("nan")}, "scale is a number"),
        ({"theme": "pink"}, 'theme is "light" or "dark"'),
    ],
)
def test_a_size_or_theme_that_is_not_valid_is_explained(recorded, tmp_path, options, error):
    view = rw.TextHighlighter(recorded)
    with pytest.raises(ValueError, match=error):
        rw.to_png(view, tmp_path / "picture.png", **options)
    view.close()


def test_a_picture_is_of_one_view(recorded, tmp_path):
    explorer = rw.explore(recorded, features=[SPACES])
    with pytest.raises(TypeError, match=r"for example explorer\.heatmap\), got Explorer"):
        rw.to_svg(explorer, tmp_path / "picture.svg")
    explorer.close()
