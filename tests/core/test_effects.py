"""Effects of features on neurons, each against another way to compute it."""

import numpy as np
import pytest
import scipy.stats

from rnn_widgets.analysis.effects import METHODS, Shifted, auc_beyond_token, effects
from rnn_widgets.analysis.ranking import Ordering, centred_ranks

DOCUMENTS = [slice(0, 70), slice(70, 71), slice(71, 200)]
LAGS = [-3, 0, 2]


@pytest.fixture(scope="module")
def rows():
    """Eight neurons: of a normal distribution, saturated ones whose values tie, and a constant one."""
    random = np.random.default_rng(0)
    values = random.normal(size=(8, 200))
    values[3:6] = np.clip(np.round(2 * values[3:6]), -1, 1)
    values[6] = 300 + 0.01 * values[6]
    values[7] = 0.3
    return values.astype(np.float32)


@pytest.fixture(scope="module")
def masks():
    random = np.random.default_rng(1)
    return np.stack([random.random(200) < share for share in (0.1, 0.5)])


def by_hand(mask, lag):
    """The mask at a lag, token by token."""
    shifted = np.zeros_like(mask)
    for part in DOCUMENTS:
        for t in range(part.start, part.stop):
            if part.start <= t + lag < part.stop:
                shifted[t + lag] = mask[t]
    return shifted


def each(masks):
    for feature, mask in enumerate(masks):
        for place, lag in enumerate(LAGS):
            yield feature, place, by_hand(mask, lag)


def slow_auc(row, inside):
    test = scipy.stats.mannwhitneyu(row[inside], row[~inside])
    return 2 * test.statistic / (inside.sum() * (~inside).sum()) - 1


def slow_correlation(row, inside):
    return 0.0 if (row == row[0]).all() else scipy.stats.pearsonr(row.astype(np.float64), inside).statistic


def slow_information(row, inside):
    place = (scipy.stats.rankdata(row) - 0.5) * 16 / len(row)
    table = np.zeros((16, 2))
    for part, there in zip(place.astype(int), inside, strict=True):
        table[part, int(there)] += 1
    table = table[table.sum(axis=1) > 0]
    share = table / len(row)
    expected = share.sum(axis=1, keepdims=True) * share.sum(axis=0)
    bits = sum(p * np.log2(p / e) for p, e in zip(share.ravel(), expected.ravel(), strict=True) if p > 0)
    return bits - (len(table) - 1) / (2 * len(row) * np.log(2))


def slow_peri_event(row, inside):
    bend = []
    for part in DOCUMENTS:
        a = row[part].astype(np.float64)
        for t in range(len(a)):
            before, after = a[t - 1 if t else min(1, len(a) - 1)], a[t + 1 if t + 1 < len(a) else max(0, t - 1)]
            bend.append(a[t] - (before + after) / 2)
    bend = np.array(bend)
    return 0.0 if bend.std() == 0 else (bend[inside].mean() - bend.mean()) / bend.std()


SLOW = {
    "auc": slow_auc,
    "correlation": slow_correlation,
    "mutual_information": slow_information,
    "peri_event": slow_peri_event,
}


@pytest.mark.parametrize("method", METHODS)
def test_effects_are_those_computed_one_by_one(rows, masks, method):
    shifted = Shifted(masks, DOCUMENTS, LAGS)
    found = effects(rows, shifted, method)
    assert found.shape == (2, len(LAGS), len(rows))
    for feature, place, inside in each(masks):
        assert shifted.counts[feature, place] == inside.sum()
        expected = [SLOW[method](row, inside) for row in rows]
        np.testing.assert_allclose(found[feature, place], expected, atol=2e-6)


@pytest.mark.parametrize("method", METHODS)
def test_there_is_no_effect_of_what_holds_nowhere_or_everywhere(rows, method):
    masks = np.stack([np.zeros(200, bool), np.ones(200, bool)])
    assert np.isnan(effects(rows, Shifted(masks, [slice(0, 200)], [0]), method)).all()


