"""What a terminal would show: characters with their colours, read back from escape sequences."""

from __future__ import annotations

import re
from typing import NamedTuple

from rich.color import Color

_PART = re.compile(r"\x1b\[([0-9;]*)m|([^\x1b])", re.DOTALL)


class Shown(NamedTuple):
    character: str
    ink: Color | None
    background: Color | None
    underlined: bool


def screen(output: str) -> list[list[Shown]]:
    """The lines of the output. Fails on every escape sequence that is not a colour or style."""
    lines: list[list[Shown]] = [[]]
    ink = background = None
    underlined = False
    position = 0
    while position < len(output):
        match = _PART.match(output, position)
        assert match is not None, f"not a style: {output[position : position + 20]!r}"
        position = match.end()
        codes, character = match.groups()
        if character == "\n":
            lines.append([])
        elif character is not None:
            lines[-1].append(Shown(character, ink, background, underlined))
        else:
            ink, background, underlined = _styled(
                [int(code or 0) for code in codes.split(";")], ink, background, underlined
            )
    assert ink is background is None, "the output ends within a colour"
    return lines


def _styled(codes: list[int], ink: Color | None, background: Color | None, underlined: bool):
    while codes:
        code = codes.pop(0)
        if code == 0:
            ink, background, underlined = None, None, False
        elif code == 4:
            underlined = True
        elif code in (38, 48):
            kind = codes.pop(0)
            parts = [codes.pop(0) for _ in range(1 if kind == 5 else 3)]
            colour = Color.from_ansi(*parts) if kind == 5 else Color.from_rgb(*parts)
            ink, background = (colour, background) if code == 38 else (ink, colour)
        elif 30 <= code < 38 or 90 <= code < 98:
            ink = Color.from_ansi(code - 30 if code < 90 else code - 82)
        elif 40 <= code < 48 or 100 <= code < 108:
            background = Color.from_ansi(code - 40 if code < 100 else code - 92)
        else:
            assert code in (1, 2), f"unexpected style {code}"
    return ink, background, underlined


def plain(line: list[Shown]) -> str:
    return "".join(shown.character for shown in line)


def block(lines: list[list[Shown]], neuron: int) -> list[list[Shown]]:
    """The coloured lines under the heading of a neuron."""
    start = next(index for index, line in enumerate(lines) if re.match(rf"Neuron {neuron}\b", plain(line)))
    following = lines[start + 1 :]
    end = next(index for index, line in enumerate(following) if not plain(line).strip())
    return following[:end]
