"""A library of features: what a neuron may stand for, as far as the text itself tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from rnn_widgets.features.feature import Feature, Mask, part_of_speech, regex, stop_words, where
from rnn_widgets.features.places import (
    bracket_depth,
    in_line,
    in_sentence,
    in_word,
    inside_brackets,
    inside_quotes,
    tokens_in_line,
    tokens_in_sentence,
    tokens_in_word,
)
from rnn_widgets.tagging import Tagger
from rnn_widgets.text import Text

_QUANTILES = (0.2, 0.4, 0.6, 0.8)
_TAGS = ("DT", "IN", "JJ", "NN", "NNP", "NNS", "PRP", "RB", "VB", "VBD", "VBG", "VBN", "VBZ")


def library(
    text: Text,
    *,
    tokens: int = 30,
    pairs: int = 30,
    surprisal: ArrayLike | Callable[[Text], ArrayLike] | None = None,
    tagger: Tagger | str | None = None,
) -> list[Feature]:
    """Features of many kinds that this text has at some of its tokens, and lacks at others.

    Classes of characters, the commonest tokens, the commonest pairs of neighbours, the place in line, sentence and word
    (thresholds that part the text's tokens in fifths), inside quotes, brackets and their depth, parts of speech, and
    surprisal.

    Args:
        text: the text.
        tokens: how many of the commonest tokens.
        pairs: how many of the commonest pairs; such a feature marks the second token.
        surprisal: (T,), bits of each token, NaN where there are none; `acts.surprisal`. Its features are for this text
            alone, all others for any. Or a function that gives the bits of a text, so that they are for those it knows.
        tagger: as `part_of_speech` takes it; without one there are no parts of speech.

    Returns:
        Features of different names.

    Raises:
        TypeError: if there is no Text.
    """
    if not isinstance(text, Text):
        raise TypeError(f"A library is of a Text, as acts.text is, got {type(text).__name__}.")
    found = [*_classes(), *_common(text, tokens), *_pairs(text, pairs), *_places(text)]
    if tagger is not None:
        found += [part_of_speech(tag, tagger=tagger) for tag in _TAGS]
    if surprisal is not None:
        found += _surprising(text, surprisal if callable(surprisal) else lambda _: surprisal)
    named = {feature.name: feature for feature in found}
    return [feature for feature in named.values() if 0 < feature.mask(text).sum() < len(text)]


def _classes() -> Iterator[Feature]:
    yield where(str.isalpha, name="letters")
    yield where(str.isupper, name="upper case")
    yield where(str.istitle, name="capitalised")
    yield where(str.isdigit, name="digits")
    yield where(str.isspace, name="white space")
    yield where(_is_punctuation, name="punctuation")
    yield regex("(?i)[aeiou]", name="vowels")
    yield stop_words()


def _is_punctuation(token: str) -> bool:
    return bool(token) and not any(letter.isalnum() or letter.isspace() for letter in token)


def _common(text: Text, number: int) -> Iterator[Feature]:
    for token, _ in Counter(text.tokens).most_common(number):
        yield where(token.__eq__, name=f"token {token!r}")


def _pairs(text: Text, number: int) -> Iterator[Feature]:
    counted: Counter[tuple[str, str]] = Counter()
    for part in text.slices():
        counted.update(pairwise(text.tokens[part]))
    for pair, _ in counted.most_common(number):
        yield Feature(f"{pair[1]!r} after {pair[0]!r}", _after(pair))


def _after(pair: tuple[str, str]) -> Callable[[Text], Mask]:
    def compute(text: Text) -> Mask:
        first, second = (np.fromiter((token == one for token in text.tokens), bool, len(text)) for one in pair)
        second[1:] &= first[:-1]
        second[list(text.documents)] = False
        return second

    return compute


def _places(text: Text) -> Iterator[Feature]:
    for count, place in ((tokens_in_line, in_line), (tokens_in_sentence, in_sentence), (tokens_in_word, in_word)):
        counts = count(text)
        for least in np.unique(np.quantile(counts[counts >= 0], _QUANTILES).astype(int)) if (counts >= 0).any() else ():
            yield place(max(1, int(least)))
    yield inside_quotes()
    for depth in range(1, 1 + min(3, int(bracket_depth(text).max(initial=0)))):
        yield inside_brackets(depth)


def _surprising(text: Text, bits_of: Callable[[Text], ArrayLike]) -> Iterator[Feature]:
    bits = np.asarray(bits_of(text), float)
    known = bits[np.isfinite(bits)]
    for share in (0.5, 0.9) if len(known) else ():
        least = float(np.quantile(known, share))
        yield Feature(f"surprisal above {least:.2g} bits", _above(least, bits_of))


def _above(least: float, bits_of: Callable[[Text], ArrayLike]) -> Callable[[Text], Mask]:
    return lambda text: np.nan_to_num(np.asarray(bits_of(text), float)) > least
