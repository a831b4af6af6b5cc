"""Neurons that were made alike come into one group, whatever their sign and size."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import leaves_list

import rnn_widgets as rw
from rnn_widgets.analysis.clusters import average_linkage

KINDS = np.random.default_rng(5).permutation(np.repeat([0, 1, 2], [10, 6, 4]))


def planted(tokens=400, still=()):
    """Neurons of three kinds, of either sign and of many sizes."""
    random = np.random.default_rng(0)
    kinds = random.normal(size=(tokens, 3))
    values = kinds[:, KINDS] + 0.2 * random.normal(size=(tokens, len(KINDS)))
    values *= random.choice([-1, 1], len(KINDS)) * random.uniform(0.01, 100, len(KINDS))
    values[:, list(still)] = 0.7
    return rw.Activations.from_arrays(("x",) * tokens, values)


def partition(labels):
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels.tolist())}


def test_the_planted_groups_are_found():
    found = rw.groups(planted(), n=3)
    assert len(found) == 3 and partition(found.labels) == partition(KINDS)
    assert {frozenset(found.members(group)) for group in range(3)} == partition(KINDS)


def test_groups_stand_one_after_the_other_in_the_order_and_are_numbered_so():
    found = rw.groups(planted(), n=7)
    assert sorted(found.order) == list(range(len(KINDS)))
    labels = found.labels[found.order]
    assert set(np.diff(labels)) == {0, 1} and labels[0] == 0 and labels[-1] == len(found) - 1
    assert [neuron for group in range(len(found)) for neuron in found.members(group)] == found.order.tolist()


def test_neighbours_in_the_order_are_nearer_than_in_the_tree_as_it_was_grown():
    values = np.cumsum(np.random.default_rng(1).normal(size=(300, 40)), axis=1)
    found = rw.groups(rw.Activations.from_arrays(("x",) * 300, np.random.default_rng(2).permutation(values, axis=1)))
    assert found.order.tolist() == leaves_list(found.linkage).tolist()
    nearness = np.abs(found.correlations[found.order[1:], found.order[:-1]])
    grown = leaves_list(average_linkage(found.correlations))
    assert nearness.sum() > np.abs(found.correlations[grown[1:], grown[:-1]]).sum()


def test_correlations_are_pearsons():
    acts = planted()
    np.testing.assert_allclose(rw.groups(acts).correlations, np.corrcoef(acts["hidden"].T), atol=1e-6)


def test_neurons_that_never_change_stand_apart_and_are_said():
    found = rw.groups(planted(still=(3, 8)), n=3)
    assert found.labels[[3, 8]].tolist() == [-1, -1] and found.constant == [3, 8]
    assert found.order[-2:].tolist() == [3, 8] and 3 not in found.moving
    assert len(found.linkage) == len(found.moving) - 1 == 17
    assert partition(found.labels[found.moving]) == partition(KINDS[found.moving])
    assert repr(found).endswith("neurons; 2 never change)") and "3 groups of" in repr(found)
    assert not found.correlations[3].any()


@pytest.mark.parametrize(("neurons", "moving"), [(1, 1), (2, 2), (3, 1), (3, 0)])
def test_few_neurons_have_groups_too(neurons, moving):
    values = np.full((50, neurons), 0.1)
    values[:, :moving] = np.random.default_rng(0).normal(size=(50, moving))
    found = rw.groups(rw.Activations.from_arrays(("x",) * 50, values))
    assert len(found) == moving and sorted(found.order) == list(range(neurons))
    assert len(found.to_frame()) == neurons and repr(found).startswith("Groups('hidden', layer=0")
    with pytest.raises(ValueError, match=f"0..{moving - 1}" if moving else "there is no group"):
        found.members(moving)


def test_the_frame_says_how_alike_a_neuron_is_to_the_others_of_its_group():
    found = rw.groups(planted(still=(3,)), n=3)
    frame = found.to_frame()
    assert frame.columns.tolist() == ["neuron", "group", "likeness"] and frame.neuron.tolist() == found.order.tolist()
    assert frame.likeness[:-1].min() > 0.9 and np.isnan(frame.likeness.iloc[-1])
    members = found.members(frame.group[0])
    others = np.abs(found.correlations[members[0], members[1:]])
    assert frame.likeness[0] == pytest.approx(others.mean(), abs=1e-6)


def test_nothing_in_it_can_be_changed():
    found = rw.groups(planted())
    for array in (found.labels, found.order, found.linkage, found.correlations):
        assert not array.flags.writeable


@pytest.mark.parametrize("n", [0, -1, 2.5, True])
def test_a_number_of_groups_that_is_none_is_refused(n):
    with pytest.raises(ValueError, match="a whole number from 1"):
        rw.groups(planted(), n=n)
