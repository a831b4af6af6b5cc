"""Pooling for pictures: no spike vanishes, and means are those of all tokens."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_widgets.analysis.clusters import cluster_order
from rnn_widgets.analysis.pooling import pool, pool_region, pool_spectra


@pytest.fixture
def activations():
    return np.random.default_rng(0).normal(2, 1, (103, 5)).astype(np.float32)


@pytest.mark.parametrize("blocks", [1, 7, 50, 103, 500])
def test_each_block_shows_the_value_farthest_from_the_mean(activations, blocks):
    pooled = pool(activations, blocks)
    size = pooled.tokens_per_block
    assert pooled.extremes.shape == (5, -(-103 // size))
    assert pooled.extremes.shape[1] <= blocks
    np.testing.assert_allclose(pooled.means, activations.mean(axis=0), rtol=1e-6)
    for block, start in enumerate(range(0, 103, size)):
        for neuron in range(5):
            values = activations[start : start + size, neuron]
            distances = np.abs(values - pooled.means[neuron])
            assert abs(pooled.extremes[neuron, block] - pooled.means[neuron]) == pytest.approx(
                distances.max(), abs=1e-6
            )
            assert pooled.extremes[neuron, block] in values


def test_one_spike_among_many_tokens_stays_visible():
    activations = np.full((100_000, 2), 0.5, np.float32)
    activations[77_777, 1] = -0.9
    extremes = pool(activations, 1024).extremes
    assert extremes[1].min() == np.float32(-0.9)
    assert (extremes[0] == 0.5).all()


@given(st.integers(1, 40), st.integers(1, 40))
def test_a_region_is_exact_where_it_fits_and_else_pooled_in_the_same_way(tokens, blocks):
    activations = np.random.default_rng(tokens).normal(size=(tokens, 3)).astype(np.float32)
    means = activations.mean(axis=0)
    region = pool_region(activations, means, blocks)
    if tokens <= blocks:
        np.testing.assert_array_equal(region, activations.T)
    else:
        np.testing.assert_array_equal(region, pool(activations, blocks).extremes)


def test_pooled_spectra_show_the_largest_amplitude_without_frequency_zero():
    amplitude = np.random.default_rng(1).uniform(size=(4, 50)).astype(np.float32)
    amplitude[:, 0] = 9
    largest, size = pool_spectra(amplitude, 8)
    assert size == 7
    for block, start in enumerate(range(0, 50, 7)):
        np.testing.assert_array_equal(largest[:, block], amplitude[:, max(1, start) : start + 7].max(axis=1))


def test_pooled_spectra_of_a_single_token_are_empty_of_rhythm():
    largest, _ = pool_spectra(np.ones((3, 1), np.float32), 8)
    assert (largest == 0).all()


def test_neurons_that_behave_alike_or_opposite_stand_side_by_side():
    rng = np.random.default_rng(2)
    kinds = rng.normal(size=(300, 4))
    order = rng.permutation(24)
    signs = rng.choice([-1, 1], 24)
    activations = (signs * kinds[:, order % 4] + 0.1 * rng.normal(size=(300, 24))).astype(np.float32)
    found = cluster_order(activations)
    assert sorted(found) == list(range(24))
    changes = np.count_nonzero(np.diff(order[found] % 4))
    assert changes == 3


@pytest.mark.parametrize("neurons", [1, 2, 3])
def test_few_or_constant_neurons_have_an_order_too(neurons):
    assert sorted(cluster_order(np.full((50, neurons), 0.1, np.float32))) == list(range(neurons))


def test_of_a_long_text_stretches_are_enough():
    rng = np.random.default_rng(3)
    kinds = rng.normal(size=(20_000, 2))
    activations = (kinds[:, np.arange(10) % 2] + 0.1 * rng.normal(size=(20_000, 10))).astype(np.float32)
    assert np.count_nonzero(np.diff(cluster_order(activations) % 2)) == 1
