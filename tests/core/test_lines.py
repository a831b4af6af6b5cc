"""Lines are found where there are any, at their frequency, and not where there is only a memory."""

import numpy as np
import pytest
import scipy.signal

from rnn_widgets.activations import Activations
from rnn_widgets.analysis import spectrum

TOKENS = 3000
TIMES = np.arange(TOKENS)


def red(seed, memory, neurons=4):
    noise = np.random.default_rng(seed).normal(size=(TOKENS + 1000, neurons))
    return scipy.signal.lfilter([np.sqrt(1 - memory**2)], [1, -memory], noise, axis=0)[1000:]


def lines(values, **options):
    return spectrum(Activations.from_arrays(("x",) * len(values), values)).lines(**options)


@pytest.mark.parametrize("memory", [0.0, 0.9, 0.99])
def test_a_memory_makes_no_line_and_no_broad_peak(memory):
    found = [{line.kind for line in lines(red(seed, memory))} for seed in range(20)]
    assert sum(kinds != {"background"} for kinds in found) <= 3


def test_a_spectrum_that_falls_as_one_over_the_frequency_has_no_line():
    white = np.random.default_rng(0).normal(size=(TOKENS, 40))
    frequencies = np.maximum(np.fft.rfftfreq(TOKENS), 1 / TOKENS)[:, None]
    pink = np.fft.irfft(np.fft.rfft(white, axis=0) / np.sqrt(frequencies), TOKENS, axis=0)
    assert {line.kind for line in lines(pink)} == {"background"}


@pytest.mark.parametrize("period", [2.7183, 7.3, 31.4159, 100.5])
def test_a_sine_is_found_with_an_interval_that_holds_its_period(period):
    held = 0
    for seed in range(20):
        values = red(1000 + seed, 0.5)
        values[:, 2] = 5 + 3 * (values[:, 2] + 0.8 * np.sin(2 * np.pi * TIMES / period + seed))
        (line,) = [line for line in lines(values) if line.kind == "line"]
        assert line.neuron == 2 and line.period == pytest.approx(period, rel=0.005)
        assert line.amplitude == pytest.approx(2.4, rel=0.25)
        assert line.share == pytest.approx(0.32 / 1.32, rel=0.3)
        held += line.period_low <= period <= line.period_high
    assert held >= 17


def test_what_alternates_with_every_token_has_the_period_two():
    values = red(1, 0.9)
    values[:, 1] += 0.2 * (-1.0) ** TIMES
    (line,) = [line for line in lines(values) if line.kind == "line"]
    assert (line.neuron, line.period) == (1, 2) and line.period_high < 2.01
    assert line.amplitude == pytest.approx(0.2, rel=0.2)


def test_an_amplitude_is_in_the_activations_unit_however_far_they_drift():
    values = red(5, 0.0)
    values[:, 0] += 0.9 * np.sin(2 * np.pi * TIMES / 20) + 0.01 * TIMES
    (line,) = [line for line in lines(values) if line.kind == "line"]
    assert line.neuron == 0 and line.amplitude == pytest.approx(0.9, rel=0.1)


def test_strict_pulses_have_lines_at_multiples_of_their_frequency():
    values = red(2, 0.5)
    values[:, 3] += 2.0 * (TIMES % 25 == 0)
    found = [line.frequency * 25 for line in lines(values) if line.kind == "line"]
    assert len(found) >= 5
    np.testing.assert_allclose(found, np.round(found), atol=0.01)


def test_pulses_that_come_a_little_sooner_or_later_have_a_broad_peak_and_no_line():
    random = np.random.default_rng(3)
    values = 0.2 * random.normal(size=(TOKENS, 6))
    for neuron in range(6):
        at = np.cumsum(random.integers(9, 13, TOKENS))
        values[at[at < TOKENS], neuron] += 1
    found = lines(values)
    kinds = [line.kind for line in found]
    assert "line" not in kinds and kinds.count("broad peak") >= 5
    strongest = [
        line for line in found if line.kind == "broad peak" and line.frequency_low < 1 / 10.5 < line.frequency_high
    ]
    assert len(strongest) >= 4


def test_neurons_that_never_change_have_no_rhythm_and_others_keep_their_number():
    values = np.full((TOKENS, 5), 0.3)
    values[:, 4] = np.sin(2 * np.pi * TIMES / 10) + 0.1 * red(4, 0.0)[:, 0]
    found = lines(values, neurons=[4, 1])
    assert [line.neuron for line in found] == [4] and found.of(1) == []
    frame = found.to_frame()
    assert list(frame["kind"]) == ["line"] and frame["period"][0] == pytest.approx(10, rel=1e-3)
    assert "2 neurons" not in repr(found) and "1 lines, 0 broad peaks" in repr(found)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="at least 128 tokens, got 100"):
        lines(red(0, 0)[:100])
    with pytest.raises(ValueError, match="q is the share of lines"):
        lines(red(0, 0), q=1)
    with pytest.raises(ValueError, match=r"no neuron 4"):
        lines(red(0, 0), neurons=[4])
