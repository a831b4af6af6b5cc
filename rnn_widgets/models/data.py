"""Numbered tokens in the shapes that training reads: streams, short windows, and whole documents side by side."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.text import Text, Vocabulary


@dataclass(frozen=True)
class Numbered:
    """A text as token numbers, and where its documents start.

    Attributes:
        tokens: int32 (T,).
        starts: bool (T,), true at a document's first token.
    """

    tokens: NDArray[np.int32]
    starts: NDArray[np.bool_]

    @staticmethod
    def from_text(text: Text, vocabulary: Vocabulary) -> Numbered:
        starts = np.zeros(len(text), np.bool_)
        starts[list(text.documents)] = True
        return Numbered(vocabulary.encode(text.tokens), starts)


@dataclass(frozen=True)
class Batches:
    """N pieces to read one after the other, each `steps` tokens long and `rows` wide.

    Attributes:
        inputs: int32 [N, steps, rows], the token read.
        targets: int32 [N, steps, rows], the token after it.
        keep: float32 [N, steps, rows], 0 where a document starts, so that the state does.
        weights: float32 [N, steps, rows], 0 where there is nothing to predict: padding, and after a document's
            last token.
    """

    inputs: NDArray[np.int32]
    targets: NDArray[np.int32]
    keep: NDArray[np.float32]
    weights: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.inputs)


def streams(numbered: Numbered, rows: int, steps: int, generator: np.random.Generator) -> Batches:
    """The text cut into `rows` streams that are read side by side, the state carried from piece to piece.

    Where the cuts lie differs with the generator: the text is turned by a random number of tokens.
    """
    predicted = len(numbered.tokens) - 1
    length = predicted // rows
    if length < 1:
        raise ValueError(
            f"A training text of {predicted + 1} tokens is too short for {rows} rows: give more text or fewer rows."
        )
    turn = int(generator.integers(predicted))
    columns = (np.arange(rows * length) + turn) % predicted
    return _cut(numbered, columns.reshape(rows, length), steps)


def windows(numbered: Numbered, rows: int, steps: int, generator: np.random.Generator) -> Batches:
    """Windows of `steps` tokens in random order, each read from a state of zero, as the original system does."""
    count = (len(numbered.tokens) - 1) // steps
    pieces = count // rows
    if pieces < 1:
        raise ValueError(
            f"A training text of {len(numbered.tokens)} tokens has {count} windows of {steps} tokens, "
            f"but {rows} are read at once: give more text or fewer rows."
        )
    offset = int(generator.integers(len(numbered.tokens) - count * steps))
    order = generator.permutation(count)[: pieces * rows].reshape(pieces, rows)
    index = offset + order[:, None, :] * steps + np.arange(steps)[None, :, None]
    keep = np.where(numbered.starts[index], 0.0, 1.0)
    keep[:, 0, :] = 0.0
    return Batches(
        numbered.tokens[index],
        numbered.tokens[index + 1],
        keep.astype(np.float32),
        np.where(numbered.starts[index + 1], 0.0, 1.0).astype(np.float32),
    )


def side_by_side(numbered: Numbered, rows: int, steps: int) -> Batches:
    """Every token of every document once, whole documents spread over at most `rows` rows, the longest first."""
    first = np.flatnonzero(numbered.starts)
    last = np.append(first[1:], len(numbered.tokens))
    used = min(rows, len(first))
    documents: list[list[NDArray[np.int64]]] = [[] for _ in range(used)]
    filled = np.zeros(used, np.int64)
    for document in np.argsort(first - last, kind="stable"):
        row = int(np.argmin(filled))
        documents[row].append(np.arange(first[document], last[document]))
        filled[row] += last[document] - first[document]
    columns = np.full((used, int(filled.max())), -1)
    for row, parts in enumerate(documents):
        columns[row, : filled[row]] = np.concatenate(parts)
    return _cut(numbered, columns, steps)


def _cut(numbered: Numbered, columns: NDArray[np.int64], steps: int) -> Batches:
    """Pieces of `steps` of the token indices [rows, length], -1 standing for nothing."""
    rows, length = columns.shape
    count = ceil(length / steps)
    padded = np.full((rows, count * steps), -1)
    padded[:, :length] = columns
    index = padded.T.reshape(count, steps, rows)
    following = np.minimum(index + 1, len(numbered.tokens) - 1)
    predicts = (index >= 0) & (index + 1 < len(numbered.tokens)) & ~numbered.starts[following]
    return Batches(
        np.where(index >= 0, numbered.tokens[index], 0).astype(np.int32),
        numbered.tokens[following],
        np.where((index >= 0) & numbered.starts[index], 0.0, 1.0).astype(np.float32),
        predicts.astype(np.float32),
    )


def split(text: Text, held_out: float) -> tuple[Text, Text]:
    """The text for training and, after it, the held-out text: about the share `held_out` of the tokens, contiguous.

    A text of several documents is cut where a document starts, one of a single document between two tokens.

    Raises:
        ValueError: if the share is not between 0 and 1, or the text is too short to be cut.
    """
    if not 0.0 < held_out < 1.0:
        raise ValueError(f"The held-out share is a number between 0 and 1, got {held_out!r}.")
    wanted = round(len(text) * (1.0 - held_out))
    starts = np.array(text.documents[1:])
    cut = int(starts[np.argmin(np.abs(starts - wanted))]) if len(starts) else wanted
    if cut < 2 or len(text) - cut < 2:
        raise ValueError(f"A text of {len(text)} tokens is too short to hold out {held_out:.0%} of it: give more text.")
    before = tuple(start for start in text.documents if start < cut)
    after = (0, *(start - cut for start in text.documents if start > cut))
    return Text(text.tokens[:cut], before, text.joiner), Text(text.tokens[cut:], after, text.joiner)
