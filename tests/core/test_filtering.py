import numpy as np
import pytest

import rnn_widgets as rw
from rnn_widgets.analysis.filtering import band_filtered


def acts_of(*columns):
    values = np.stack(columns, axis=1)
    return rw.Activations.from_arrays(["a"] * len(values), values)


@pytest.mark.parametrize("tokens", [1, 2, 3, 97, 120, 251])
def test_bands_that_part_all_frequencies_add_up_to_the_activation(tokens):
    noise = np.random.default_rng(0).uniform(-1, 1, (tokens, 2)).astype(np.float32)
    acts = acts_of(*noise.T)
    parts = [band_filtered(acts, 1, band) for band in [(0, 0.1), (0.1 + 1e-12, 0.3), (0.3 + 1e-12, 0.5)]]
    assert all(part.shape == (tokens,) and part.dtype == np.float32 for part in parts)
    np.testing.assert_allclose(sum(parts), noise[:, 1], atol=1e-6)


def test_a_rhythm_is_taken_out_of_a_sum_of_two():
    time = np.arange(120)
    slow, fast = np.sin(2 * np.pi * 0.05 * time), (-1.0) ** time
    acts = acts_of(slow + fast + 0.25)
    np.testing.assert_allclose(band_filtered(acts, 0, (0.01, 0.1)), slow, atol=1e-6)
    np.testing.assert_allclose(band_filtered(acts, 0, (0.5, 0.5)), fast, atol=1e-6)
    np.testing.assert_allclose(band_filtered(acts, 0, (0, 0)), 0.25, atol=1e-6)


def test_a_band_without_a_frequency_leaves_nothing():
    assert not band_filtered(acts_of(np.ones(10)), 0, (0.31, 0.39)).any()


def test_what_is_not_there_is_refused():
    acts = acts_of(np.zeros(8), np.zeros(8))
    with pytest.raises(ValueError, match=r"no neuron 2: the layer has 2 neurons, numbered 0\.\.1"):
        band_filtered(acts, 2, (0, 0.5))
    with pytest.raises(ValueError, match=r"0 <= low <= high <= 0\.5 cycles per token, got \(0\.3, 0\.1\)"):
        band_filtered(acts, 0, (0.3, 0.1))
    with pytest.raises(KeyError, match="cell"):
        band_filtered(acts, 0, (0, 0.5), signal="cell")
