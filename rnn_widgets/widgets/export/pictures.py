"""Pictures of a view for papers, drawn by the view itself in a browser without a window."""

from __future__ import annotations

import base64
import json
import math
import os
from pathlib import Path

from rnn_widgets.widgets.export.browser import answer_of
from rnn_widgets.widgets.export.html import checked_target, page_of, write_whole
from rnn_widgets.widgets.view import View

WIDTH = 900
PATIENCE_SECONDS = 60.0
THEMES = ("light", "dark")
_MARGIN = 80


def to_png(
    view: View,
    path: str | os.PathLike[str],
    *,
    width: int = WIDTH,
    height: int | None = None,
    scale: float = 2,
    theme: str = "light",
) -> Path:
    """Saves the picture of a view as a PNG file.

    A Chromium, Chrome or Edge that is installed draws it, without a window; a notebook is not needed.

    Args:
        view: `TextHighlighter`, `RelevanceHeatmap` or `FourierSurface`, alone or a part such as `explorer.heatmap`.
        path: of the file; one that is there is replaced.
        width: of the view, in CSS pixels; what is drawn is a little narrower.
        height: of the view's plot or text, in CSS pixels; by default the view's own.
        scale: pixels per CSS pixel.
        theme: "light" or "dark".

    Returns:
        The path.

    Raises:
        TypeError: if it is not a view.
        ValueError: if the view is closed, or a size or the theme is not valid.
        FileNotFoundError: if no browser is installed, or the folder is not there.
        TimeoutError: if the browser takes more than a minute.
        OSError: if the browser cannot draw it; the message holds what the browser wrote.
    """
    picture = _picture(view, path, "png", width, height, scale, theme)
    return _write(path, base64.b64decode(picture.partition(",")[2]))


def to_svg(
    view: View,
    path: str | os.PathLike[str],
    *,
    width: int = WIDTH,
    height: int | None = None,
    theme: str = "light",
) -> Path:
    """Saves the picture of a view as an SVG file: text and lines as vectors, cells of a heat map as an image.

    The arguments, the result and the errors are those of `to_png`.
    """
    return _write(path, _picture(view, path, "svg", width, height, 2, theme).encode("utf-8"))


def _write(path: str | os.PathLike[str], content: bytes) -> Path:
    target = checked_target(path)
    write_whole(target, content)
    return target


def _picture(
    view: View, path: str | os.PathLike[str], kind: str, width: int, height: int | None, scale: float, theme: str
) -> str:
    if not isinstance(view, View):
        raise TypeError(
            "A picture is made of one view: TextHighlighter, RelevanceHeatmap or FourierSurface (of an explorer for "
            f"example explorer.heatmap), got {type(view).__name__}."
        )
    checked_target(path)
    if theme not in THEMES:
        raise ValueError(f'theme is "light" or "dark", got {theme!r}.')
    for name, value, low, high in (
        ("width", width, 200, 8000),
        ("height", height, 60, 8000),
        ("scale", scale, 0.1, 10),
    ):
        if value is not None and not (math.isfinite(value) and low <= value <= high):
            raise ValueError(f"{name} is a number from {low} to {high}, got {value}.")
    task = {"format": kind, "scale": scale, "theme": theme, "width": width}
    changes = {} if height is None else {"height": int(height)}
    page, _ = page_of(view, "Picture", None, task=json.dumps(task), changes=changes)
    return answer_of(page, scale=scale, width=width + _MARGIN, seconds=PATIENCE_SECONDS)
