"""Text as a sequence of tokens, lossless in both directions, and the vocabulary that numbers them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from operator import index as as_index
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Tokenizer = Callable[[str], list[str]]

UNKNOWN = "<unk>"
"""The vocabulary's entry for every token it does not hold. Never generated."""

_WORDS = re.compile(r"n't\b|'(?:s|re|ve|ll|d|m)\b|\w+?(?=n't\b)|\w+|\s|[^\w\s]", re.IGNORECASE)


@dataclass(frozen=True)
class Text:
    """A tokenised text of one or more documents.

    Attributes:
        tokens: the T tokens, of all documents one after the other.
        documents: index of each document's first token, ascending, the first one 0.
        joiner: what stands between two tokens when the text is shown.

    Raises:
        ValueError: if there are no tokens, or the documents do not start at increasing indices from 0.
        TypeError: if a token or the joiner is not a string, or a document does not start at a whole number.
    """

    tokens: tuple[str, ...]
    documents: tuple[int, ...] = (0,)
    joiner: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.tokens, str):
            raise TypeError(
                f"Text(tokens=...) takes a sequence of tokens, got the string {_short(self.tokens)}. "
                "Split it first, for example with rnn_widgets.text.tokenize_words."
            )
        object.__setattr__(self, "tokens", tuple(self.tokens))
        object.__setattr__(self, "documents", tuple(as_index(start) for start in self.documents))
        _check_strings(self.tokens)
        if not isinstance(self.joiner, str):
            raise TypeError(f"The joiner is a string, got {self.joiner!r} ({type(self.joiner).__name__}).")
        if not self.tokens:
            raise ValueError("A Text needs at least one token, but got none: the text is empty.")
        starts = self.documents
        if not starts or starts[0] != 0 or starts[-1] >= len(self.tokens) or any(a >= b for a, b in pairwise(starts)):
            raise ValueError(
                f"documents holds the index of each document's first token: increasing, from 0, below the number of "
                f"tokens ({len(self.tokens)}). Got {starts}."
            )

    def __len__(self) -> int:
        return len(self.tokens)

    def __str__(self) -> str:
        return self.joiner.join(self.tokens)

    def __repr__(self) -> str:
        documents = "" if len(self.documents) == 1 else f", {len(self.documents)} documents"
        return f"Text({len(self)} tokens{documents}: {_short(str(self))})"

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Index in `str(text)` of each token's first character, shape (T,)."""
        width = len(self.joiner)
        return tuple(accumulate((len(token) + width for token in self.tokens[:-1]), initial=0))

    def slices(self) -> list[slice]:
        """The token slice of each document, in order."""
        ends = (*self.documents[1:], len(self.tokens))
        return [slice(start, stop) for start, stop in zip(self.documents, ends, strict=True)]

    def split(self) -> list[Text]:
        """Each document as a Text of its own."""
        return [Text(self.tokens[part], joiner=self.joiner) for part in self.slices()]

    @staticmethod
    def concatenate(texts: Sequence[Text]) -> Text:
        """One Text of all documents of all `texts`, in order. All must have the same joiner."""
        if not texts:
            raise ValueError("Text.concatenate needs at least one Text, got an empty sequence.")
        joiners = {text.joiner for text in texts}
        if len(joiners) > 1:
            raise ValueError(f"Texts can be put together only when all have the same joiner, got {sorted(joiners)}.")
        starts: list[int] = []
        tokens: list[str] = []
        for text in texts:
            starts.extend(len(tokens) + start for start in text.documents)
            tokens.extend(text.tokens)
        return Text(tuple(tokens), tuple(starts), texts[0].joiner)


