"""Figures of many neurons at once hold the numbers of the results."""

import numpy as np
import pytest

import rnn_widgets as rw
from rnn_widgets.activations import Activations


def test_points_stand_along_two_components_and_no_name_over_another(acts):
    found = rw.project(acts, components=3)
    figure = found.plot(names=8)
    ax = figure.axes[0]
    np.testing.assert_allclose(ax.collections[0].get_offsets(), found.coordinates[:, :2])
    assert f"{found.explained[1]:.0%}" in ax.get_ylabel()
    figure.draw_without_rendering()
    assert 2 < len(ax.texts) <= 8
    assert len({text.get_text() for text in ax.texts}) == len(ax.texts)
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(a.overlaps(b) for place, a in enumerate(boxes) for b in boxes[:place])


def test_words_of_an_embedding_do_not_overlap_either():
    random = np.random.default_rng(0)
    words = [f"word-{number}" * (1 + number % 3) for number in range(300)]
    figure = rw.project_embedding(random.normal(size=(300, 4)), words).plot(names=60)
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    assert len(boxes) > 10
    assert not any(a.overlaps(b) for place, a in enumerate(boxes) for b in boxes[:place])


def test_one_component_stands_along_the_text(acts):
    found = rw.project(acts, components=1)
    ax = found.plot().axes[0]
    assert ax.get_xlabel() == "token"
    np.testing.assert_allclose(ax.collections[0].get_offsets()[:, 1], found.coordinates[:, 0])


def test_groups_stand_like_beside_like_under_their_tree(acts):
    found = rw.groups(acts, n=3)
    figure = found.plot()
    tree, ax = figure.axes[:2]
    order = found.order
    np.testing.assert_allclose(ax.images[0].get_array(), found.correlations[np.ix_(order, order)])
    joints = tree.collections[0].get_segments()
    assert len(joints) == len(found.linkage) == 4
    assert max(joint[:, 1].max() for joint in joints) == pytest.approx(found.linkage[:, 2].max())
    assert all(joint[:, 0].min() >= 0 and joint[:, 0].max() <= 4 for joint in joints), "over the neurons that change"
    borders = sorted({line.get_xdata()[0] for line in ax.lines if line.get_xdata()[0] == line.get_xdata()[1]})
    assert borders == [place + 0.5 for place in np.flatnonzero(np.diff(found.labels[order]))]
    assert [label.get_text() for label in ax.get_xticklabels()] == [str(neuron) for neuron in order]


def test_ranges_show_which_neurons_are_on_the_marked_one_first():
    on = np.zeros((20, 4), np.float32)
    on[3:6, :3] = 1
    on[9:12, :2] = 1
    on[15:17, :3] = 1
    acts = Activations.from_arrays(list("abcdefghij\nlmno rstu"), on)
    found = rw.similar_states(acts, 3, 6, threshold=0.5)
    ax = found.plot().axes[0]
    rows = [label.get_text() for label in ax.get_yticklabels()]
    assert rows == ["“def”  3:6", "“ r”  15:17", "“j¶l”  9:12"]
    assert ax.images[0].get_array().tolist() == [[2, 2, 2], [1, 1, 1], [1, 1, 0]]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0", "1", "2"]
    assert len(found.plot(1).axes[0].get_yticklabels()) == 2
