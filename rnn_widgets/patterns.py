"""Regular expressions that run in linear time, with Python's meaning of the character classes."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import cache

import re2

_HINTS = {
    "invalid perl operator: (?=": "Look-ahead cannot be matched in linear time: combine features with &, | and ~.",
    "invalid perl operator: (?!": "Look-ahead cannot be matched in linear time: combine features with &, | and ~.",
    "invalid perl operator: (?<": "Look-behind cannot be matched in linear time: combine features with &, | and ~.",
    "invalid perl operator: (?P": "Back-references cannot be matched in linear time: use features.where.",
    "invalid escape sequence: \\u": r"Write the character itself, or its number in the form \x{2014}.",
    "invalid escape sequence: \\U": r"Write the character itself, or its number in the form \x{1F600}.",
    "invalid escape sequence: \\Z": r"A pattern matches the whole token anyway; its end is \z.",
    **{
        f"invalid escape sequence: \\{digit}": "Back-references cannot be matched in linear time: use features.where."
        for digit in range(1, 10)
    },
}
_CLASSES = frozenset({r"\w", r"\d", r"\s", r"\W", r"\D", r"\S"})
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_PIECE = re.compile(r"\\Q.*?(?:\\E|\Z)|\[\^?\]?(?:\[:\^?[a-z]+:\]|\\.|[^\]\\])*\]|\\.", re.DOTALL)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class PatternError(ValueError):
    """A regular expression that cannot be used; the message says why and what to write instead."""


def full_match(pattern: str) -> Callable[[str], bool]:
    """A function that says whether the pattern matches a whole string, in time linear in its length.

    A lone surrogate in the string, which is no character, counts as U+FFFD.

    Raises:
        PatternError: if the pattern is not a string that RE2 can express.
    """
    if not isinstance(pattern, str):
        raise PatternError(f"A pattern is a string, got {pattern!r} ({type(pattern).__name__}).")
    if _LONE_SURROGATE.search(pattern):
        raise PatternError(f"The regular expression {pattern!r} holds half of a surrogate pair, which is no character.")
    options = re2.Options()
    options.log_errors = False
    try:
        # As given first: its errors quote what the user wrote, and it refuses a class as the end of a range.
        re2.compile(pattern, options)
        compiled = re2.compile(_widen(pattern), options)
    except re2.error as error:
        raise PatternError(_explain(pattern, error)) from None
    return lambda string: compiled.fullmatch(_LONE_SURROGATE.sub("\ufffd", string)) is not None


def _explain(pattern: str, error: Exception) -> str:
    detail = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
    hint = next((f" {hint}" for sign, hint in _HINTS.items() if detail.startswith(sign)), "")
    return f"The regular expression {pattern!r} cannot be used: {detail}.{hint}"


def _widen(pattern: str) -> str:
    """The pattern with the character classes that RE2 limits to ASCII replaced by the characters that Python means."""
    return _PIECE.sub(_widen_piece, pattern)


def _widen_piece(found: re.Match[str]) -> str:
    piece = found[0]
    if piece.startswith("["):
        return _ESCAPE.sub(lambda escape: _ranges(escape[0]) if escape[0] in _CLASSES else escape[0], piece)
    # Without (?-i:...) a pattern that ignores case would fold the class's marks into letters.
    return f"(?-i:[{_ranges(piece)}])" if piece in _CLASSES else piece


@cache
def _ranges(escape: str) -> str:
    runs = re.finditer(f"{escape}+", "".join(map(chr, range(sys.maxunicode + 1))))
    return "".join(rf"\x{{{run.start():x}}}-\x{{{run.end() - 1:x}}}" for run in runs)
