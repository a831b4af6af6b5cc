"""Stretches of a text in which several neurons are on together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import Floats
from rnn_widgets.analysis.cores import on_all_cores
from rnn_widgets.features import Mask

Indices = NDArray[np.intp]

_TOKENS_AT_ONCE = 4096


class Stretches(NamedTuple):
    """Stretches of tokens (S,), each within one document, ascending.

    Attributes:
        starts: the first token of each,
        stops: and the token after its last.
    """

    starts: Indices
    stops: Indices


class Together:
    """Where each of N neurons is on, which is at or above a threshold.

    Args:
        activations: float32 (T, H); of each token only these neurons are read.
        neurons: (N,) of them.
        threshold: from which on they are on.
        documents: the index of each document's first token.

    Attributes:
        counts: (T,), how many are on at each token.
        runs: of each neuron, the longest stretches in which it is on.
    """

    def __init__(self, activations: Floats, neurons: Indices, threshold: float, documents: Sequence[int]) -> None:
        tokens = len(activations)
        on = np.empty((len(neurons), tokens), np.bool_)
        self.counts = np.empty(tokens, np.min_scalar_type(len(neurons)))
        borders = np.zeros(tokens + 1, np.bool_)
        borders[[*documents, tokens]] = True
        adjacent = bool((np.diff(neurons) == 1).all())
        columns: slice | Indices = slice(int(neurons[0]), int(neurons[-1]) + 1) if adjacent else neurons

        def compare(first: int) -> None:
            part = slice(first, first + _TOKENS_AT_ONCE)
            values = activations[part, columns] if adjacent else np.take(activations[part], neurons, axis=1)
            np.greater_equal(values.T, threshold, out=on[:, part])
            on[:, part].sum(axis=0, dtype=self.counts.dtype, out=self.counts[part])

        on_all_cores(compare, range(0, tokens, _TOKENS_AT_ONCE))
        self.runs: list[Stretches] = on_all_cores(lambda row: _runs(row, borders), on)
        begins = np.zeros(tokens, np.bool_)
        for runs in self.runs:
            begins[runs.starts] = True
        self._begins = np.flatnonzero(begins)

    def levels(self) -> Iterator[Stretches]:
        """The stretches in which so many of the neurons are on throughout, from all of them down to one.

        Each is as long as it can be with the same neurons. One in which more end together comes again with fewer.
        """
        for count in range(len(self.runs), 0, -1):
            starts = self._begins[self.counts[self._begins] >= count]
            if len(starts):
                yield self._lasting(starts, count)

    def _lasting(self, starts: Indices, count: int) -> Stretches:
        """The stretches from these tokens on that `count` neurons last, if one of them begins there."""
        stops = np.zeros((len(self.runs), len(starts)), np.int64)
        latest = np.zeros(len(starts), np.int64)
        for row, runs in zip(stops, self.runs, strict=True):
            if len(runs.starts):
                at = np.maximum(np.searchsorted(runs.starts, starts, side="right") - 1, 0)
                inside = (runs.starts[at] <= starts) & (starts < runs.stops[at])
                row[inside] = runs.stops[at][inside]
                np.maximum(latest, np.where(runs.starts[at] == starts, row, 0), out=latest)
        stops.partition(len(stops) - count, axis=0)
        last = stops[len(stops) - count]
        whole = latest >= last
        return Stretches(starts[whole], last[whole].astype(np.intp))

    def throughout(self, start: int, stop: int) -> list[int]:
        """The places among the N of the neurons that are on from `start` to before `stop`."""
        places = []
        for place, runs in enumerate(self.runs):
            at = int(np.searchsorted(runs.starts, start, side="right")) - 1
            if at >= 0 and runs.stops[at] >= stop:
                places.append(place)
        return places


def apart(stretches: Stretches, order: Indices, taken: Mask, most: int) -> list[tuple[int, int]]:
    """Of stretches in this order those that overlap neither an earlier one nor a taken token; they are then taken.

    Args:
        stretches: S of them.
        order: (S,), a permutation.
        taken: bool (T,), which is changed.
        most: how many at most.
    """
    before = np.concatenate([[0], np.cumsum(taken)])
    order = order[before[stretches.stops[order]] == before[stretches.starts[order]]]
    chosen: list[tuple[int, int]] = []
    for start, stop in zip(stretches.starts[order].tolist(), stretches.stops[order].tolist(), strict=True):
        if len(chosen) == most:
            break
        if not taken[start:stop].any():
            taken[start:stop] = True
            chosen.append((start, stop))
    return chosen


def _runs(on: Mask, borders: Mask) -> Stretches:
    """The longest stretches in which a mask (T,) holds; they end at borders (T + 1,)."""
    begins, ends = on.copy(), on.copy()
    begins[1:] &= ~on[:-1] | borders[1:-1]
    ends[:-1] &= ~on[1:] | borders[1:-1]
    return Stretches(np.flatnonzero(begins), np.flatnonzero(ends) + 1)