@pytest.mark.parametrize("method", METHODS)
def test_a_neuron_that_reacts_later_has_its_effect_at_that_lag(method):
    random = np.random.default_rng(2)
    mask = random.random(3000) < 0.1
    rows = (2 * np.roll(mask, 5) + random.normal(size=(1, 3000))).astype(np.float32)
    lags = list(range(-8, 9))
    found = effects(rows, Shifted(mask[None], [slice(0, 3000)], lags), method)
    assert lags[int(np.argmax(found[0, :, 0]))] == 5


def test_many_tokens_are_summed_in_blocks_without_a_seam(masks):
    random = np.random.default_rng(3)
    rows = random.normal(size=(2, 40_000)).astype(np.float32)
    mask = random.random(40_000) < 0.3
    found = effects(rows, Shifted(mask[None], [slice(0, 40_000)], [1]), "auc")
    inside = np.concatenate([[False], mask[:-1]])
    np.testing.assert_allclose(found[0, 0], [slow_auc(row, inside) for row in rows], atol=1e-6)


def test_ranks_are_those_of_scipy(rows):
    ranks = scipy.stats.rankdata(rows, axis=1)
    np.testing.assert_array_equal(centred_ranks(rows), ranks - 100.5)


def test_ranks_within_kinds_are_those_of_scipy(rows):
    kinds = np.random.default_rng(4).integers(0, 300, 200)
    kinds = np.unique(kinds, return_inverse=True)[1]
    order_of = Ordering(np.arange(200), kinds)
    found = np.empty_like(rows)
    for row, into in zip(rows, found, strict=True):
        order_of(row).rank_within_kinds(into)
    for kind in range(kinds.max() + 1):
        at = kinds == kind
        ranks = scipy.stats.rankdata(rows[:, at], axis=1)
        np.testing.assert_array_equal(found[:, at], ranks - (at.sum() + 1) / 2)


def test_the_effect_beyond_the_token_is_the_weighted_mean_over_kinds(rows, masks):
    kinds = np.random.default_rng(5).integers(0, 9, 200)
    shifted = Shifted(masks, DOCUMENTS, LAGS)
    by_lag = [auc_beyond_token(rows, shifted, kinds, np.full((2, 8), place)) for place in range(len(LAGS))]
    np.testing.assert_allclose(np.stack([auc for auc, _ in by_lag], axis=1), effects(rows, shifted, "auc"), atol=1e-6)
    found = np.stack([beyond for _, beyond in by_lag], axis=1)
    for feature, place, inside in each(masks):
        for neuron, row in enumerate(rows):
            above = below = 0.0
            for kind in range(9):
                there, other = row[(kinds == kind) & inside], row[(kinds == kind) & ~inside]
                if len(there) and len(other):
                    weight = len(there) * len(other) / (len(there) + len(other) + 1)
                    test = scipy.stats.mannwhitneyu(there, other)
                    above += weight * (2 * test.statistic / (len(there) * len(other)) - 1)
                    below += weight
            assert found[feature, place, neuron] == pytest.approx(above / below, abs=1e-6)


def test_a_feature_that_is_the_token_has_nothing_beyond_it(rows):
    kinds = np.random.default_rng(6).integers(0, 4, 200)
    shifted = Shifted((kinds == 2)[None], DOCUMENTS, [0])
    assert np.isnan(auc_beyond_token(rows, shifted, kinds, np.zeros((1, 8), int))[1]).all()


@pytest.mark.parametrize("tokens", [1, 3, 7, 9, 2**14 + 5, 2**14 + 7])
def test_a_lag_may_be_longer_than_the_last_part_that_is_read(tokens):
    mask, lags = np.ones(tokens, np.bool_), range(-8, 9)
    shifted = Shifted(mask[None], [slice(0, tokens)], lags)
    assert shifted.counts[0].tolist() == [max(0, tokens - abs(lag)) for lag in lags]
