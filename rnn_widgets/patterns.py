"""Regular expressions that run in linear time, with Python's meaning of the character classes."""

from __future__ import annotations

from collections.abc import Callable

import re2

_WIDENED = {
    "w": r"\pL\pN_",
    "d": r"\p{Nd}",
    "s": r"\t-\r\x1c-\x20\x{85}\pZ",
}


class PatternError(ValueError):
    """A regular expression that cannot be used; the message says why and what to write instead."""


def full_match(pattern: str) -> Callable[[str], bool]:
    """A function that says whether the pattern matches a whole string, in time linear in its length.

    Raises:
        PatternError: if the pattern is not a string that RE2 can express.
    """
    if not isinstance(pattern, str):
        raise PatternError(f"A pattern is a string, got {pattern!r} ({type(pattern).__name__}).")
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(_widen(pattern), options)
    except re2.error as error:
        detail = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
        raise PatternError(_explain(pattern, detail)) from None
    return lambda string: compiled.fullmatch(string) is not None


def _explain(pattern: str, detail: str) -> str:
    hint = ""
    if "perl operator" in detail and any(sign in detail for sign in ("(?=", "(?!", "(?<")):
        hint = " Look-ahead and look-behind cannot be matched in linear time: combine features with &, | and ~ instead."
    elif "invalid escape sequence" in detail and detail.rstrip()[-1:].isdigit():
        hint = " Back-references cannot be matched in linear time: use features.where with a function instead."
    return f"The regular expression {pattern!r} cannot be used: {detail}.{hint}"


def _widen(pattern: str) -> str:
    """Replaces the classes that RE2 limits to ASCII by Unicode ones."""
    parts: list[str] = []
    in_class = False
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\" and at + 1 < len(pattern):
            if pattern[at + 1] == "Q" and not in_class:
                end = pattern.find(r"\E", at)
                end = len(pattern) if end < 0 else end + 2
                parts.append(pattern[at:end])
                at = end
                continue
            parts.append(_escape(pattern, pattern[at + 1], in_class))
            at += 2
            continue
        if in_class:
            if sign == "[" and pattern.startswith("[:", at) and (end := pattern.find(":]", at)) > 0:
                parts.append(pattern[at : end + 2])
                at = end + 2
                continue
            in_class = sign != "]"
        elif sign == "[":
            in_class = True
            opening = "[^" if pattern.startswith("[^", at) else "["
            at += len(opening)
            if pattern.startswith("]", at):
                opening += r"\]"
                at += 1
            parts.append(opening)
            continue
        parts.append(sign)
        at += 1
    return "".join(parts)


def _escape(pattern: str, letter: str, in_class: bool) -> str:
    widened = _WIDENED.get(letter.lower())
    if widened is None or letter not in "wdsWDS":
        return "\\" + letter
    if letter.islower():
        return widened if in_class else f"[{widened}]"
    if not in_class:
        return f"[^{widened}]"
    raise PatternError(
        f"The regular expression {pattern!r} has \\{letter} inside [...], which cannot be expressed for all scripts. "
        f"Write it as an alternative: (?:[...]|\\{letter})."
    )
