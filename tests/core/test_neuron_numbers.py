"""Neurons by their numbers, as a user names them."""

import numpy as np
import pytest

import rnn_widgets as rw
from rnn_widgets.activations import neuron_number, neuron_numbers


@pytest.mark.parametrize(
    ("neurons", "meant"),
    [
        (None, [0, 1, 2, 3, 4]),
        (3, [3]),
        (slice(3, 9), [3, 4]),
        ([4, 0, 4, slice(0, 2)], [4, 0, 1]),
        (np.array([2, 1]), [2, 1]),
        (np.array([1.0, 3.0]), [1, 3]),
        (np.arange(5) > 2, [3, 4]),
    ],
)
def test_neurons_are_named_in_many_ways(neurons, meant):
    numbers = neuron_numbers(neurons, 5)
    assert numbers.dtype == np.int64 and numbers.tolist() == meant


@pytest.mark.parametrize(
    ("neurons", "error", "said"),
    [
        ([3.9], TypeError, r"A neuron is a number from 0 to 4, got 3\.9\."),
        ("12", TypeError, "got '12'"),
        ([True, False], TypeError, "got True"),
        (float("nan"), TypeError, "got nan"),
        (np.ones(4, bool), ValueError, r"the shape \(5,\) of the layer, got \(4,\)"),
        (np.zeros(5, bool), ValueError, "names none of the layer's 5 neurons"),
        ([1, -1], ValueError, "There is no neuron -1: the layer has 5 neurons, numbered 0..4"),
    ],
)
def test_what_names_no_neuron_is_refused(neurons, error, said):
    with pytest.raises(error, match=said):
        neuron_numbers(neurons, 5)


def test_a_number_from_a_table_serves_where_one_neuron_is_asked_about():
    tokens = list("one fish, two fish. ") * 20
    values = np.random.default_rng(0).normal(size=(len(tokens), 3))
    acts, space = rw.Activations.from_arrays(tokens, values), rw.features.regex(" ")
    row = rw.relevance(acts, space).to_frame().iloc[0]
    assert isinstance(row.neuron, float) and neuron_number(row.neuron, 3) == row.neuron
    for asked in (rw.coherence(acts, row.neuron, space), rw.describe(acts, row.neuron)):
        assert asked.neuron == row.neuron and isinstance(asked.neuron, int)
    for wrong in ("1", None, True, 0.5):
        with pytest.raises(TypeError, match="A neuron is a number from 0 to 2"):
            rw.coherence(acts, wrong, space)
        with pytest.raises(TypeError, match="A neuron is a number from 0 to 2"):
            rw.describe(acts, wrong)
