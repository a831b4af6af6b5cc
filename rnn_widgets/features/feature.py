"""A feature, and the plain ways to make one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import index as as_index

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn_widgets.patterns import full_match
from rnn_widgets.tagging import Tagger, checked_tags, tag_text
from rnn_widgets.text import Text

Mask = NDArray[np.bool_]

STOP_WORDS: frozenset[str] = frozenset(
    """
    a about after all also am an and any are as at be been before being both but by can could did do does doing down
    each either every few for from further had has have having he her here hers herself him himself his how i if in
    into is it its itself just may me might more most must my myself neither no nor not of off on once only or other
    our ours ourselves out over own same shall she should so some such than that the their theirs them themselves then
    there these they this those through to too under until up upon us very was we were what when where which while
    who whom whose why will with would yet you your yours yourself yourselves
    n't 'd 'll 'm 're 's 've
    """.split()  # noqa: SIM905  (words are read more easily than a list of quoted strings)
)
"""Frequent English function words, lower case, with the contractions that `tokenize_words` parts."""


@dataclass(frozen=True, eq=False)
class Feature:
    """A named property that a token of a text has or has not. Combine features with `&`, `|` and `~`."""

    name: str
    compute: Callable[[Text], Mask]

    def __post_init__(self) -> None:
        if not isinstance(self.name, str):
            raise TypeError(f"The name of a feature is a str, got {self.name!r}.")

    def mask(self, text: Text) -> Mask:
        """Which of the T tokens have the feature: bool, shape (T,)."""
        if not isinstance(text, Text):
            raise TypeError(f"A feature is a mask over the tokens of a Text, got {type(text).__name__}.")
        result = np.asarray(self.compute(text))
        if result.shape != (len(text),) or result.dtype != np.bool_:
            raise ValueError(
                f"Feature {self.name!r} must give a bool array of shape ({len(text)},) for this text, "
                f"got {result.dtype} of shape {result.shape}."
            )
        return result

    def __and__(self, other: Feature) -> Feature:
        if not isinstance(other, Feature):
            return NotImplemented
        return Feature(f"{self._operand()} & {other._operand()}", lambda text: self.mask(text) & other.mask(text))

    def __or__(self, other: Feature) -> Feature:
        if not isinstance(other, Feature):
            return NotImplemented
        return Feature(f"{self._operand()} | {other._operand()}", lambda text: self.mask(text) | other.mask(text))

    def __invert__(self) -> Feature:
        return Feature(f"~{self._operand()}", lambda text: ~self.mask(text))

    def _operand(self) -> str:
        compound = " & " in self.name or " | " in self.name
        return f"({self.name})" if compound else self.name

    def __repr__(self) -> str:
        return f"Feature({self.name!r})"


def regex(pattern: str, *, name: str | None = None) -> Feature:
    r"""Tokens that the regular expression matches as a whole.

    Patterns are matched in linear time by RE2, so back-references and look-around are not available. `\w`, `\d` and
    `\s` mean letters, digits and spaces of all scripts, as in Python; `\b` and `[[:alpha:]]` know ASCII only. `.`
    does not match a newline: write `(?s:.)` if it shall.

    Raises:
        PatternError: if RE2 cannot express the pattern; the message says what is wrong with it.
    """
    matches = full_match(pattern)

    def compute(text: Text) -> Mask:
        matching = {token for token in set(text.tokens) if matches(token)}
        return np.fromiter((token in matching for token in text.tokens), bool, len(text))

    return Feature(name or _pattern_name(pattern), compute)


def part_of_speech(*tags: str, tagger: Tagger | str | None = None, name: str | None = None) -> Feature:
    """Tokens of words with one of the Penn Treebank tags, tagged in their context: the whole document at once.

    Args:
        tags: for example "NN", "NNS", or "PRP$".
        tagger: the name of an installed spaCy pipeline, or a function from the words of one document to their tags
            (any tag set then). Without one, an installed English spaCy pipeline is taken, else NLTK's tagger.
        name: of the feature; the tags, if not given.

    The words are those of the shown text, str(text), parted as `tokenize_words` does; where spaces are no tokens, the
    text needs the joiner " ". A token has the tag of the word in which it begins: spaces have none, and each
    character of a word has the word's.

    Raises:
        ImportError: if there is no tagger; the message names the install line.
        ValueError: if a tag is not a Penn Treebank tag and no tagger is given, or no tag is given.
    """
    wanted = checked_tags(tags, any_tag_set=tagger is not None)

    def compute(text: Text) -> Mask:
        return np.fromiter((tag in wanted for tag in tag_text(text, tagger)), bool, len(text))

    return Feature(name or "|".join(tags), compute)


def stop_words(words: Iterable[str] | None = None, *, name: str = "stop words") -> Feature:
    """Tokens that are stop words, whatever their case. `words` replaces the package's own short English list."""
    if isinstance(words, str):
        raise TypeError(f"stop_words takes a list of words, got the string {words!r}.")
    listed = frozenset(word.casefold() for word in (STOP_WORDS if words is None else words))
    return where(lambda token: token.casefold() in listed, name=name)


