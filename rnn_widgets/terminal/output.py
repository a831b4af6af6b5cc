"""Where a report goes: what the terminal or file can show, and writing it there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TextIO, get_args

from rich.console import Console
from rich.segment import Segment, Segments

from rnn_widgets.terminal.colours import Depth, Palette, Theme, page_theme
from rnn_widgets.terminal.visible import CanShow, encodable

NARROWEST = 20
FILE_WIDTH = 100
SUFFIXES = (".txt", ".ansi", ".html", ".svg")

_NAMED_DEPTHS: Mapping[str, Depth] = {"truecolor": "truecolor", "256": "256", "standard": "16", "windows": "16"}
_FORCED_DEPTHS: Mapping[str, Depth] = {"2": "256", "3": "truecolor"}
_HTML = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width">
<title>Activations</title>
</head>
<body style="color: {foreground}; background-color: {background}; margin: 1.5em;">
<pre style="font-family: 'DejaVu Sans Mono', Menlo, Consolas, monospace; font-size: 14px; \
line-height: 1.25; margin: 0;"><code style="font-family: inherit;">{code}</code></pre>
</body>
</html>
"""
_SVG = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: 'DejaVu Sans Mono', Menlo, Consolas, monospace; \
font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


@dataclass(frozen=True)
class Target:
    """What a report is made for.

    Attributes:
        width: columns.
        palette: its colours; None where there are none, so that strengths are written as digits.
        can_show: whether a character can be written.
        theme: behind the text, where the target is a page or picture.
    """

    width: int
    palette: Palette | None
    can_show: CanShow
    theme: Theme


class _Console(Console):
    """A console that leaves it to the caller what a reader's early end means, in place of ending the process."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def target_of(file: TextIO | Path, theme: str, width: int | None, color: bool | str | None) -> Target:
    """What `file` can show, from its kind, the environment and what the user asks for.

    Raises:
        ValueError: if theme, width, color or the path's suffix is none that there is.
    """
    if theme not in ("auto", *get_args(Theme)):
        raise ValueError(f"theme is 'auto', 'dark' or 'light', got {theme!r}.")
    if width is not None and (isinstance(width, bool) or not isinstance(width, int) or width < NARROWEST):
        raise ValueError(f"width is a number of columns from {NARROWEST}, got {width!r}.")
    if color not in (None, True, False, *get_args(Depth)):
        raise ValueError(f"color is None (as the terminal can), True, False, or {get_args(Depth)}, got {color!r}.")
    chosen: Theme = "dark" if theme == "dark" or (theme == "auto" and not _is_light(os.environ)) else "light"
    if isinstance(file, Path):
        if file.suffix not in SUFFIXES:
            raise ValueError(f"The name of an output file ends in {', '.join(SUFFIXES)}, got {str(file)!r}.")
        plain = file.suffix == ".txt" or color is False
        depth: Depth | None = None if plain else _named_depth(color) or "truecolor"
        columns, can_show = width or FILE_WIDTH, encodable("utf-8")
    else:
        depth = _depth(file, color, os.environ)
        console = Console(file=file, force_terminal=depth is not None, force_jupyter=False)
        columns, can_show = width or max(NARROWEST, console.width), encodable(console.encoding)
    return Target(columns, Palette(chosen, depth) if depth else None, can_show, chosen)


def write(lines: list[list[Segment]], file: TextIO | Path, target: Target, title: str) -> None:
    """Writes the lines of a report to its target.

    Raises:
        OSError: if the file cannot be written.
    """
    if isinstance(file, Path):
        file.write_text(_document(lines, file.suffix, target, title), encoding="utf-8", newline="\n")
    else:
        _print(lines, _console(file, target))


def _document(lines: list[list[Segment]], suffix: str, target: Target, title: str) -> str:
    buffer = StringIO()
    console = _console(buffer, target, record=suffix in (".html", ".svg"))
    _print(lines, console)
    if suffix == ".html":
        return console.export_html(theme=page_theme(target.theme), code_format=_HTML, inline_styles=True)
    if suffix == ".svg":
        return console.export_svg(title=title, theme=page_theme(target.theme), code_format=_SVG)
    return buffer.getvalue()


def _console(file: TextIO, target: Target, *, record: bool = False) -> Console:
    system = {"truecolor": "truecolor", "256": "256", "16": "standard"}
    return _Console(
        file=file,
        color_system=system[target.palette.depth] if target.palette else None,  # type: ignore[arg-type]
        force_terminal=target.palette is not None,
        force_jupyter=False,
        no_color=False,
        width=target.width,
        height=100,
        record=record,
        highlight=False,
    )


def _print(lines: list[list[Segment]], console: Console) -> None:
    segments = [segment for line in lines for segment in (*line, Segment.line())]
    console.print(Segments(segments), end="", crop=False)


def _depth(file: TextIO, color: bool | str | None, environ: Mapping[str, str]) -> Depth | None:
    forced = environ.get("FORCE_COLOR", "")
    if color is False:
        return None
    if color is None:
        if environ.get("NO_COLOR"):
            return None
        if forced in ("", "0", "false"):
            if environ.get("TERM") in ("dumb", "unknown") or not _is_terminal(file):
                return None
            forced = ""
    named = _named_depth(color)
    if named:
        return named
    console = Console(file=file, force_terminal=True, force_jupyter=False)
    detected = _NAMED_DEPTHS.get(console.color_system or "")
    if detected in (None, "16"):
        return _FORCED_DEPTHS.get(forced, "16")
    return "truecolor" if forced == "3" else detected


def _named_depth(color: bool | str | None) -> Depth | None:
    return next((depth for depth in get_args(Depth) if depth == color), None)


def _is_terminal(file: TextIO) -> bool:
    with suppress(ValueError, AttributeError):
        return file.isatty()
    return False


def _is_light(environ: Mapping[str, str]) -> bool:
    """Whether the terminal says, in COLORFGBG (foreground;background), that its background is a light one."""
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    return background in ("7", "15") or (background.isdigit() and int(background) in range(9, 15))
