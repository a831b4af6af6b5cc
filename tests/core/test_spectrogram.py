"""A window shows the amplitudes that the neuron has there, as a spectrum shows those of the whole text."""

import numpy as np
import pytest

from rnn_widgets import Activations, Spectrogram, Text, spectrogram, spectrum

TIMES = np.arange(2048)


def of(values, documents=(0,), **options):
    values = np.asarray(values, np.float32)
    acts = Activations.from_arrays(Text(("x",) * len(values), documents), values[:, None])
    return spectrogram(acts, 0, **options)


@pytest.mark.parametrize("cycles", [2, 17, 64, 126])
def test_a_sine_shows_its_amplitude_in_every_window(cycles):
    found = of(0.7 * np.sin(2 * np.pi * cycles * TIMES / 256 + 1))
    np.testing.assert_allclose(found.amplitude[:, cycles], 0.7, rtol=1e-5)
    away = np.abs(np.arange(129) - cycles) > 1
    assert found.amplitude[:, away].max() < 1e-6
    assert found.frequencies[cycles] == cycles / 256


def test_what_alternates_shows_its_amplitude_at_half_a_cycle_and_a_mean_at_zero():
    found = of(0.25 - 0.5 * (-1.0) ** TIMES)
    np.testing.assert_allclose(found.amplitude[:, -1], 0.5, rtol=1e-6)
    np.testing.assert_allclose(found.amplitude[:, 0], 0.25, rtol=1e-6)
    assert found.frequencies[-1] == 0.5 and found.amplitude[:, 1:-1].max() < 1e-6


def test_an_odd_window_ends_below_half_a_cycle():
    found = of(0.7 * np.sin(2 * np.pi * 5 * TIMES / 45), window=45)
    assert found.frequencies[-1] == 22 / 45 and found.amplitude.shape[1] == 23
    np.testing.assert_allclose(found.amplitude[:, 5], 0.7, rtol=1e-5)


def test_one_window_shows_what_the_spectrum_of_the_whole_text_shows():
    values = 0.1 + 0.3 * np.sin(2 * np.pi * 40 * TIMES / 2048) + 0.2 * np.cos(2 * np.pi * 300 * TIMES / 2048)
    found = of(values, window=2048)
    whole = spectrum(Activations.from_arrays(("x",) * 2048, values[:, None])).amplitude[0]
    np.testing.assert_allclose(found.amplitude[0, [0, 40, 300]], whole[[0, 40, 300]], rtol=1e-5)
    np.testing.assert_array_equal(found.frequencies, np.arange(1025) / 2048)


def test_a_rhythm_shows_where_it_is():
    values = np.where(TIMES < 1024, np.sin(2 * np.pi * TIMES / 8), np.sin(2 * np.pi * TIMES / 32))
    found = of(values, window=128, step=64)
    best = found.frequencies[found.amplitude.argmax(axis=1)]
    assert (best[found.tokens + 64 <= 1024] == 1 / 8).all() and (best[found.tokens - 64 >= 1024] == 1 / 32).all()


def test_windows_stay_within_documents():
    values = np.repeat([1.0, 2.0, 3.0], [100, 20, 80])
    found = of(values, documents=(0, 100, 120), window=32, step=10)
    assert found.tokens.tolist() == [16, 26, 36, 46, 56, 66, 76, 136, 146, 156, 166, 176]
    np.testing.assert_array_equal(found.amplitude[:, 0], np.where(found.tokens < 100, 1, 3))
    assert not found.amplitude[:, 1:].any()


def test_the_result_is_a_table_and_cannot_be_changed():
    found = of(np.sin(TIMES))
    assert isinstance(found, Spectrogram) and found.step == 64 and found.amplitude.dtype == np.float32
    frame = found.to_frame()
    assert list(frame.columns) == ["token", "frequency", "period", "amplitude"]
    assert len(frame) == found.amplitude.size and frame["token"][129] == 192 and frame["period"][0] == np.inf
    assert repr(found) == (
        "Spectrogram('hidden', layer=0, neuron=0, amplitude=(29, 129), windows of 256 tokens every 64, "
        "tokens 128..1920)"
    )
    with pytest.raises(ValueError, match="read-only"):
        found.amplitude[0, 0] = 1


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="at least 8 tokens, got 4"):
        of(TIMES, window=4)
    with pytest.raises(ValueError, match="at least 1 token, got 0"):
        of(TIMES, step=0)
    with pytest.raises(ValueError, match="No document has the 256 tokens of a window: the longest has 200"):
        of(TIMES[:300], documents=(0, 200))
    acts = Activations.from_arrays(("x",) * 300, np.zeros((300, 2)))
    with pytest.raises(ValueError, match="no neuron 2"):
        spectrogram(acts, 2)
    with pytest.raises(KeyError, match="no signal 'cell'"):
        spectrogram(acts, 0, "cell")
