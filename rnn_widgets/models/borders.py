"""Long documents read in stretches side by side: where they are cut, and whether the stretches fit together.

A stretch begins with a state of zero, which is wrong, and which a network forgets sooner or later. So every stretch is
read again from the state that the one before it ended with, until what is read is what was there already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import SignalKey
from rnn_widgets.models.filling import Filling
from rnn_widgets.models.lanes import piece
from rnn_widgets.models.reader import Reader
from rnn_widgets.models.reading import PIECE, Numbers

SHORTEST = 4 * PIECE
"""Tokens of the shortest stretch."""

OneState: TypeAlias = tuple[dict[str, NDArray[np.float32]], ...]
"""The state of every layer on one lane: arrays [H] by name."""


class Border(NamedTuple):
    """A place in a document, and the state before it."""

    position: int
    stop: int
    state: OneState


def cut(documents: Sequence[slice], lanes: int) -> list[list[slice]]:
    """The stretches of each document: more than one where it would keep a lane busy when all others are done.

    There are fewer borders between stretches than lanes.
    """
    tokens = sum(document.stop - document.start for document in documents)
    length = max(SHORTEST, PIECE * ceil(tokens / lanes / PIECE))
    return [
        [slice(start, min(start + length, document.stop)) for start in range(document.start, document.stop, length)]
        for document in documents
    ]


def mend(
    reader: Reader, numbers: Numbers, filling: Filling, borders: Sequence[Border], tolerance: float
) -> Mapping[SignalKey, float]:
    """Reads on from each border, in place of what was read there, until a whole piece is the same.

    Where that takes longer than to the next border, what was read from there is read again too.

    Args:
        reader: what reads.
        numbers: the text's token numbers, (T,).
        filling: what has been recorded.
        borders: at most as many as there are lanes.
        tolerance: see `Filling.differences`.

    Returns:
        The largest differences that were left, by signal.
    """
    left: dict[SignalKey, float] = {}
    while borders:
        at = np.full((PIECE, reader.lanes), -1)
        for lane, border in enumerate(borders):
            tokens = min(PIECE, border.stop - border.position)
            at[:tokens, lane] = np.arange(border.position, border.position + tokens)
        reading = piece(numbers, at)
        before = _side_by_side([border.state for border in borders], reader.lanes)
        after, shown = reader.read(reader.placed(before), reading)
        further = []
        for run, border, state in zip(reading.runs, borders, _parted(after, len(borders)), strict=True):
            difference = filling.differences(run, shown, tolerance)
            filling.write(run, shown)
            if difference is not None:
                left = {key: max(left.get(key, 0.0), difference[key]) for key in difference}
            elif run.start + run.tokens < border.stop:
                further.append(Border(run.start + run.tokens, border.stop, state))
        borders = further
    return left


def _side_by_side(states: Sequence[OneState], lanes: int) -> Any:
    """States of single lanes as one, arrays [lanes, H]; the lanes that are left over repeat the first."""
    filled = [*states, *[states[0]] * (lanes - len(states))]
    return tuple(
        {name: np.stack([state[layer][name] for state in filled]) for name in arrays}
        for layer, arrays in enumerate(states[0])
    )


def _parted(state: Any, lanes: int) -> list[OneState]:
    """The state of each of the first lanes."""
    layers = [{name: np.asarray(array) for name, array in layer.items()} for layer in state]
    return [tuple({name: array[lane] for name, array in layer.items()} for layer in layers) for lane in range(lanes)]
