"""Neurons that are on together in a range are found, and so is every other place where they are."""

import numpy as np
import pytest

from rnn_widgets import Activations, SimilarStates, Text, similar_states


def recording(values, documents=(0,)):
    tokens = tuple(chr(ord("a") + index % 26) for index in range(len(values)))
    return Activations.from_arrays(Text(tokens, documents), np.asarray(values, np.float32))


def planted():
    """Neurons 1, 3 and 4 are on in three ranges, two of them in a fourth; 0 is always on, 2 a token too long."""
    values = np.zeros((100, 6))
    values[:, 0] = 0.9
    values[10:16, 2] = 0.9
    for start, stop, neurons in [(10, 15, [1, 3, 4]), (30, 34, [1, 3, 4]), (60, 65, [1, 3, 4]), (80, 85, [1, 4])]:
        values[start:stop, neurons] = 0.5
    return values


def spans(found):
    return [(match.start, match.stop) for match in found.matches]


def test_the_neurons_are_on_in_the_range_and_off_beside_it():
    found = similar_states(recording(planted()), 10, 15)
    assert found.neurons.tolist() == [1, 3, 4]
    assert similar_states(recording(planted()), 10, 16).neurons.tolist() == [2]


def test_more_neurons_come_first_and_then_the_nearest_length():
    found = similar_states(recording(planted()), 10, 15)
    assert spans(found) == [(60, 65), (30, 34), (80, 85)]
    assert [match.neurons for match in found.matches] == [(1, 3, 4), (1, 3, 4), (1, 4)]
    assert found.matches[0].text == "ijklm"
    assert spans(similar_states(recording(planted()), 10, 15, n=1)) == [(60, 65)]


def test_the_border_of_a_document_is_off_and_ends_a_match():
    values = np.zeros((60, 2))
    values[10:15, 0] = values[30:35, 0] = 1
    documents = (0, 10, 33)
    found = similar_states(recording(values, documents), 10, 15)
    assert spans(found) == [(30, 33), (33, 35)]
    assert [match.document for match in found.matches] == [1, 2]


def test_neurons_that_are_named_alone_may_count():
    found = similar_states(recording(planted()), 10, 15, neurons=[4, 0, 4])
    assert found.neurons.tolist() == [4] and spans(found) == [(60, 65), (80, 85), (30, 34)]


def maximal_ranges(on, documents):
    """By trying all: every range, with its neurons, that cannot be made longer without losing one."""
    ranges = {}
    for first, last in zip(documents, (*documents[1:], len(on)), strict=True):
        for start in range(first, last):
            for stop in range(start + 1, last + 1):
                ranges[start, stop] = frozenset(np.flatnonzero(on[start:stop].all(axis=0)))
    return {
        (start, stop): neurons
        for (start, stop), neurons in ranges.items()
        if neurons and ranges.get((start - 1, stop)) != neurons and ranges.get((start, stop + 1)) != neurons
    }


@pytest.mark.parametrize("seed", range(30))
def test_matches_are_those_that_trying_all_ranges_finds(seed):
    random = np.random.default_rng(seed)
    values = (random.normal(size=(80, 5)).cumsum(axis=0) % 1) * (random.random((80, 5)) > 0.2)
    documents = (0, 33, 50)
    found = similar_states(recording(values, documents), 20, 22, threshold=0.4, n=100)
    on = np.asarray(values, np.float32)[:, found.neurons] >= 0.4
    expected, taken = [], np.zeros(80, bool)
    taken[20:22] = True
    ranges = maximal_ranges(on, documents) if len(found.neurons) else {}
    for start, stop in sorted(ranges, key=lambda span: (-len(ranges[span]), abs(span[1] - span[0] - 2), span[0])):
        if not taken[start:stop].any():
            taken[start:stop] = True
            expected.append((start, stop, tuple(found.neurons[sorted(ranges[start, stop])])))
    assert [(match.start, match.stop, match.neurons) for match in found.matches] == expected


def test_where_no_neuron_is_on_the_result_says_so():
    found = similar_states(recording(planted()), 40, 45)
    assert len(found) == 0 and found.neurons.shape == (0,)
    assert found.message.startswith("No neuron is on at every token of 40:45") and found.message in repr(found)
    assert list(found.to_frame().columns) == ["start", "stop", "length", "document", "text", "neurons_on", "neurons"]


def test_the_result_is_a_table_and_cannot_be_changed():
    found = similar_states(recording(planted()), 10, 15)
    assert isinstance(found, SimilarStates)
    frame = found.to_frame()
    assert frame["neurons_on"].tolist() == [3, 3, 2] and frame["length"].tolist() == [5, 4, 5]
    assert repr(found) == (
        "SimilarStates('hidden', layer=0, tokens 10:15 of document 0, threshold=0.3, neurons=(3,), matches=(3,); "
        "the best has 3 of them)"
    )
    with pytest.raises(ValueError, match="read-only"):
        found.neurons[0] = 2


def test_bad_arguments_are_named():
    acts = recording(planted(), (0, 50))
    with pytest.raises(ValueError, match=r"0 <= start < stop <= 100, the number of tokens, got 5 and 5"):
        similar_states(acts, 5, 5)
    with pytest.raises(ValueError, match="after the end of document 0, token 49"):
        similar_states(acts, 48, 51)
    with pytest.raises(ValueError, match="how many matches to give, from 0, got -1"):
        similar_states(acts, 10, 15, n=-1)
    with pytest.raises(ValueError, match="threshold is an activation, got nan"):
        similar_states(acts, 10, 15, threshold=float("nan"))
    with pytest.raises(ValueError, match=r"no neuron 6"):
        similar_states(acts, 10, 15, neurons=[6])
    with pytest.raises(ValueError, match=r"names none of the layer's 6 neurons"):
        similar_states(acts, 10, 15, neurons=[])
    with pytest.raises(KeyError, match="no signal 'cell'"):
        similar_states(acts, 10, 15, signal="cell")
