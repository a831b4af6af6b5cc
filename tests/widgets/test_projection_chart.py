"""What the pictures of states, words and groups give to the browser, and what they leave behind."""

import struct
import zlib

import ipywidgets
import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances
from traitlets import TraitError

import rnn_widgets as rw
from rnn_widgets.widgets.png import png
from tests.widgets.decoding import decode

WORDS = ["<unk>", " ", "\n", "\x01", "sea", "whale", "<b>", "ship"]


@pytest.fixture
def embedding():
    return rw.project_embedding(np.random.default_rng(0).normal(size=(len(WORDS), 5)), WORDS)


def driver(chart):
    return chart.children[0]


def pixels_of(image):
    """The pixels (rows, columns, 4) of a PNG that `png` wrote."""
    data = bytes(image.value)
    columns, rows = struct.unpack(">2I", data[16:24])
    (length,) = struct.unpack(">I", data[33:37])
    lines = np.frombuffer(zlib.decompress(data[41 : 41 + length]), np.uint8).reshape(rows, 1 + 4 * columns)
    return lines[:, 1:].reshape(rows, columns, 4)


def test_the_browser_gets_the_coordinates_of_every_token_and_labelled_axes(acts):
    chart = rw.ProjectionChart(acts, token=5)
    expected = rw.project(acts)
    np.testing.assert_allclose(decode(driver(chart).coordinates), expected.coordinates.T, atol=1e-5)
    assert decode(driver(chart).sample)[0].tolist() == list(range(len(acts)))
    for axis, share, number in zip(chart.figure.axes, expected.explained, (1, 2), strict=True):
        assert axis.label == f"component {number} ({100 * share:.0f} % of variance)"
    left, right, low, high = driver(chart).limits
    x, y = expected.coordinates.T
    assert left < x.min() < x.max() < right and low < y.min() < y.max() < high
    assert chart.selection.token == 5


def test_of_a_long_text_a_random_sample_is_shown_the_same_each_time(make_acts):
    acts = make_acts(tokens=["a", "b"] * 150)
    samples = [decode(driver(rw.ProjectionChart(acts, tokens=40)).sample)[0].tolist() for _ in range(2)]
    assert samples[0] == samples[1] == sorted(set(samples[0])) and len(samples[0]) == 40
    assert 5 < sum(token % 2 for token in samples[0]) < 35
    with pytest.raises(ValueError, match="at least 1"):
        rw.ProjectionChart(acts, tokens=0)


@pytest.mark.parametrize("make", [rw.ProjectionChart, rw.GroupsChart])
def test_the_pictures_follow_the_signal_and_the_layer_until_they_are_closed(make_acts, make):
    acts = make_acts(layers=(6, 4))
    chart = make(acts)
    caption = driver(chart)
    assert (caption.shown_signal, caption.shown_layer) == ("hidden", 1)
    chart.selection.signal, chart.selection.layer = "cell", 0
    assert (caption.shown_signal, caption.shown_layer) == ("cell", 0)
    if make is rw.ProjectionChart:
        np.testing.assert_allclose(decode(caption.coordinates), rw.project(acts, "cell", 0).coordinates.T, atol=1e-5)
    else:
        assert decode(caption.order)[0].tolist() == rw.groups(acts, "cell", 0).order.tolist()
    selection = rw.Selection()
    closed = make(acts, selection=selection)
    closed.close()
    selection.layer = 0
    assert driver(closed).shown_layer == 1


def test_a_layer_of_one_neuron_is_shown_on_a_line(make_acts):
    chart = rw.ProjectionChart(make_acts(layers=(1,)))
    assert not decode(driver(chart).coordinates)[1].any()
    assert chart.figure.axes[1].label == "component 2 (0 % of variance)"


def test_the_picture_of_groups_shows_each_correlation_where_its_neurons_stand(acts):
    chart = rw.GroupsChart(acts, n=3)
    found, (image, above, within, borders, *_) = chart.groups, chart.figure.marks
    pixels = pixels_of(image.image)
    r = found.correlations[np.ix_(found.order, found.order)]
    np.testing.assert_allclose((pixels[..., 3] / 255.0) ** 2, np.abs(r), atol=0.01)
    orange, blue = pixels[0, 0, :3].tolist(), pixels[np.unravel_index(r.argmin(), r.shape)][:3].tolist()
    assert orange[0] > orange[2] and blue[0] < blue[2]
    assert len(above.x) + len(within.x) == len(found.linkage) and len(above.x) == len(found) - 1
    assert borders.x.min() == 0 and borders.x.max() == len(found.order) == 6
    sizes = np.diff(np.sort(borders.x, axis=1)[:, [0, -1]], axis=1).ravel()
    assert sizes.tolist() == [len(found.members(group)) for group in range(3)]


