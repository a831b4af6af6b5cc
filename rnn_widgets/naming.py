"""Names in a picture: every character is seen, and no name lies upon another."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

_SIGNS = MappingProxyType({" ": "␣", "\n": "¶", "\t": "⇥", "": "∅"})


def visible(string: str, *, spaces: bool = True) -> str:
    """The string with a sign in place of each character that would not be seen.

    Args:
        string: a token, or a stretch of a text.
        spaces: whether a space has a sign too.
    """
    shown = (
        sign if sign == " " and not spaces else _SIGNS.get(sign, sign if sign.isprintable() else f"\\x{ord(sign):02x}")
        for sign in string
    )
    return "".join(shown) or _SIGNS[""]


def names_apart(
    names: Iterable[tuple[str, float, float]],
    most: int,
    letter: float,
    height: float,
    beside: float,
    *,
    once: bool = False,
) -> list[int]:
    """Which names have room, the first ones first, none upon another or over the right edge.

    Args:
        names: each with the place of its dot, from the left and from the bottom, 0..1.
        most: how many names at most.
        letter: the width of a letter,
        height: the height of a name,
        beside: and how far it begins to the right of its dot, all in shares of the picture.
        once: whether a name that is there is not written again.
    """
    written: set[str] = set()
    taken: list[tuple[float, float, float]] = []
    chosen: list[int] = []
    for number, (name, left, y) in enumerate(names):
        if len(chosen) >= most:
            break
        if once and name in written:
            continue
        start = left + beside
        end = start + letter * len(name)
        clear = all(end < other or last < start or abs(y - level) > height for other, last, level in taken)
        if clear and end <= 1:
            taken.append((left, end, y))
            chosen.append(number)
            written.add(name)
    return chosen
