"""Features of where a token stands: in its line, sentence or word, inside quotes or brackets."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.features.feature import Feature, Mask
from rnn_widgets.text import Text

Counts = NDArray[np.int64]

_OPENING, _CLOSING = "([{", ")]}"
_ENDS_SENTENCE = frozenset(".?!")


def in_line(least: int = 0, below: int | None = None, *, name: str | None = None) -> Feature:
    """Tokens with at least `least`, and fewer than `below`, tokens before them in their line.

    A line ends with a token that holds a line feed.

    Raises:
        ValueError: if not 0 <= least < below.
    """
    return _between(tokens_in_line, "line", least, below, name)


def in_sentence(least: int = 0, below: int | None = None, *, name: str | None = None) -> Feature:
    """Tokens with at least `least`, and fewer than `below`, tokens before them in their sentence.

    A sentence ends with a token that ends with a full stop, a question mark or an exclamation mark: abbreviations too.

    Raises:
        ValueError: if not 0 <= least < below.
    """
    return _between(tokens_in_sentence, "sentence", least, below, name)


def in_word(least: int = 0, below: int | None = None, *, name: str | None = None) -> Feature:
    """Tokens of letters and digits with at least `least`, and fewer than `below`, such tokens just before them.

    Raises:
        ValueError: if not 0 <= least < below.
    """
    return _between(tokens_in_word, "word", least, below, name)


def inside_quotes(mark: str = '"', *, name: str | None = None) -> Feature:
    """Tokens after an opening quotation mark, which is one of them, and before the closing one, which is not.

    Opening and closing look the same. An empty line ends a quotation that was not closed.

    Raises:
        ValueError: if the mark is empty.
    """
    if not isinstance(mark, str) or not mark:
        raise ValueError(f"A quotation mark is a string such as '\"', got {mark!r}.")

    def compute(text: Text) -> Mask:
        odd = np.fromiter((token.count(mark) % 2 for token in text.tokens), np.int64, len(text))
        since = odd.cumsum()
        begins = np.zeros(len(text), bool)
        begins[list(text.documents)] = True
        ends_line = _holds(text, "\n")
        begins[1:] |= ends_line[1:] & ends_line[:-1]
        first = np.maximum.accumulate(np.where(begins, np.arange(len(text)), 0))
        inside: Mask = (since - since[first] + odd[first]) % 2 == 1
        return inside

    return Feature(name or f"inside {mark}", compute)


def inside_brackets(depth: int = 1, *, name: str | None = None) -> Feature:
    """Tokens inside at least `depth` round, square or curly brackets; the opening one is inside, the closing is not.

    Raises:
        ValueError: if the depth is not a whole number from 1.
    """
    if isinstance(depth, bool) or not isinstance(depth, int) or depth < 1:
        raise ValueError(f"The depth of brackets is a whole number from 1, got {depth!r}.")
    return Feature(
        name or f"inside brackets{'' if depth == 1 else f', {depth} deep or more'}",
        lambda text: bracket_depth(text) >= depth,
    )


def tokens_in_line(text: Text) -> Counts:
    """How many tokens stand before each in its line, (T,)."""
    return _since(text, _holds(text, "\n"))


def tokens_in_sentence(text: Text) -> Counts:
    """How many tokens stand before each in its sentence, (T,)."""
    return _since(text, np.fromiter((token[-1:] in _ENDS_SENTENCE for token in text.tokens), bool, len(text)))


def tokens_in_word(text: Text) -> Counts:
    """How many tokens of letters and digits stand just before each that is one too, (T,); -1 at the others."""
    inside = np.fromiter((token.isalnum() for token in text.tokens), bool, len(text))
    counts = _since(text, ~inside)
    return np.where(inside, counts, -1)


def bracket_depth(text: Text) -> Counts:
    """How many brackets are open after each token, (T,); one that closes nothing counts for nothing."""
    steps = {token: sum((letter in _OPENING) - (letter in _CLOSING) for letter in token) for token in set(text.tokens)}
    depth = np.empty(len(text), np.int64)
    for part in text.slices():
        path = np.fromiter((steps[token] for token in text.tokens[part]), np.int64, part.stop - part.start).cumsum()
        depth[part] = path - np.minimum(np.minimum.accumulate(path), 0)
    return depth


def _holds(text: Text, letter: str) -> Mask:
    return np.fromiter((letter in token for token in text.tokens), bool, len(text))


def _since(text: Text, ends: Mask) -> Counts:
    """Tokens since the one after the last that `ends`, or since the document's first."""
    begins = np.zeros(len(text), bool)
    begins[1:] = ends[:-1]
    begins[list(text.documents)] = True
    at = np.arange(len(text))
    counts: Counts = at - np.maximum.accumulate(np.where(begins, at, 0))
    return counts


def _between(count: Callable[[Text], Counts], where: str, least: int, below: int | None, name: str | None) -> Feature:
    wrong = [number for number in (least, below) if number is not None and not isinstance(number, int)]
    if wrong or least < 0 or (below is not None and below <= least):
        raise ValueError(f"A place in a {where} is counted from 0, with least < below, got {least!r} and {below!r}.")

    def compute(text: Text) -> Mask:
        counts = count(text)
        return (counts >= least) & (True if below is None else counts < below)

    if below is None:
        tokens = f"{least} or more tokens"
    elif below == least + 1:
        tokens = f"{least} token{'' if least == 1 else 's'}"
    else:
        tokens = f"{least} to {below - 1} tokens"
    return Feature(name or f"{tokens} into the {where}", compute)
