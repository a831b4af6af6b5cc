"""Covariances beside those of all circular shifts, each made one by one."""

import numpy as np
import pytest
import scipy.signal

from rnn_widgets.analysis.effects import Shifted
from rnn_widgets.analysis.shifts import own_scores, shift_scores


@pytest.mark.parametrize("tokens", [120, 121])
def test_scores_are_those_of_all_shifts_one_by_one(tokens):
    random = np.random.default_rng(0)
    rows = random.normal(size=(5, tokens)).cumsum(axis=1).astype(np.float32)
    masks = random.random((3, tokens)) < 0.3
    found = shift_scores(rows, masks, Shifted(masks, [slice(0, tokens)], [0]))
    for feature, mask in enumerate(masks):
        for neuron, row in enumerate(rows):
            centred = row - row.mean(dtype=np.float64)
            covariances = [centred @ np.roll(mask, shift) for shift in range(tokens)]
            assert np.mean(covariances) == pytest.approx(0, abs=1e-3)
            assert found[feature, 0, neuron] == pytest.approx(covariances[0] / np.std(covariances), abs=1e-4)


def test_lags_have_a_score_each():
    random = np.random.default_rng(1)
    mask = random.random(4000) < 0.2
    rows = (0.5 * np.roll(mask, 3) + random.normal(size=(1, 4000))).astype(np.float32)
    found = shift_scores(rows, mask[None], Shifted(mask[None], [slice(0, 4000)], [-3, 0, 3]))[0, :, 0]
    assert found[2] > 10 and abs(found[0]) < 4 and abs(found[1]) < 4


@pytest.mark.parametrize("tokens", [400, 401])
def test_a_feature_has_the_scores_of_a_neuron_that_is_it(tokens):
    mask, lags = np.repeat(np.random.default_rng(2).random(tokens) < 0.3, 3)[:tokens], np.arange(-4, 5)
    for lag, score in zip(lags, own_scores(mask, lags), strict=True):
        row = np.roll(mask, lag).astype(np.float32)[None]
        at_none = shift_scores(row, mask[None], Shifted(mask[None], [slice(0, tokens)], [0]))
        assert score == pytest.approx(at_none.item(), rel=1e-4)
    assert np.isnan(own_scores(np.ones(tokens, bool), lags)).all()


def test_what_never_changes_has_no_score():
    rows = np.ones((2, 50), np.float32)
    rows[1, ::3] = 2
    masks = np.stack([np.arange(50) % 3 == 0, np.ones(50, bool)])
    found = shift_scores(rows, masks, Shifted(masks, [slice(0, 50)], [0]))[:, 0]
    assert np.isnan(found[0, 0]) and np.isnan(found[1]).all() and found[0, 1] > 1


@pytest.mark.parametrize("memory", [0.0, 0.9, 0.99])
@pytest.mark.parametrize("run", [1, 40])
def test_neighbours_that_are_alike_raise_no_false_alarms(memory, run):
    random = np.random.default_rng(2)
    rows = scipy.signal.lfilter([1], [1, -memory], random.normal(size=(400, 6000)), axis=1)[:, 1000:]
    starts = random.random((4, 5000 // run)) < 0.2
    masks = np.repeat(starts, run, axis=1)
    found = shift_scores(rows.astype(np.float32), masks, Shifted(masks, [slice(0, 5000)], [0]))
    share = np.mean(np.abs(found) > 1.96)
    assert 0.03 < share < 0.07
