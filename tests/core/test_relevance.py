"""Relevance is the thesis's formula, for every text, feature and neuron."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_widgets import features
from rnn_widgets.activations import Activations
from rnn_widgets.analysis import relevance


def recording(values):
    return Activations.from_arrays(("x",) * len(values), values)


def slow_thesis(activations, mask):
    tokens, neurons = len(activations), len(activations[0])
    if not any(mask) or all(mask):
        return [0.0] * neurons
    scores = []
    for j in range(neurons):
        a = [float(activations[t][j]) for t in range(tokens)]
        matching = [t for t in range(tokens) if mask[t]]
        others = [t for t in range(tokens) if not mask[t]]
        prominence = 0.0
        for t in matching:
            before = a[1] if t == 0 else a[t - 1]
            after = a[tokens - 2] if t == tokens - 1 else a[t + 1]
            prominence += abs(2 * a[t] - before - after)
        prominence /= len(matching)
        mean_there = sum(a[t] for t in matching) / len(matching)
        mean_elsewhere = sum(a[t] for t in others) / len(others)
        scores.append(prominence + abs(mean_there - mean_elsewhere))
    return [score / max(scores) if max(scores) else 0.0 for score in scores]


@given(
    tokens=st.integers(1, 12),
    neurons=st.integers(1, 6),
    seed=st.integers(0, 2**32 - 1),
    offset=st.sampled_from([0.0, -1.0, 300.0]),
    data=st.data(),
)
def test_scores_follow_the_formula(tokens, neurons, seed, offset, data):
    values = (np.random.default_rng(seed).normal(size=(tokens, neurons)) + offset).astype(np.float32)
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=tokens, max_size=tokens)))
    found = relevance(recording(values), features.mask(mask))
    assert found.scores.shape == (neurons,)
    assert found.scores.dtype == np.float32
    np.testing.assert_allclose(found.scores, slow_thesis(values, mask), rtol=1e-6, atol=1e-7)
    assert found.matches == mask.sum()
    compared = 0 < mask.sum() < tokens
    assert found.scores.max() == (1 if compared else 0)
    assert (found.message is None) == compared


@pytest.mark.parametrize("tokens", [2, 3, 10])
@pytest.mark.parametrize("at", ["first", "last"])
def test_the_ends_of_the_text_are_reflected(tokens, at):
    values = np.random.default_rng(1).normal(size=(tokens, 5)).astype(np.float32)
    mask = np.zeros(tokens, bool)
    mask[0 if at == "first" else -1] = True
    found = relevance(recording(values), features.mask(mask))
    np.testing.assert_allclose(found.scores, slow_thesis(values, mask), rtol=1e-6)


@pytest.mark.parametrize("planted", [0, 100, 335, 336, 671])
def test_a_planted_neuron_is_found_at_its_own_index(planted):
    rng = np.random.default_rng(planted)
    values = rng.normal(0, 0.05, size=(400, 672))
    mask = rng.random(400) < 0.2
    values[mask, planted] += 0.9
    found = relevance(recording(values), features.mask(mask))
    assert found.top(1) == [planted]
    assert found.scores[planted] == 1
    assert found.scores[671 - planted] < 0.5


def test_prominence_and_difference_of_one_neuron_are_added():
    spikes = np.zeros((8, 3))
    mask = np.zeros(8, bool)
    mask[[2, 5]] = True
    spikes[mask, 0] = 1
    spikes[:, 1] = np.arange(8)
    found = relevance(recording(spikes), features.mask(mask))
    assert found.scores.tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("mask", "message"),
    [([False] * 6, "No token has the feature"), ([True] * 6, "Every token has the feature")],
)
def test_a_feature_of_no_or_every_token_has_relevance_zero_and_says_why(mask, message):
    found = relevance(recording(np.random.default_rng(0).normal(size=(6, 4))), features.mask(mask))
    assert found.scores.tolist() == [0, 0, 0, 0]
    assert message in found.message
    assert message in repr(found)
    assert found.top(3) == []
    assert found.windows(3) == []
    assert found.to_frame()["relevance"].tolist() == [0, 0, 0, 0]


def test_a_single_token_has_nothing_to_compare_with():
    found = relevance(recording(np.ones((1, 2))), features.everything())
    assert found.scores.tolist() == [0, 0]
    assert "Every token" in found.message


@pytest.mark.parametrize("constant", [0.0, 0.1, -300.1, 1e-30, 3e38])
def test_neurons_that_never_change_have_relevance_zero(constant):
    found = relevance(recording(np.full((37, 3), constant)), features.mask(np.arange(37) % 3 == 0))
    assert found.scores.tolist() == [0, 0, 0]
    assert "No neuron changes" in found.message


@pytest.mark.parametrize("scale", [1e-35, 1.0, 1e38])
def test_scores_do_not_depend_on_the_unit(scale):
    values = np.random.default_rng(3).uniform(-1, 1, size=(50, 8)).astype(np.float32)
    mask = np.arange(50) % 4 == 1
    found = relevance(recording(values * np.float32(scale)), features.mask(mask))
    np.testing.assert_allclose(found.scores, slow_thesis(values, mask), rtol=1e-4)


def test_a_large_offset_costs_no_accuracy():
    small = np.round(np.random.default_rng(4).uniform(-1, 1, size=(300, 6)) * 256) / 256
    mask = np.arange(300) % 5 == 0
    plain = relevance(recording(small), features.mask(mask))
    lifted = relevance(recording(small + 300), features.mask(mask))
    np.testing.assert_allclose(lifted.scores, plain.scores, rtol=1e-6)


def test_signal_layer_and_feature_are_remembered():
    values = np.random.default_rng(5).normal(size=(6, 4))
    arrays = {("hidden", 0): values, ("hidden", 1): values[:, :3], ("cell", 0): values[:, ::-1]}
    acts = Activations.from_arrays(tuple("ab ab "), arrays)
    found = relevance(acts, features.regex(" "), signal="cell")
    assert (found.feature, found.signal, found.layer, found.method, found.matches) == ('" "', "cell", 0, "thesis", 2)
    assert relevance(acts, features.regex(" ")).layer == 1
    np.testing.assert_array_equal(relevance(acts, features.regex(" "), layer=0).scores, found.scores[::-1])
    assert "2 tokens match; best" in repr(found)


def test_the_best_are_proposed_with_their_neighbours():
    values = np.zeros((9, 6))
    values[4] = [0.1, 0.9, 0.0, 0.4, 0.4, 0.8]
    found = relevance(recording(values), features.spans([(4, 5)]))
    assert found.top(3) == [1, 5, 3]
    assert found.top(100) == [1, 5, 3, 4, 0]
    assert found.top(0) == []
    assert found.windows(2) == [[0, 1, 2], [4, 5]]
    assert found.windows(1, radius=0) == [[1]]
    assert found.windows(1, radius=9) == [[0, 1, 2, 3, 4, 5]]
    frame = found.to_frame()
    assert frame["neuron"].tolist() == [1, 5, 3, 4, 0, 2]
    assert frame["relevance"].tolist() == found.scores[[1, 5, 3, 4, 0, 2]].tolist()
    for wrong in (lambda: found.top(-1), lambda: found.windows(1, radius=-1)):
        with pytest.raises(ValueError, match="from 0, got -1"):
            wrong()


def test_wrong_arguments_are_named_with_what_is_possible():
    acts = recording(np.zeros((3, 2)))
    with pytest.raises(ValueError, match=r"no method 'best'\. Methods are: thesis"):
        relevance(acts, features.everything(), method="best")
    with pytest.raises(KeyError, match=r"no signal 'cell'\. Recorded are: hidden"):
        relevance(acts, features.everything(), signal="cell")
    with pytest.raises(KeyError, match="no layer 1"):
        relevance(acts, features.everything(), layer=1)
    with pytest.raises(TypeError, match=r"takes a Feature, for example .* got '\.'"):
        relevance(acts, ".")
    with pytest.raises(ValueError, match="this one has 3"):
        relevance(acts, features.mask([True]))


def test_work_is_not_done_neuron_by_neuron_or_token_by_token(lines_run):
    def lines(tokens, neurons):
        acts = recording(np.random.default_rng(0).normal(size=(tokens, neurons)))
        feature = features.mask(np.arange(tokens) % 3 == 0)
        return lines_run(lambda: relevance(acts, feature))

    assert lines(20, 4) == lines(2000, 400)


@pytest.mark.parametrize("method", ["auc", "correlation", "mutual_information", "peri_event"])
def test_a_planted_neuron_is_found_by_every_method_with_its_sign(method):
    rng = np.random.default_rng(6)
    mask = rng.random(500) < 0.2
    values = rng.normal(size=(500, 20))
    values[mask, 3] -= 4
    found = relevance(recording(values), features.mask(mask), method=method)
    assert found.method == method and found.effects.shape == (20,)
    assert found.top(1) == [3]
    assert found.effects[3] > 0.3 if method == "mutual_information" else found.effects[3] < -0.5
    assert (found.scores >= 0).all()
    np.testing.assert_array_equal(found.to_frame()["effect"], found.effects[found.to_frame()["neuron"]])


@pytest.mark.parametrize("method", ["auc", "correlation", "mutual_information", "peri_event"])
def test_every_method_says_why_there_is_nothing_to_compare(method):
    found = relevance(recording(np.random.default_rng(0).normal(size=(6, 4))), features.everything(), method=method)
    assert found.scores.tolist() == [0, 0, 0, 0] and "Every token has the feature" in found.message
