"""Ranks of activations among all tokens, or among the tokens of each kind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from os import cpu_count

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import Floats


def centred_ranks(rows: Floats, strata: NDArray[np.intp] | None = None) -> Floats:
    """Each neuron's ranks over the tokens, minus their mean; equal activations share the mean of their ranks.

    Args:
        rows: float32 (H, T).
        strata: (T,), the kind of each token, from 0; ranks are then counted, and centred, among tokens of one kind.

    Returns:
        float32 (H, T), exact: halves below 2^23 tokens.
    """
    ranks = np.empty_like(rows)
    kinds = None if strata is None else strata.astype(np.min_scalar_type(int(strata.max(initial=0))))
    half = (len(rows[0]) - 1) / 2 if strata is None else (np.bincount(strata) - 1)[strata] / 2

    def rank(neuron: int) -> None:
        values = rows[neuron]
        order = np.argsort(values)
        if kinds is not None:
            # values stay in order within a kind: this second sort is stable
            order = order[np.argsort(kinds[order], kind="stable")]
        ordered = values[order]
        first = np.empty(len(values), np.bool_)
        first[:1] = True
        np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
        if kinds is not None:
            beginning = np.diff(kinds[order], prepend=kinds[order[:1]] + 1) != 0
            first |= beginning
        starts = np.flatnonzero(first)
        lengths = np.diff(starts, append=len(values))
        middles = starts + (lengths - 1) / 2
        if kinds is not None:
            begins = np.flatnonzero(beginning)
            middles -= begins[np.searchsorted(begins, starts, side="right") - 1]
        ranks[neuron, order] = np.repeat(middles, lengths)
        ranks[neuron] -= half

    with ThreadPoolExecutor(cpu_count()) as workers:
        list(workers.map(rank, range(len(rows))))
    return ranks
