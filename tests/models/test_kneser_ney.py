from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from benchmarks.kneser_ney import KneserNey
from rnn_widgets.models.data import Numbered
from rnn_widgets.text import Text, Vocabulary
from tests.models.conftest import RHYME


@pytest.fixture(scope="module")
def rhyme() -> tuple[Numbered, int]:
    text = Text.concatenate([Text(tuple(RHYME)), Text(tuple(RHYME[20:] * 2))])
    vocabulary = Vocabulary.from_tokens(text.tokens, minimum_count=3)
    return Numbered.from_text(text, vocabulary), len(vocabulary)


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_probabilities_sum_to_one_after_every_history(rhyme: tuple[Numbered, int], order: int) -> None:
    numbered, size = rhyme
    model = KneserNey(numbered, size, order)
    generator = np.random.default_rng(0)
    seen = [numbered.tokens[at : at + length] for at, length in zip((0, 9, 40, 77), (0, 2, 4, 7), strict=True)]
    unseen = [generator.integers(size, size=length).astype(np.int32) for length in (1, 4, 6)]
    for history in seen + unseen:
        probabilities = model.distribution(history)
        assert (probabilities > 0).all()
        assert probabilities.sum() == pytest.approx(1.0, abs=1e-12)


def test_surprisal_is_that_of_the_distribution_within_the_document(rhyme: tuple[Numbered, int]) -> None:
    numbered, size = rhyme
    model = KneserNey(numbered, size, 4)
    surprisal = model.surprisal(numbered)
    starts = np.flatnonzero(numbered.starts)
    np.testing.assert_array_equal(np.flatnonzero(np.isnan(surprisal)), starts)
    for t in (1, 2, 50, int(starts[1]) + 1, int(starts[1]) + 2, int(starts[1]) + 9):
        begin = starts[np.searchsorted(starts, t, side="right") - 1]
        expected = model.distribution(numbered.tokens[begin:t])[numbered.tokens[t]]
        assert surprisal[t] == pytest.approx(-np.log2(expected), abs=1e-9)


def test_bigrams_equal_the_formula_written_out() -> None:
    """Counts of counts that allow the estimate at no order, so each discount is one half."""
    tokens = [1, 2, 1, 3, 1, 2, 2, 3]
    numbered = Numbered(np.array(tokens, np.int32), np.arange(8) == 0)
    model = KneserNey(numbered, 4, 2)
    bigrams = list(pairwise(tokens))
    for history in (1, 2, 3):
        total = sum(1 for first, _ in bigrams if first == history)
        followers = {second for first, second in bigrams if first == history}
        for token in range(4):
            kinds = [len({first for first, second in bigrams if second == other}) for other in range(4)]
            lower = max(kinds[token] - 0.5, 0) / sum(kinds) + 0.5 * 3 / sum(kinds) / 4
            expected = max(bigrams.count((history, token)) - 0.5, 0) / total + 0.5 * len(followers) / total * lower
            found = model.distribution(np.array([history], np.int32))[token]
            assert found == pytest.approx(expected, abs=1e-12)


def test_a_longer_order_predicts_its_own_text_better(rhyme: tuple[Numbered, int]) -> None:
    numbered, size = rhyme
    bits = [np.nanmean(KneserNey(numbered, size, order).surprisal(numbered)) for order in (1, 2, 3, 5)]
    assert all(longer < shorter for shorter, longer in pairwise(bits))
