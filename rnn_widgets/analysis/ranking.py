"""Ranks of activations among all tokens, and among the tokens of each kind."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import Floats
from rnn_widgets.analysis.cores import chunks, on_all_cores

Indices = NDArray[np.intp]

ROWS_AT_ONCE = 8
"""Neurons that are sorted one after the other by one thread."""


def centred_ranks(rows: Floats) -> Floats:
    """Each neuron's ranks over the tokens, minus their mean; equal activations share the mean of their ranks.

    Args:
        rows: float32 (H, T), finite.

    Returns:
        float32 (H, T), exact: halves below 2^23 tokens.
    """
    ranks = np.empty_like(rows)
    order_of = Ordering(np.arange(rows.shape[1]))

    def rank(neurons: range) -> None:
        for neuron in neurons:
            order_of(rows[neuron]).rank(ranks[neuron])

    on_all_cores(rank, chunks(len(rows), ROWS_AT_ONCE))
    return ranks


class Ordering:
    """Sorts one neuron's activations after the other's.

    Sorting integers that hold a number and its place is several times as fast as sorting places by number.

    Args:
        places: (T,), where each token's rank shall be put, 0 .. 2^32 - 1, ascending.
        kinds: (T,), the kind of each token, from 0.
    """

    def __init__(self, places: Indices, kinds: Indices | None = None) -> None:
        self._places = places
        self.middles = _middles(np.array([len(places)]))
        if kinds is not None:
            sizes = np.bincount(kinds)
            self.number_of_kinds, self.middles_of_kinds = len(sizes), _middles(sizes)
            self.kinds = np.zeros(int(places.max(initial=-1)) + 1, np.min_scalar_type(len(sizes)))
            self.kinds[places] = kinds

    def __call__(self, row: Floats) -> Ordered:
        """Activations (T,) in order."""
        bits = (row + np.float32(0)).view(np.int32)  # adding 0 makes -0 a 0
        bits ^= (bits >> 31) & np.int32(0x7FFFFFFF)  # negative numbers ascend as integers too
        packed = bits.astype(np.int64)
        packed <<= 32
        packed |= self._places
        packed.sort()
        order = packed & 0xFFFFFFFF
        packed >>= 32
        equal = np.zeros(len(row) + 1, np.bool_)
        np.equal(packed[1:], packed[:-1], out=equal[1:-1])
        if not equal.any():
            return Ordered(self, order, order[:0], order[:0])
        tied = np.flatnonzero(equal[1:] | equal[:-1])
        return Ordered(self, order, order[tied], np.cumsum(~equal[tied]) - 1)


class Ordered(NamedTuple):
    """The places of one neuron's tokens, by ascending activation.

    Attributes:
        by: the ordering that made it.
        order: (T,), the places,
        tied: (M,), and those whose activation another has too,
        run: (M,), with the number of the run of equal ones.
    """

    by: Ordering
    order: Indices
    tied: Indices
    run: Indices

    def rank(self, into: Floats) -> None:
        """Puts ranks among all tokens, minus their mean, at their places."""
        into[self.order] = self.by.middles
        _share(into, self.tied, self.run)

    def rank_within_kinds(self, into: Floats) -> None:
        """Puts ranks counted, and centred, among the tokens of one kind."""
        by = self.by
        # activations stay in order within a kind: this second sort is stable
        into[self.order.take(np.argsort(by.kinds.take(self.order), kind="stable"))] = by.middles_of_kinds
        runs = self.run * by.number_of_kinds + by.kinds[self.tied]
        _share(into, self.tied, np.unique(runs, return_inverse=True)[1])


def _share(ranks: Floats, tied: Indices, run: Indices) -> None:
    """Gives the places of each run the mean of their ranks."""
    if len(tied):
        ranks[tied] = (np.bincount(run, ranks[tied]) / np.bincount(run))[run]


def _middles(sizes: Indices) -> Floats:
    """For the tokens of each kind in turn, their ranks minus the kind's mean, (T,)."""
    begins = np.cumsum(sizes) - sizes
    return (np.arange(sizes.sum()) - np.repeat(begins + (sizes - 1) / 2, sizes)).astype(np.float32)
