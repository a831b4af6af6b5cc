"""A spectrum shows amplitudes in the activation's own unit, at every frequency up to 0.5 cycles per token."""

import cmath

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_widgets.activations import Activations
from rnn_widgets.analysis import Peak, spectrum


def recording(values):
    return Activations.from_arrays(("x",) * len(values), values)


def slow_amplitude(signal):
    tokens = len(signal)
    amplitudes = []
    for k in range(tokens // 2 + 1):
        transformed = sum(a * cmath.exp(-2j * cmath.pi * k * t / tokens) for t, a in enumerate(signal)) / tokens
        single = k == 0 or 2 * k == tokens
        amplitudes.append(abs(transformed) * (1 if single else 2))
    return amplitudes


@given(
    tokens=st.integers(1, 24),
    neurons=st.integers(1, 20),
    seed=st.integers(0, 2**32 - 1),
    offset=st.sampled_from([0.0, -1.0, 300.0]),
)
def test_amplitudes_follow_the_definition(tokens, neurons, seed, offset):
    values = (np.random.default_rng(seed).normal(size=(tokens, neurons)) + offset).astype(np.float32)
    found = spectrum(recording(values))
    bins = tokens // 2 + 1
    assert found.amplitude.shape == (neurons, bins)
    assert found.amplitude.dtype == np.float32
    assert found.frequencies.tolist() == [k / tokens for k in range(bins)]
    expected = [slow_amplitude([float(a) for a in column]) for column in values.T]
    np.testing.assert_allclose(found.amplitude, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("tokens", [60, 61, 64, 97, 1000])
@pytest.mark.parametrize("bin_of", [1, 7, 29])
def test_a_sine_of_amplitude_a_shows_a_at_its_own_bin_only(tokens, bin_of):
    amplitude = 0.625
    wave = amplitude * np.sin(2 * np.pi * bin_of * np.arange(tokens) / tokens + 0.3)
    found = spectrum(recording(wave[:, None])).amplitude[0]
    assert found[bin_of] == pytest.approx(amplitude, rel=1e-6)
    assert np.delete(found, bin_of).max() < 1e-6


def test_an_alternating_signal_shows_its_amplitude_at_one_half():
    found = spectrum(recording(np.array([[0.75], [-0.75]] * 50)))
    assert found.frequencies[-1] == 0.5
    assert found.amplitude[0, -1] == np.float32(0.75)
    assert found.amplitude[0, :-1].max() < 1e-7


@pytest.mark.parametrize("tokens", [1, 2, 3, 50, 51])
@pytest.mark.parametrize("level", [-300.0, 0.1, 0.0])
def test_frequency_zero_shows_the_size_of_the_mean_and_a_constant_nothing_else(tokens, level):
    found = spectrum(recording(np.full((tokens, 9), level)))
    np.testing.assert_array_equal(found.amplitude[:, 0], np.float32(abs(level)))
    assert (found.amplitude[:, 1:] == 0).all()


def test_a_quiet_rhythm_on_a_large_offset_keeps_its_amplitude():
    tokens = np.arange(4096)
    quiet = 2.0**-10 * np.where(tokens % 4 < 2, 1, -1)
    lifted = spectrum(recording((quiet + 300)[:, None])).amplitude[0]
    plain = spectrum(recording(quiet[:, None])).amplitude[0]
    np.testing.assert_allclose(lifted[1:], plain[1:], rtol=1e-6, atol=1e-12)
    assert lifted[0] == 300


def test_a_quiet_rhythm_beside_a_loud_one_is_computed_in_double_precision():
    t = np.arange(1001)
    loud = 256 * np.sin(2 * np.pi * 5 * t / 1001)
    values = (loud + 1e-4 * np.sin(2 * np.pi * 300 * t / 1001)).astype(np.float32)
    expected = 2 / 1001 * abs(sum(float(a) * cmath.exp(-2j * cmath.pi * 300 * k / 1001) for k, a in enumerate(values)))
    assert spectrum(recording(values[:, None])).amplitude[0, 300] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("tokens", [400, 1024])
def test_a_neuron_that_follows_spaces_is_proposed_with_period_two(tokens):
    rng = np.random.default_rng(0)
    values = rng.normal(0, 0.05, size=(tokens, 672)) + 0.9
    values[:, 597] = np.where(np.arange(tokens) % 2, 0.8, -0.4)
    (peak,) = spectrum(recording(values)).peaks(n=1)
    assert peak == Peak(597, 0.5, 2.0, peak.amplitude)
    assert peak.amplitude == pytest.approx(0.6, rel=1e-6)


def test_peaks_are_the_strongest_within_the_band_one_a_neuron():
    t = np.arange(120)
    values = np.zeros((120, 5))
    values[:, 0] = 5 + 0.2 * np.cos(np.pi * t)
    values[:, 2] = 0.5 * np.sin(2 * np.pi * t / 10) + 0.4 * np.sin(2 * np.pi * t / 4)
    values[:, 3] = 0.3 * np.sin(2 * np.pi * t / 4) - 70
    values[:, 4] = 7
    found = spectrum(recording(values))

    def proposed(band, n=5):
        return [(p.neuron, p.frequency, p.period, round(p.amplitude, 5)) for p in found.peaks(band, n=n)]

    everywhere = [(2, 0.1, 10, 0.5), (3, 0.25, 4, 0.3), (0, 0.5, 2, 0.2)]
    assert [p for p in proposed(None) if p[3] > 1e-5] == everywhere
    assert proposed(None, n=2) == everywhere[:2]
    assert proposed((0.2, 0.3), n=2) == [(2, 0.25, 4, 0.4), (3, 0.25, 4, 0.3)]
    assert proposed((0.5, 0.5), n=1) == [(0, 0.5, 2, 0.2)]
    assert proposed((0.1, 0.1), n=1) == [(2, 0.1, 10, 0.5)]
    assert proposed((0, 0.5), n=0) == []
    assert [peak.neuron for peak in found.peaks(n=5)].count(4) == 0
    assert found.windows(n=2) == [[1, 2, 3], [2, 3, 4]]
    assert found.windows((0.5, 0.5), n=1, radius=2) == [[0, 1, 2]]


@given(tokens=st.integers(2, 40), seed=st.integers(0, 2**32 - 1))
def test_peaks_never_lie_at_frequency_zero_and_fall(tokens, seed):
    values = np.random.default_rng(seed).normal(size=(tokens, 6)) + 50
    peaks = spectrum(recording(values)).peaks(n=10)
    assert len({peak.neuron for peak in peaks}) == len(peaks) == 6
    for peak in peaks:
        assert 0 < peak.frequency <= 0.5
        assert peak.period == pytest.approx(1 / peak.frequency)
        assert 2 <= peak.period <= tokens
    amplitudes = [peak.amplitude for peak in peaks]
    assert amplitudes == sorted(amplitudes, reverse=True)


@pytest.mark.parametrize("band", [(-0.1, 0.2), (0.3, 0.2), (0.1, 0.6), (np.nan, 0.5), (0.0, np.nan)])
def test_a_band_outside_what_exists_is_refused(band):
    with pytest.raises(ValueError, match=r"0 <= low <= high <= 0.5 cycles per token, got"):
        spectrum(recording(np.ones((10, 1)))).peaks(band)


@pytest.mark.parametrize(("tokens", "band"), [(10, (0.0, 0.05)), (11, (0.48, 0.5)), (10, (0.0, 0.0)), (1, None)])
def test_a_band_without_a_frequency_of_this_text_is_refused(tokens, band):
    message = f"resolves {tokens // 2} frequencies above 0, 1/{tokens} cycles per token apart"
    with pytest.raises(ValueError, match=message):
        spectrum(recording(np.ones((tokens, 2)))).peaks(band)


def test_signal_and_layer_are_chosen_as_everywhere():
    values = np.random.default_rng(0).normal(size=(8, 3))
    acts = Activations.from_arrays(tuple("abcdefgh"), {("hidden", 0): values, ("hidden", 1): values[:, :2]})
    assert spectrum(acts).amplitude.shape == (2, 5)
    assert (spectrum(acts, layer=0).signal, spectrum(acts, layer=0).layer) == ("hidden", 0)
    with pytest.raises(KeyError, match="no signal 'cell'"):
        spectrum(acts, "cell")
    with pytest.raises(KeyError, match="no layer 2"):
        spectrum(acts, layer=2)
    with pytest.raises(ValueError, match="from 0, got -1"):
        spectrum(acts).peaks(n=-1)
    with pytest.raises(ValueError, match="from 0, got -2"):
        spectrum(acts).windows(radius=-2)


def test_the_frame_has_a_row_for_each_neuron_and_frequency():
    found = spectrum(recording(np.random.default_rng(0).normal(size=(5, 2))))
    frame = found.to_frame()
    assert list(frame.columns) == ["neuron", "frequency", "period", "amplitude"]
    assert frame["neuron"].tolist() == [0, 0, 0, 1, 1, 1]
    assert frame["frequency"].tolist() == [0, 0.2, 0.4] * 2
    assert frame["period"].tolist() == [np.inf, 5, 2.5] * 2
    assert frame["amplitude"].tolist() == found.amplitude.ravel().tolist()
    assert repr(found) == "Spectrum('hidden', layer=0, amplitude=(2, 3), frequencies 0..0.4 cycles per token)"


def test_work_is_done_in_blocks_of_neurons_and_never_token_by_token(lines_run):
    def lines(tokens, neurons):
        acts = recording(np.random.default_rng(0).normal(size=(tokens, neurons)))
        return lines_run(lambda: spectrum(acts).peaks(n=1))

    assert lines(10, 8) == lines(2000, 8)
    assert lines(10, 400) < 400 * 2