def where(condition: Callable[[str], bool], *, name: str | None = None) -> Feature:
    """Tokens for which `condition(token)` is true. It is called once for each different token."""
    if not callable(condition):
        raise TypeError(f"where takes a function of a token, got {condition!r}.")

    def compute(text: Text) -> Mask:
        holds = {token: bool(condition(token)) for token in set(text.tokens)}
        return np.fromiter((holds[token] for token in text.tokens), bool, len(text))

    return Feature(name or getattr(condition, "__name__", None) or repr(condition), compute)


def spans(ranges: Sequence[tuple[int, int]], *, name: str | None = None) -> Feature:
    """Tokens with an index in one of the half-open ranges (start, stop), both counted from 0.

    Raises:
        TypeError: if a range is not a pair of whole numbers.
        ValueError: if not 0 <= start < stop; from `mask(text)`, if a range ends after the text's last token.
    """
    checked = [_checked_span(span) for span in ranges]

    def compute(text: Text) -> Mask:
        result = np.zeros(len(text), bool)
        for start, stop in checked:
            if stop > len(text):
                raise ValueError(f"The span ({start}, {stop}) ends after the text's last token, {len(text) - 1}.")
            result[start:stop] = True
        return result

    listed = ", ".join(f"{start}:{stop}" for start, stop in checked) or "none"
    return Feature(name or f"spans {listed}", compute)


def mask(array: ArrayLike, *, name: str = "mask") -> Feature:
    """The tokens at which `array`, bool of shape (T,), is true. For texts of exactly T tokens.

    Raises:
        ValueError: if it is not a bool array of one dimension; from `mask(text)`, if the text has not T tokens.
    """
    given = np.array(array)
    if given.ndim != 1 or given.dtype != np.bool_:
        raise ValueError(f"A mask is a bool array of shape (tokens,), got {given.dtype} of shape {given.shape}.")
    given.flags.writeable = False

    def compute(text: Text) -> Mask:
        if len(given) != len(text):
            raise ValueError(f"Mask {name!r} is for a text of {len(given)} tokens, but this one has {len(text)}.")
        return given

    return Feature(name, compute)


def everything(*, name: str = "everything") -> Feature:
    """Every token. Its relevance is 0 for every neuron, since there is nothing to compare with."""
    return Feature(name, lambda text: np.ones(len(text), bool))


def _checked_span(span: tuple[int, int]) -> tuple[int, int]:
    try:
        start, stop = map(as_index, span)
    except (TypeError, ValueError):
        raise TypeError(f"A span is a pair of token indices (start, stop), got {span!r}.") from None
    if not 0 <= start < stop:
        raise ValueError(f"A span is a pair (start, stop) with 0 <= start < stop, got {span!r}.")
    return start, stop


def _pattern_name(pattern: str) -> str:
    visible = pattern.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    special = set(".^$*+?{}[]\\|()")
    return f"/{visible}/" if special & set(pattern) else f'"{visible}"'