@dataclass(frozen=True)
class Vocabulary:
    """The tokens a network knows. Entry 0 is always `<unk>`, which stands for every other token.

    Raises:
        ValueError: if entry 0 is not `<unk>`, a token occurs twice, or there is no token beside `<unk>`.
        TypeError: if a token is not a string.
    """

    tokens: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "tokens", tuple(self.tokens))
        _check_strings(self.tokens)
        if len(self.tokens) < 2 or self.tokens[0] != UNKNOWN:
            raise ValueError(
                f"A vocabulary is {UNKNOWN!r} and at least one token more, got {len(self.tokens)} tokens, "
                f"beginning with {list(self.tokens[:3])}."
            )
        if len(self._index) != len(self.tokens):
            twice = [token for token, count in Counter(self.tokens).items() if count > 1]
            raise ValueError(f"A vocabulary holds each token once, but these occur more often: {twice[:5]}.")

    @cached_property
    def _index(self) -> dict[str, int]:
        return {token: index for index, token in enumerate(self.tokens)}

    def __len__(self) -> int:
        return len(self.tokens)

    def __contains__(self, token: object) -> bool:
        return token in self._index

    def __repr__(self) -> str:
        more = ", ..." if len(self) > 6 else ""
        return f"Vocabulary({len(self)} tokens: {', '.join(map(repr, self.tokens[:6]))}{more})"

    def encode(self, tokens: Iterable[str]) -> NDArray[np.int32]:
        """Index of each token, int32 of shape (T,); 0 for a token that is not in the vocabulary."""
        get = self._index.get
        return np.fromiter((get(token, 0) for token in tokens), np.int32)

    def decode(self, indices: Iterable[int]) -> list[str]:
        """The token of each index.

        Raises:
            IndexError: if an index is not in 0..len-1.
        """
        listed = list(indices)
        outside = [index for index in listed if not 0 <= index < len(self.tokens)]
        if outside:
            raise IndexError(f"The vocabulary has the indices 0..{len(self) - 1}, got {outside[:5]}.")
        return [self.tokens[index] for index in listed]

    @staticmethod
    def from_tokens(tokens: Iterable[str], *, size: int | None = None, minimum_count: int = 1) -> Vocabulary:
        """The tokens that occur at least `minimum_count` times: the most frequent first, equal ones alphabetically.

        `size` limits how many the vocabulary holds, `<unk>` included.

        Raises:
            ValueError: if `size` is below 2, or no token is frequent enough.
        """
        if size is not None and size < 2:
            raise ValueError(f"The size of a vocabulary is at least 2: {UNKNOWN!r} and one token more, got {size}.")
        counts = Counter(tokens)
        counts.pop(UNKNOWN, None)
        known = sorted((-count, token) for token, count in counts.items() if count >= minimum_count)
        return Vocabulary((UNKNOWN, *(token for _, token in known))[:size])


def tokenize_words(string: str) -> list[str]:
    """Words, contractions as the Penn treebank parts them (do n't, it 's), single white spaces and punctuation marks.

    `"".join(tokenize_words(s)) == s` for every string.
    """
    return _WORDS.findall(string)


def tokenize_characters(string: str) -> list[str]:
    """The Unicode code points of the string."""
    return list(string)


TOKENIZERS: Mapping[str, Tokenizer] = MappingProxyType({"words": tokenize_words, "characters": tokenize_characters})
"""The tokenisers by name. `"".join(tokenizer(string)) == string` for every string."""


def as_text(source: Text | str | Sequence[Text | str], tokenizer: Tokenizer) -> Text:
    """`source` as one Text. A Text is taken as it is, a str is tokenised, each item of a list is a document or more.

    Raises:
        ValueError: if there is no text, or a string in it is empty.
        TypeError: if `source` is something else.
    """
    if isinstance(source, Text):
        return source
    if isinstance(source, str):
        if not source:
            raise ValueError("The text is empty: give at least one token.")
        return Text(tuple(tokenizer(source)))
    if isinstance(source, Sequence) and not isinstance(source, bytes):
        if not source:
            raise ValueError("The text is empty: the list holds no document.")
        return Text.concatenate([as_text(part, tokenizer) for part in source])
    raise TypeError(f"A text is a Text, a str, or a list of them, got {type(source).__name__}.")


def _check_strings(tokens: Sequence[object]) -> None:
    for index, token in enumerate(tokens):
        if not isinstance(token, str):
            raise TypeError(f"Every token is a string, but token {index} is {token!r} ({type(token).__name__}).")


def _short(string: str, length: int = 60) -> str:
    return repr(string if len(string) <= length else string[: length - 1] + "…")
