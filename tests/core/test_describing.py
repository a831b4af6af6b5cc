"""Describing a neuron of which it is known what it does."""

from math import inf, isnan, nan

import numpy as np
import pytest
import scipy.signal

from rnn_widgets import features
from rnn_widgets.activations import Activations
from rnn_widgets.analysis import describe
from rnn_widgets.analysis.describing.behaviour import autocorrelation_time, contexts, time_constant
from rnn_widgets.text import Text

DOCUMENTS, LENGTH = 40, 120
TOKENS = DOCUMENTS * LENGTH
MARKED, UNRELATED, CONSTANT, GATED = range(4)
MARK = """token '"'"""


def text(seed):
    letters = np.random.default_rng(seed).choice(
        list('abcd  ."\n'), TOKENS, p=[0.15] * 4 + [0.1] * 2 + [0.1, 0.08, 0.02]
    )
    return Text(tuple(map(str, letters)), tuple(range(0, TOKENS, LENGTH)))


def recording(seed, surprisal=True):
    random = np.random.default_rng(seed)
    read = text(seed)
    values = np.zeros((TOKENS, 4))
    values[:, MARKED] = features.regex('"').mask(read) + 0.2 * random.normal(size=TOKENS)
    values[:, UNRELATED] = scipy.signal.lfilter([0.02], [1, -0.9], random.normal(size=TOKENS))
    values[:, GATED] = np.where(np.arange(TOKENS) % 10 == 0, 0.99, np.where(np.arange(TOKENS) % 10 < 3, 0.01, 0.5))
    bits = random.gamma(2, size=TOKENS)
    return Activations.from_arrays(
        read, {("hidden", 0): values, ("forget_gate", 0): values}, surprisal=bits if surprisal else None, network="one"
    )


@pytest.fixture(scope="module")
def acts():
    return recording(0)


@pytest.fixture(scope="module")
def marked(acts):
    return describe(acts, MARKED)


def test_the_feature_it_follows_comes_first(marked):
    assert marked.found[0] == MARK
    frame = marked.to_frame()
    assert frame["feature"][0] == marked.found[0] and frame["verdict"][0] == "responds" and frame["lag"][0] == 0
    assert (frame["neuron"] == MARKED).all() and 0.3 < frame["bits"][0] < 1
    assert marked.profile.shape == (len(marked.bits), len(marked.lags))
    row = marked.findings.features.index(marked.found[0])
    assert marked.lags[marked.profile[row].argmax()] == 0
    assert marked.explain().startswith(f"Neuron {MARKED} and {marked.found[0]}: responds.")
    assert "No model was given" in marked.explain() and f"tells most of {marked.found[0]!r}" in repr(marked)


def test_a_neuron_that_follows_nothing_is_said_to(acts):
    described = describe(acts, UNRELATED)
    assert described.found == () and "is more than chance" in described.explain()
    assert (described.to_frame()["verdict"] != "responds").all() and "no feature is more than chance" in repr(described)
    assert 7 < described.autocorrelation_time < 13


def test_too_little_evidence_is_not_called_chance(acts):
    rare = [features.mask(np.arange(len(acts)) == at, name=f"only {at}") for at in (40, 900)]
    alone = describe(acts, MARKED, features=rare)
    assert "0 found, too little evidence for any of 2 features)" in repr(alone)
    assert alone.explain().startswith(f"Neuron {MARKED}: too little evidence for any of 2 features.")
    following = features.mask(np.random.default_rng(5).random(len(acts)) < 0.2, name="unrelated")
    beside = describe(acts, MARKED, features=[*rare, following])
    assert "no feature of 1 is more than chance, and there is too little evidence for the other 2)" in repr(beside)


def test_features_that_are_not_told_of_one_by_one_are_counted(marked):
    assert len(marked.found) > 3
    assert f"It responds to {len(marked.found) - 3} more features: see to_frame()." in marked.explain()


def test_other_recordings_confirm_with_their_own_surprisal():
    seen, other = recording(0), recording(1)
    described = describe(seen, MARKED, other)
    assert described.found[0] == MARK
    assert any(name.startswith("surprisal above") for name in described.findings.features)
    without = describe(seen, MARKED, recording(1, surprisal=False))
    assert not any(name.startswith("surprisal above") for name in without.findings.features)


def test_gates_are_counted_at_either_end_of_their_range(acts):
    gate = {one.signal: one for one in describe(acts, GATED, features=[features.regex("a")]).saturation}["forget_gate"]
    assert (gate.lowest, gate.highest) == pytest.approx((0.2, 0.1))


def test_a_rhythm_is_named(acts):
    lines = describe(acts, GATED, features=[features.regex("a")]).lines
    assert lines.lines[0].kind == "line" and any(abs(line.period - 10) < 0.1 for line in lines)


def test_a_neuron_that_never_changes_has_no_memory(acts):
    described = describe(acts, CONSTANT)
    assert described.found == () and isnan(described.autocorrelation_time) and "never changes" in described.explain()


def test_contexts_are_the_extremes_and_share_no_token():
    read = Text(tuple("abcdefghij"), (0, 5))
    values = np.array([0, 9, 8, 0, 1, 7, 0, 0, 0, 3], np.float32)
    found = contexts(read, values, 3, 1)
    assert [(one.before, one.at, one.after) for one in found] == [("a", "b", "c"), ("", "f", "g"), ("i", "j", "")]
    assert [one.activation for one in found] == [9, 7, 3]
    assert contexts(read, values, 0, 1) == ()


def test_highest_and_lowest_contexts_are_listed(marked, acts):
    frame = marked.contexts()
    assert len(frame) == 20 and frame["activation"].is_monotonic_decreasing
    assert frame["activation"][0] == acts["hidden"][:, MARKED].max() == acts["hidden"][frame["token"][0], MARKED]


def test_it_is_shown_as_a_table_with_the_text_escaped(acts):
    read = Text(tuple("<i>&" if token == "a" else token for token in acts.tokens), acts.text.documents)
    marked = Activations.from_arrays(read, acts["hidden"])
    html = describe(marked, MARKED)._repr_html_()
    assert "<i>" not in html and "&lt;i&gt;&amp;" in html


@pytest.mark.parametrize(
    ("distances", "expected"),
    [([1, 0.5, 0.3, 0.1], 2), ([1, 0.2, 0.5, 0.1], 3), ([1, 0.9, 0.8], inf), ([0, 0, 0], nan), ([1, 0.3], 1)],
)
def test_a_clamp_is_felt_until_little_is_left(distances, expected):
    assert time_constant(np.array(distances)) == pytest.approx(expected, nan_ok=True)


def test_what_fades_by_a_tenth_a_token_has_a_memory_of_ten():
    values = scipy.signal.lfilter([1], [1, -0.9], np.random.default_rng(3).normal(size=200_000)).astype(np.float32)
    documents = [slice(start, start + 1000) for start in range(0, 200_000, 1000)]
    assert autocorrelation_time(values, documents) == pytest.approx(-1 / np.log(0.9), rel=0.05)


def test_bad_input_is_named(acts):
    with pytest.raises(ValueError, match=r"There is no neuron 4: the layer has 4 neurons, numbered 0\.\.3"):
        describe(acts, 4)
    with pytest.raises(ValueError, match="contexts_shown and width are numbers from 0"):
        describe(acts, 0, width=-1)
    with pytest.raises(ValueError, match="There is no feature to look for"):
        describe(acts, 0, features=[])
