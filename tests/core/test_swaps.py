"""Confirmation on documents: sums against those after every swap."""

from itertools import permutations

import numpy as np
import pytest
import scipy.signal

from rnn_widgets.analysis.swaps import covariances, groups_of_a_length, swap_test


def parted(lengths):
    ends = np.cumsum(lengths).tolist()
    return [slice(end - length, end) for end, length in zip(ends, lengths, strict=True)]


def swapped(rows, mask, documents, lag=0, q=0.05):
    groups = groups_of_a_length(documents)
    of_groups = [covariances(np.atleast_2d(rows).astype(np.float32), mask, group, lag) for group in groups]
    return swap_test(of_groups, q, seed=0)


def test_documents_are_grouped_by_length_and_cut_to_the_shortest():
    documents = parted([9, 40, 10, 41, 9, 12, 42, 9, 40, 50, 11])
    first, second = groups_of_a_length(documents)
    assert [part.start for part in first] == [documents[number].start for number in (0, 4, 7, 2, 10)]
    assert {part.stop - part.start for part in first} == {9}
    assert {part.stop - part.start for part in second} == {12} and len(second) == 6
    assert groups_of_a_length(documents[:4]) == []


@pytest.mark.parametrize("lag", [-8, -5, 5, 9])
def test_a_feature_that_a_lag_takes_out_of_its_document_has_no_covariance(lag):
    random, group = np.random.default_rng(0), parted([5] * 6)
    assert not covariances(random.normal(size=(2, 30)).astype(np.float32), random.random(30) < 0.3, group, lag).any()


@pytest.mark.parametrize("lag", [-3, 0, 2])
def test_covariances_are_those_computed_one_by_one(lag):
    random, group = np.random.default_rng(0), parted([30] * 5)
    rows, mask = random.normal(size=(2, 150)).astype(np.float32), random.random(150) < 0.3
    _, found = covariances(rows, mask, group, lag)
    values = rows[1]
    for i, one in enumerate(group):
        for k, other in enumerate(group):
            marks = mask[other]
            shifted = np.array([marks[t - lag] if 0 <= t - lag < 30 else False for t in range(30)], float)
            expected = (values[one] - values[one].mean()) @ (shifted - shifted.mean())
            assert found[i, k] == pytest.approx(expected, abs=1e-5)


def test_the_p_value_is_the_share_of_all_swaps_that_go_as_far():
    random, documents = np.random.default_rng(1), parted([30] * 5)
    mask = random.random(150) < 0.3
    rows = (random.normal(size=(6, 150)) + 0.3 * mask).astype(np.float32)
    products = covariances(rows, mask, documents)
    found = swap_test([products], 0.05, seed=0)
    for product, z, p in zip(products, *found, strict=True):
        sums = np.array([product[np.arange(5), list(swap)].sum() for swap in permutations(range(5))])
        assert z == pytest.approx((sums[0] - sums.mean()) / sums.std(), rel=1e-6)
        far = np.abs(sums - sums.mean()) >= abs(sums[0] - sums.mean()) - 1e-9
        assert p == pytest.approx(far.mean(), abs=0.06)
    np.testing.assert_allclose(swap_test([products, products], 0.05, seed=0).z, 2**0.5 * found.z)


def test_there_are_swaps_enough_that_one_true_pair_among_many_can_be_found():
    random, documents = np.random.default_rng(5), parted([40] * 12)
    mask = random.random(480) < 0.3
    rows = random.normal(size=(400, 480))
    rows[7] += 3 * mask
    p = swapped(rows, mask, documents).p
    assert p[7] < 0.05 / 400 and p[7] == p.min()


def test_a_drift_that_all_documents_share_is_chance():
    random, documents = np.random.default_rng(2), parted([200] * 30)
    drift, share = np.tile(np.linspace(0, 3, 200), 30), np.tile(np.linspace(0.1, 0.9, 200), 30)
    mask = random.random(6000) < share
    p = swapped(drift + random.normal(size=(400, 6000)), mask, documents).p
    assert 0.02 < np.mean(p <= 0.05) < 0.085


@pytest.mark.parametrize("memory", [0.9, 0.99])
@pytest.mark.parametrize("run", [1, 40])
def test_documents_of_many_lengths_raise_no_false_alarms(memory, run):
    random = np.random.default_rng(3)
    lengths = random.integers(80, 400, 25)
    documents, tokens = parted(lengths.tolist()), int(lengths.sum())
    p = []
    for _ in range(20):
        rows = scipy.signal.lfilter([1], [1, -memory], random.normal(size=(20, tokens + 1000)), axis=1)[:, 1000:]
        mask = np.repeat(random.random(tokens // run + 1) < 0.2, run)[:tokens]
        p.extend(swapped(rows, mask, documents).p)
    assert 0.02 < np.mean(np.array(p) <= 0.05) < 0.085


def test_a_neuron_that_follows_the_feature_later_is_confirmed_with_its_sign():
    random, documents = np.random.default_rng(4), parted([50, 60, 45, 70, 52, 80, 90, 61, 77, 40])
    mask = random.random(625) < 0.2
    values = random.normal(size=625) - 2 * np.roll(mask, 2)
    (z,), (p,) = swapped(values, mask, documents, lag=2)
    assert z < -3 and p < 0.002
    assert swapped(values, mask, documents, lag=0).p[0] > 0.01


def test_what_never_changes_is_chance():
    (z,), (p,) = swapped(np.ones(100), np.arange(100) % 7 == 0, parted([20] * 5))
    assert np.isnan(z) and p == 1