def test_the_browser_is_told_which_neurons_are_most_alike(acts):
    chart = rw.GroupsChart(acts)
    nearest = decode(driver(chart).nearest)
    sizes = np.abs(np.corrcoef(acts["hidden"].T)) - 2 * np.eye(6)
    for neuron in range(6):
        best = np.argsort(-sizes[neuron])[:3]
        assert nearest[neuron, :3].tolist() == best.tolist()
        np.testing.assert_allclose(np.abs(nearest[neuron, 3:]), sizes[neuron, best], atol=1e-5)


@pytest.mark.parametrize("still", [1, 5, 6])
def test_neurons_that_never_change_are_not_in_the_picture(still):
    values = np.random.default_rng(0).normal(size=(50, 6))
    values[:, :still] = 0.5
    chart = rw.GroupsChart(rw.Activations.from_arrays(["a"] * 50, values))
    moving = 6 - still
    assert chart.figure.marks[0].x.tolist() == [0, max(1, moving)]
    assert pixels_of(chart.figure.marks[0].image).shape[0] == max(1, moving)
    assert decode(driver(chart).labels)[0].tolist()[:still] == [-1] * still
    assert (decode(driver(chart).nearest)[:still, :3] == -1).all()
    chart.close()


def test_a_tree_as_deep_as_it_has_leaves_is_drawn():
    common = np.random.default_rng(0).normal(size=300)
    noise = np.random.default_rng(1).normal(size=(300, 1200))
    acts = rw.Activations.from_arrays(["a"] * 300, common[:, None] + noise * np.geomspace(0.01, 3, 1200))
    chart = rw.GroupsChart(acts, n=4)
    assert pixels_of(chart.figure.marks[0].image).shape == (600, 600, 4)
    chart.close()


def test_a_png_holds_the_pixels():
    pixels = np.random.default_rng(0).integers(0, 256, (3, 5, 4), np.uint8)
    np.testing.assert_array_equal(pixels_of(ipywidgets.Image(value=png(pixels))), pixels)


def test_the_commonest_words_are_named_apart_and_with_signs_for_what_is_not_seen(embedding):
    others, commonest, names = rw.EmbeddingChart(embedding, named=6).figure.marks
    shown = dict(zip(names.text.tolist(), names.x, strict=True))
    signs = ["<unk>", "␣", "¶", "\\x01", "sea", "whale"]
    assert "<unk>" in shown and set(shown) <= set(signs)
    assert sorted([*others.names, *commonest.names]) == sorted([*signs, "<b>", "ship"])
    assert shown["<unk>"] == pytest.approx(embedding.coordinates[0, 0])
    np.testing.assert_array_equal(commonest.x, names.x)


def test_the_words_of_a_large_embedding_are_counted():
    words = [f"word {number}" for number in range(2500)]
    projection = rw.project_embedding(np.random.default_rng(0).normal(size=(2500, 3)), words, components=3)
    figure = rw.EmbeddingChart(projection).figure
    assert figure.title == "The commonest 2,000 of 2,500 words"
    assert len(figure.marks[0].x) + len(figure.marks[1].x) == 2000
    with pytest.raises(TypeError, match="what project_embedding gives, got list"):
        rw.EmbeddingChart(words)


MAKERS = {
    "projection": lambda acts, embedding, **options: rw.ProjectionChart(acts, **options),
    "groups": lambda acts, embedding, **options: rw.GroupsChart(acts, **options),
    "embedding": lambda acts, embedding, **options: rw.EmbeddingChart(embedding, **options),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_nothing_stays_open_when_it_is_closed_or_cannot_be_made(acts, embedding, make):
    before = set(_instances)
    chart = make(acts, embedding)
    if hasattr(chart, "selection"):
        chart.selection.signal = "cell"
    chart.close()
    assert set(_instances) == before
    chart.close()
    for options, error in (({"layuot": {}}, TypeError), ({"layout": 3}, TraitError)):
        with pytest.raises(error):
            make(acts, embedding, **options)
        assert set(_instances) == before


def test_a_number_of_groups_that_is_none_leaves_nothing_open(acts):
    before = set(_instances)
    with pytest.raises(ValueError, match="a whole number from 1"):
        rw.GroupsChart(acts, n=0)
    assert set(_instances) == before
    with pytest.raises(TypeError, match="Did you mean 'tokens'"):
        rw.ProjectionChart(acts, tokns=4)
