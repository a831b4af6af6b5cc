"""Stretches of a text laid one after the other on lanes, which are read side by side, piece by piece."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.models.reading import PIECE, Numbers


class Run(NamedTuple):
    """Neighbouring tokens of one stretch in one piece: those of the text from `start` are the lane's from `first`."""

    lane: int
    first: int
    start: int
    tokens: int


@dataclass(frozen=True, eq=False)
class Piece:
    """What is read at once, [PIECE, lanes]; where there is no token some other one is read, which nothing follows from.

    Attributes:
        tokens: int32, the tokens read.
        following: int32, those that come next in the text.
        keep: float32, 0 where a stretch starts, so that its state is zero before it, else 1.
        going: bool, false where there is no token, so that the state stays as it is.
        runs: where the tokens are in the text.
    """

    tokens: Numbers
    following: Numbers
    keep: NDArray[np.float32]
    going: NDArray[np.bool_]
    runs: tuple[Run, ...]


def pieces(numbers: Numbers, stretches: Sequence[slice], lanes: int, length: int = PIECE) -> Iterator[Piece]:
    """The stretches of a text, the longest first, each on the lane that is free first.

    Args:
        numbers: the text's token numbers, (T,).
        stretches: parts of it; none is empty.
        lanes: how many are read side by side.
        length: tokens of a piece that are used, at most PIECE.
    """
    where = _laid_out(stretches, lanes)
    starts = np.zeros(len(numbers), np.bool_)
    starts[[stretch.start for stretch in stretches]] = True
    for first in range(0, len(where), length):
        at = np.full((PIECE, lanes), -1)
        part = where[first : first + length]
        at[: len(part)] = part
        yield piece(numbers, at, starts[at])


def piece(numbers: Numbers, at: NDArray[np.int64], starts: NDArray[np.bool_] | None = None) -> Piece:
    """The piece that reads the tokens with the indices `at`, [PIECE, lanes], -1 where there is none."""
    going = at >= 0
    keep = np.ones(at.shape, np.float32)
    if starts is not None:
        keep[starts & going] = 0
    following = np.minimum(at + 1, len(numbers) - 1)
    runs = tuple(run for lane in range(at.shape[1]) for run in _runs(lane, at[going[:, lane], lane]))
    return Piece(numbers[at], numbers[following], keep, going, runs)


def _laid_out(stretches: Sequence[slice], lanes: int) -> NDArray[np.int64]:
    """The index in the text of each token that a lane reads, [steps, lanes]; -1 where it has none."""
    queues: list[list[NDArray[np.int64]]] = [[] for _ in range(lanes)]
    free = [(0, lane) for lane in range(lanes)]
    for stretch in sorted(stretches, key=lambda one: one.start - one.stop):
        steps, lane = heapq.heappop(free)
        queues[lane].append(np.arange(stretch.start, stretch.stop))
        heapq.heappush(free, (steps + stretch.stop - stretch.start, lane))
    where = np.full((max(steps for steps, _ in free), lanes), -1)
    for lane, queue in enumerate(queues):
        column = np.concatenate([*queue, np.empty(0, np.int64)])
        where[: len(column), lane] = column
    return where


def _runs(lane: int, indices: NDArray[np.int64]) -> Iterator[Run]:
    """The runs of a lane whose first tokens have these indices in the text."""
    if len(indices) == 0:
        return
    firsts = [0, *(np.flatnonzero(np.diff(indices) != 1) + 1).tolist(), len(indices)]
    for first, last in pairwise(firsts):
        yield Run(lane, first, int(indices[first]), last - first)
