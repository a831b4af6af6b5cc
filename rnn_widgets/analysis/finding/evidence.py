"""The text that neurons are looked for in, and the other text that has the last word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import Activations, Floats
from rnn_widgets.analysis.rows import neurons_by_tokens
from rnn_widgets.analysis.swaps import FEWEST_DOCUMENTS
from rnn_widgets.features import Mask
from rnn_widgets.text import Text

FEWEST_RUNS = 20
"""Separate runs of a feature below which no number is given."""

_MOST_STRETCHES, _SHORTEST_STRETCH = 40, 100


class Side(NamedTuple):
    """Documents of a recording.

    Attributes:
        at: int (T,), the indices of their tokens in the recording.
        documents: the slice of each document among these.
    """

    at: NDArray[np.intp]
    documents: list[slice]

    @staticmethod
    def of(parts: Sequence[slice]) -> Side:
        ends = np.cumsum([part.stop - part.start for part in parts]).tolist()
        documents = [slice(stop - (part.stop - part.start), stop) for part, stop in zip(parts, ends, strict=True)]
        at = [np.arange(part.start, part.stop) for part in parts]
        return Side(np.concatenate([*at, np.empty(0, np.intp)]).astype(np.intp), documents)

    def rows(self, acts: Activations, signal: str, layer: int) -> Floats:
        """Each neuron's activations at these tokens, float32 (H, T)."""
        values = acts[signal, layer]
        whole = len(self.at) == len(values) and bool((np.diff(self.at) == 1).all())
        return neurons_by_tokens(values if whole else values[self.at])

    def whole_documents(self, text: Text) -> bool:
        """Whether each of these is a document of the recording's text from its beginning to its end."""
        whole = {(part.start, part.stop) for part in text.slices()}
        return all((int(self.at[part.start]), int(self.at[part.stop - 1]) + 1) in whole for part in self.documents)

    def text(self, text: Text) -> Text:
        """These documents of the recording's text."""
        starts = tuple(part.start for part in self.documents)
        return Text(tuple(text.tokens[index] for index in self.at), starts, text.joiner)

    def beginnings(self, tokens: int) -> Side:
        """The beginnings of the documents, all of the same length at most, that have some so many tokens together."""
        lengths = np.array([part.stop - part.start for part in self.documents])
        longest = int(lengths.max())
        while longest > _SHORTEST_STRETCH and np.minimum(lengths, longest).sum() > tokens:
            longest = max(_SHORTEST_STRETCH, longest * 9 // 10)
        firsts = self.at[[part.start for part in self.documents]]
        stops = firsts + np.minimum(lengths, longest)
        return Side.of([slice(first, stop) for first, stop in zip(firsts.tolist(), stops.tolist(), strict=True)])


def sides(text: Text, seed: int) -> tuple[Side, Side, str | None]:
    """A text's documents in two halves, and what is to be said about it.

    A text of fewer than ten documents is cut: the first half is one side, stretches of the second the other, none
    if they would be too short.
    """
    documents = text.slices()
    if len(documents) >= 2 * FEWEST_DOCUMENTS:
        order = np.random.default_rng(seed).permutation(len(documents))
        first, second = ([documents[number] for number in sorted(part)] for part in (order[::2], order[1::2]))
        return Side.of(first), Side.of(second), None
    half = len(text) // 2
    first = [slice(part.start, min(part.stop, half)) for part in documents if part.start < half]
    length = max(_SHORTEST_STRETCH, (len(text) - half) // _MOST_STRETCHES)
    later = [slice(max(part.start, half), part.stop) for part in documents if part.stop > half]
    second = [
        slice(start, start + length) for part in later for start in range(part.start, part.stop - length + 1, length)
    ]
    message = (
        f"The text has {len(documents)} document{'s' if len(documents) > 1 else ''}, too few to keep some for "
        f"confirmation: its second half was cut into {len(second)} stretches of {length} tokens instead, and stretches "
        "that follow each other tell less than documents do. Give held_out, or more documents."
    )
    return Side.of(first), Side.of(second), message


def runs(mask: Mask, documents: Sequence[slice]) -> int:
    """Separate runs of neighbouring tokens that have a feature; a document's border parts them."""
    begins = mask.copy()
    begins[1:] &= ~mask[:-1]
    for part in documents:
        if part.start < part.stop:
            begins[part.start] = mask[part.start]
    return int(begins.sum())
