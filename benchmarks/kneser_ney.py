"""Interpolated modified Kneser-Ney n-grams (Chen and Goodman 1999, section 4.1.6) over numbered tokens, in numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.models.data import Numbered

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Order:
    """The n-grams of one length.

    Attributes:
        keys: sorted, history's id x V + last token; an n-gram's id is its place here.
        counts: how often each occurs; below the highest order, how many different tokens it follows.
        totals: counts summed over each history's continuations.
        held_back: share of each history's probability that goes to the next lower order.
        discounts: taken from counts of 0, 1, 2, and 3 or more.
    """

    keys: Ids
    counts: Ids
    totals: Ids
    held_back: Floats
    discounts: Floats


class KneserNey:
    """An n-gram model with the closed vocabulary 0..size-1. Nothing crosses a document's border.

    Args:
        numbered: the training text.
        size: number of tokens in the vocabulary, `<unk>` included.
        order: length of the longest n-gram.
    """

    def __init__(self, numbered: Numbered, size: int, order: int = 5) -> None:
        self.size = size
        tokens = numbered.tokens.astype(np.int64)
        depth = _depth(numbered.starts)
        ids = [np.zeros(len(tokens), np.int64)]
        tables: list[tuple[Ids, Ids, Ids]] = []
        for length in range(1, order + 1):
            at = np.flatnonzero(depth >= length - 1)
            history = ids[-1][at - 1] if length > 1 else np.zeros(len(at), np.int64)
            keys, first, inverse, counts = np.unique(
                history * size + tokens[at], return_index=True, return_inverse=True, return_counts=True
            )
            own = np.full(len(tokens), -1)
            own[at] = inverse
            ids.append(own)
            tables.append((keys, at[first], counts.astype(np.int64)))
        self._orders: list[_Order] = []
        for length in range(1, order + 1):
            keys, _, counts = tables[length - 1]
            if length < order:
                extended_at = tables[length][1]
                counts = np.bincount(ids[length][extended_at], minlength=len(keys))
            histories = len(tables[length - 2][0]) if length > 1 else 1
            self._orders.append(_order(keys, counts, keys // size, histories))

    def surprisal(self, numbered: Numbered) -> Floats:
        """Bits of every token given those before it in its document, (T,); NaN at a document's first token."""
        tokens = numbered.tokens.astype(np.int64)
        depth = _depth(numbered.starts)
        probability = np.full(len(tokens), 1.0 / self.size)
        history = np.zeros(len(tokens), np.int64)
        for length, order in enumerate(self._orders, start=1):
            history = np.where(depth >= length - 1, history, -1)
            found = _find(order.keys, history, tokens, self.size)
            probability = _interpolate(order, history, found, probability)
            history = np.concatenate([[-1], found[:-1]])
        bits: Floats = np.where(numbered.starts, np.nan, -np.log2(probability))
        return bits

    def distribution(self, history: NDArray[np.int32]) -> Floats:
        """Probability of every token after `history`, (V,)."""
        every = np.arange(self.size)
        probability = np.full(self.size, 1.0 / self.size)
        for length, order in enumerate(self._orders, start=1):
            if length - 1 > len(history):
                break
            context = 0
            for lower, token in zip(self._orders, history[len(history) - length + 1 :], strict=False):
                context = int(_find(lower.keys, np.array([context]), np.array([token]), self.size)[0])
            contexts = np.full(self.size, context)
            found = _find(order.keys, contexts, every, self.size)
            probability = _interpolate(order, contexts, found, probability)
        return probability


def _order(keys: Ids, counts: Ids, history: Ids, histories: int) -> _Order:
    discounts = _discounts(counts)
    totals = np.bincount(history, counts, histories).astype(np.int64)
    taken = np.bincount(history, discounts[np.minimum(counts, 3)], histories)
    held_back = np.divide(taken, totals, out=np.ones(histories), where=totals > 0)
    return _Order(keys, counts, totals, held_back, discounts)


def _discounts(counts: Ids) -> Floats:
    """D1, D2 and D3+ from how many n-grams occur once, twice, three and four times (equation 26), after a 0.

    The estimate fails for short n-grams over a small or closed vocabulary, of which hardly any is rare: then one half
    is taken from each.
    """
    n1, n2, n3, n4 = (int(np.sum(counts == count)) for count in (1, 2, 3, 4))
    if min(n1, n2, n3, n4) > 0:
        y = n1 / (n1 + 2 * n2)
        estimated = np.array([0.0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3])
        if estimated[1:].min() > 0:
            return estimated
    return np.array([0.0, 0.5, 0.5, 0.5])


def _interpolate(order: _Order, history: Ids, found: Ids, lower: Floats) -> Floats:
    known = (history >= 0) & (order.totals[history] > 0)
    counts = np.where(found >= 0, order.counts[found], 0)
    kept = np.maximum(counts - order.discounts[np.minimum(counts, 3)], 0.0)
    higher = kept / np.maximum(order.totals[history], 1) + order.held_back[history] * lower
    return np.where(known, higher, lower)


def _find(keys: Ids, history: Ids, tokens: Ids, size: int) -> Ids:
    wanted = history * size + tokens
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where((history >= 0) & (keys[place] == wanted), place, -1)


def _depth(starts: NDArray[np.bool_]) -> Ids:
    """How many tokens of its document stand before each token."""
    index = np.arange(len(starts))
    return index - np.maximum.accumulate(np.where(starts, index, 0))
