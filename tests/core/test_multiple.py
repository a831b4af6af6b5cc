"""Corrections for how many questions were asked, against scipy and the definitions."""

import numpy as np
import pytest
import scipy.stats

from rnn_widgets.analysis.multiple import benjamini_hochberg, in_families, simes

P = np.array([[0.001, 0.4, 0.03, 0.2], [0.5, 0.5, 0.9, 0.7]])


def test_benjamini_and_hochbergs_adjustment_is_that_of_scipy():
    random = np.random.default_rng(0)
    p = random.random((20, 30)) ** 3
    np.testing.assert_allclose(benjamini_hochberg(p), scipy.stats.false_discovery_control(p, axis=1))


def test_simes_is_the_smallest_adjusted_p():
    p = np.random.default_rng(1).random((50, 7))
    np.testing.assert_allclose(simes(p), scipy.stats.false_discovery_control(p, axis=1).min(axis=1))


def test_what_was_not_asked_does_not_count():
    p = np.array([0.01, np.nan, 0.04, np.nan, 0.5])
    asked = np.array([0, 2, 4])
    assert simes(p) == simes(p[asked])
    np.testing.assert_allclose(benjamini_hochberg(p)[asked], benjamini_hochberg(p[asked]))
    assert np.isnan(benjamini_hochberg(p)[[1, 3]]).all()
    assert simes(np.full(3, np.nan)) == 1


@pytest.mark.parametrize("q", [0.01, 0.05, 0.3])
def test_questions_within_chosen_families_are_rejected_as_the_procedure_says(q):
    p = np.random.default_rng(2).random((10, 15)) ** np.array([6, 4, *[1] * 8])[:, None]
    chosen = in_families(p, q)
    families = scipy.stats.false_discovery_control(simes(p)) <= q
    np.testing.assert_array_equal(chosen.families, families)
    level = q * families.sum() / 10
    rejected = (scipy.stats.false_discovery_control(p, axis=1) <= level) & families[:, None]
    np.testing.assert_array_equal(chosen.adjusted <= q, rejected)


def test_families_asked_about_earlier_count():
    assert in_families(P, 0.05).families.tolist() == [True, False]
    assert in_families(P, 0.05, others=60).families.tolist() == [False, False]


def test_without_any_effect_few_worlds_have_a_finding():
    random = np.random.default_rng(3)
    found = [(in_families(random.random((8, 50)), 0.05).adjusted <= 0.05).any() for _ in range(1000)]
    assert 0.03 < np.mean(found) < 0.07
