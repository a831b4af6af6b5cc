"""A neuron and a feature are coherent where they go together, with the right lag, and not where they do not."""

import numpy as np
import pytest
import scipy.signal

from rnn_widgets import Activations, Coherence, coherence, features

TOKENS = 1500


def runs(random, tokens=TOKENS):
    """A mask of runs of random length."""
    return np.repeat(np.arange(tokens) % 2 == 1, random.geometric(0.2, tokens))[:tokens]


def memory(random, tokens=TOKENS):
    return scipy.signal.lfilter([1], [1, -0.9], random.normal(size=tokens + 200))[200:]


def between(values, mask, **options):
    values = np.asarray(values, np.float32)
    acts = Activations.from_arrays(("x",) * len(values), values[:, None])
    return coherence(acts, 0, features.mask(mask, name="runs"), **options)


def test_a_memory_and_a_feature_that_have_nothing_to_do_with_each_other_are_not_coherent():
    any_found, shares = 0, []
    for seed in range(40):
        random = np.random.default_rng(seed)
        found = between(memory(random), runs(random))
        told = np.isfinite(found.p)
        any_found += bool((found.adjusted <= 0.05).any())
        shares.append(float((found.coherence[told] > found.level(0.05)).mean()))
    assert any_found <= 5
    assert np.mean(shares) == pytest.approx(0.05, abs=0.01)


@pytest.mark.parametrize("lag", [3, 0, -3])
def test_the_lag_is_that_by_which_the_neuron_comes_after_the_feature(lag):
    random = np.random.default_rng(1)
    mask = runs(random)
    found = between(np.roll(mask, lag) + 0.2 * random.normal(size=TOKENS), mask)
    peaks = found.peaks(3)
    assert len(peaks) == 3
    for peak in peaks:
        off = np.exp(1j * (peak.phase - 2 * np.pi * peak.frequency * lag))
        assert np.angle(off) == pytest.approx(0, abs=0.1)
        assert peak.lag == pytest.approx(peak.phase * peak.period / (2 * np.pi))


def test_it_is_coherent_at_the_frequencies_that_it_follows_alone():
    random = np.random.default_rng(2)
    mask = runs(random)
    slow = scipy.signal.sosfiltfilt(scipy.signal.butter(6, 0.1, output="sos", fs=1), mask - mask.mean())
    found = between(slow + 0.1 * random.normal(size=TOKENS), mask)
    below, above = found.frequencies < 0.08, found.frequencies > 0.15
    significant = found.adjusted <= 0.05
    assert significant[below & np.isfinite(found.p)].mean() > 0.9
    assert significant[above].mean() < 0.02


@pytest.mark.parametrize("tokens", [1000, 1001])
def test_half_a_cycle_per_token_is_included(tokens):
    random = np.random.default_rng(3)
    sign = np.where(runs(random, tokens), 1, -1) * (-1.0) ** np.arange(tokens)
    mask = sign + 0.5 * random.normal(size=tokens) > 0
    found = between(sign, mask)
    assert found.frequencies[0] == 0 and found.frequencies[-1] == 0.5
    assert found.coherence[-1] > 0.5 and found.adjusted[-1] <= 0.05
    half = [between(*pair(seed)).p[-1] <= 0.2 for seed in range(60)]
    assert 4 <= sum(half) <= 22


def pair(seed):
    random = np.random.default_rng(100 + seed)
    return random.normal(size=200), random.random(200) < 0.5


@pytest.mark.parametrize(
    ("values", "mask", "what"),
    [
        (np.full(TOKENS, 0.3), np.arange(TOKENS) % 5 == 0, "neuron"),
        (np.sin(np.arange(TOKENS)), np.zeros(TOKENS, bool), "feature"),
        (np.sin(np.arange(TOKENS)), np.ones(TOKENS, bool), "feature"),
    ],
)
def test_what_does_not_change_is_coherent_with_nothing(values, mask, what):
    found = between(values, mask)
    assert not found.coherence.any() and found.peaks() == [] and np.nanmin(found.p) == 1
    assert found.message.startswith(f"The {what} does not change") and found.message in repr(found)


def test_the_result_is_a_table_and_cannot_be_changed():
    random = np.random.default_rng(4)
    mask = runs(random, 200)
    found = between(mask + 0.1 * random.normal(size=200), mask)
    assert isinstance(found, Coherence)
    assert ((found.coherence >= 0) & (found.coherence <= 1)).all() and (np.abs(found.phase) <= np.pi).all()
    assert np.isnan(found.p[found.frequencies < 4 / 200]).all()
    frame = found.to_frame()
    assert list(frame.columns) == ["frequency", "period", "coherence", "phase", "p", "q"]
    assert len(frame) == len(found.frequencies) and frame["period"][0] == np.inf
    assert repr(found).startswith("Coherence('runs', 'hidden', layer=0, neuron=0, coherence=(401,), q=0.05; ")
    with pytest.raises(ValueError, match="read-only"):
        found.coherence[0] = 1


def test_bad_arguments_are_named():
    values, mask = np.sin(np.arange(TOKENS)), np.arange(TOKENS) % 5 == 0
    with pytest.raises(ValueError, match="at least 128 tokens, got 100"):
        between(values[:100], mask[:100])
    with pytest.raises(ValueError, match="q is the share of frequencies"):
        between(values, mask, q=0)
    with pytest.raises(ValueError, match="how many frequencies to give, from 0, got -1"):
        between(values, mask).peaks(-1)
    with pytest.raises(ValueError, match="alpha is a share of texts"):
        between(values, mask).level(1)
    acts = Activations.from_arrays(("x",) * TOKENS, values[:, None])
    with pytest.raises(ValueError, match="no neuron 1"):
        coherence(acts, 1, features.mask(mask))
    with pytest.raises(TypeError, match="coherence takes a Feature"):
        coherence(acts, 0, mask)
    with pytest.raises(KeyError, match="no signal 'cell'"):
        coherence(acts, 0, features.mask(mask), signal="cell")
