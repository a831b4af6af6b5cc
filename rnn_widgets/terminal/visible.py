"""Tokens as something a terminal can show: harmless, measured in cells, and broken into lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Generic, Literal, TypeVar
from unicodedata import category, east_asian_width

from rich.cells import get_character_cell_size

CanShow = Callable[[str], bool]
Owner = TypeVar("Owner")

_JOINERS = "\u200c\u200d"
_EMOJI_VARIANT = "\ufe0f"
_NAMED = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp", "Cn")
_LONGEST_CLUSTER = 9


@dataclass(frozen=True, slots=True)
class Glyph:
    """What must stay together on a line: a character with its marks, or an escaped one.

    Attributes:
        shown: the characters written.
        cells: columns that they take at most.
        then: whether a line may end here, must end here, or neither.
    """

    shown: str
    cells: int
    then: Literal["", "may", "must"] = ""


@dataclass(frozen=True, slots=True)
class Run(Generic[Owner]):
    """Glyphs beside each other on one line that belong to the same owner, for example a token's index."""

    owner: Owner
    shown: str
    cells: int


@lru_cache(maxsize=8)
def encodable(encoding: str) -> CanShow:
    """Whether a character can be written in an encoding; unknown encodings are taken for ASCII."""

    @cache
    def can_show(character: str) -> bool:
        try:
            character.encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return character.isascii()
        return True

    return can_show


def cells(shown: str) -> int:
    """Columns that a string takes at most, whatever the terminal makes of joined emoji."""
    total = 0
    before = 0
    for character in shown:
        width = 1 if character == _EMOJI_VARIANT and before == 1 else _cells(character)
        total += width
        before = width
    return total


@lru_cache(maxsize=4096)
def _cells(character: str) -> int:
    if east_asian_width(character) in "WF":
        return 2
    return max(get_character_cell_size(character), category(character) == "Mc")


@lru_cache(maxsize=65536)
def glyphs(token: str, can_show: CanShow) -> tuple[Glyph, ...]:
    """The token's characters as glyphs. Every token takes at least one cell, so that its colour is seen.

    Control, format and unassigned characters, lone surrogates and what the encoding lacks are escaped as in Python;
    a token without characters is shown as ∅, and a mark without a letter before it stands on a dotted circle.
    """
    if not token:
        return (Glyph("∅", 1) if can_show("∅") else Glyph("''", 2),)
    result: list[Glyph] = []
    cluster = ""
    for character in token:
        if cluster and can_show(character) and _continues(cluster, character):
            cluster += character
            continue
        if cluster:
            result.append(_glyph(cluster))
            cluster = ""
        if category(character) in _INVISIBLE or not can_show(character):
            result.append(_escape(character))
        elif not _is_mark(character):
            cluster = character
        elif can_show("◌"):
            cluster = f"◌{character}"
        else:
            result.append(_escape(character))
    if cluster:
        result.append(_glyph(cluster))
    return tuple(result)


def _continues(cluster: str, character: str) -> bool:
    if len(cluster) >= _LONGEST_CLUSTER:
        return False
    if character in _JOINERS or _is_mark(character):
        return not cluster.isspace()
    return cluster[-1] == "\u200d" and east_asian_width(character) in "WF"


def _is_mark(character: str) -> bool:
    kind = category(character)
    return kind in ("Mn", "Me", "Mc") or (kind not in _INVISIBLE and _cells(character) == 0)


def _glyph(cluster: str) -> Glyph:
    size = cells(cluster)
    return Glyph(cluster, size, "may" if cluster.isspace() or (size == 2 and len(cluster) == 1) else "")


def _escape(character: str) -> Glyph:
    shown = _NAMED.get(character)
    if shown is None:
        point = ord(character)
        shown = f"\\x{point:02x}" if point < 256 else f"\\u{point:04x}" if point < 65536 else f"\\U{point:08x}"
    return Glyph(shown, len(shown), "must" if character == "\n" else "may" if character.isspace() else "")


def wrap(stream: Iterable[tuple[Owner, Glyph]], width: int) -> list[list[Run[Owner]]]:
    """The lines of a stream of glyphs: at most `width` cells each, broken after spaces, within words only where a word
    is longer than a line. No glyph is lost.
    """
    lines: list[list[tuple[Owner, Glyph]]] = []
    line: list[tuple[Owner, Glyph]] = []
    used = 0
    for word in _words(stream):
        if used and used + sum(glyph.cells for _, glyph in word) > width:
            lines.append(line)
            line, used = [], 0
        for owner, glyph in word:
            if used and used + glyph.cells > width:
                lines.append(line)
                line, used = [], 0
            line.append((owner, glyph))
            used += glyph.cells
        if word[-1][1].then == "must":
            lines.append(line)
            line, used = [], 0
    if line:
        lines.append(line)
    return [_runs(line) for line in lines]


def _words(stream: Iterable[tuple[Owner, Glyph]]) -> Iterator[list[tuple[Owner, Glyph]]]:
    word: list[tuple[Owner, Glyph]] = []
    for item in stream:
        word.append(item)
        if item[1].then:
            yield word
            word = []
    if word:
        yield word


def _runs(line: list[tuple[Owner, Glyph]]) -> list[Run[Owner]]:
    runs: list[Run[Owner]] = []
    for owner, group in groupby(line, key=itemgetter(0)):
        together = [glyph for _, glyph in group]
        runs.append(Run(owner, "".join(glyph.shown for glyph in together), sum(glyph.cells for glyph in together)))
    return runs
