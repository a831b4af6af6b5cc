"""A widget as one HTML file that needs neither kernel nor network."""

from __future__ import annotations

import html
import json
import os
import secrets
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import ipywidgets

from rnn_widgets.widgets.base import bundle
from rnn_widgets.widgets.export.fitting import fit
from rnn_widgets.widgets.export.scripts import licences, page_scripts
from rnn_widgets.widgets.export.state import PageState, deflated, models_of, packed, page_state

LARGEST_PAGE = 25_000_000
"""Bytes; what most mail servers let pass."""

_PLACES = 2**13
"""Bytes that are kept for where each array lies in the page, and for saying what it leaves out."""

# Nothing is loaded from anywhere: what a page needs is in it, and what it holds stays in it.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)

_ABOUT = (
    "An interactive page made with rnn_widgets: choose, sort, zoom and mark as in the notebook. Typing a new pattern "
    "needs the notebook and its kernel."
)


@dataclass(frozen=True)
class Exported:
    """What `to_html` wrote.

    Attributes:
        path: the file.
        size: its bytes.
        left_out: what did not fit into the page; empty where the page holds everything.
    """

    path: Path
    size: int
    left_out: tuple[str, ...]

    def __repr__(self) -> str:
        held = f"without {'; '.join(self.left_out)}" if self.left_out else "with everything"
        return f"{self.path} ({self.size / 1e6:.1f} MB, {held})"


def to_html(
    widget: ipywidgets.DOMWidget,
    path: str | os.PathLike[str],
    *,
    title: str = "What a recurrent network does",
    max_size: int = LARGEST_PAGE,
) -> Exported:
    """Writes a widget into one HTML file, which a browser opens from disk with no kernel and no network.

    Choosing, sorting, zooming and marking work in it as in a notebook; a new regular expression needs a kernel.

    Args:
        widget: a view, an explorer, or any ipywidgets layout that holds such.
        path: of the file; one that is there is replaced.
        title: of the page.
        max_size: most bytes of the file. A page that would be larger keeps the chosen signal's arrays and as many
            others as fit; what it leaves out it says, and so do a warning and the returned summary.

    Returns:
        Path and size of the file, and what was left out.

    Raises:
        TypeError: if it is not a widget that can be shown.
        ValueError: if the widget is closed, or not even the chosen signal fits into `max_size`, or a widget of another
            package has no script for pages.
        FileNotFoundError: if the folder is not there.
    """
    if isinstance(max_size, bool) or not max_size > 0:
        raise ValueError(f"max_size is a number of bytes above 0, got {max_size!r}.")
    target = checked_target(path)
    page, left_out = page_of(widget, title, max_size)
    text = page.encode("utf-8")
    write_whole(target, text)
    if left_out:
        warnings.warn(
            f"{target} holds not everything, or it would be larger than {max_size / 1e6:g} MB. It leaves out: "
            f"{'; '.join(left_out)}.",
            stacklevel=2,
        )
    return Exported(target, len(text), tuple(left_out))


def page_of(
    widget: ipywidgets.DOMWidget,
    title: str,
    max_size: int | None,
    *,
    task: str = "",
    changes: Mapping[str, object] = MappingProxyType({}),
) -> tuple[str, list[str]]:
    """The page's text, and what it leaves out.

    Args:
        widget: what it shows.
        title: its title.
        max_size: most bytes; None for what is chosen alone, without other signals.
        task: what the page does of itself, as JSON; empty for a page to be read.
        changes: traits that the widget has another value of in the page.
    """
    _check_widget(widget)
    state = page_state(widget)
    state.models[widget.model_id]["state"].update(changes)
    parts = {
        "scripts": deflated(json.dumps(page_scripts(state.modules)).encode()),
        "licences": deflated(licences(state.modules).encode()),
    }
    if max_size is None:
        left_out = fit(state, models_of(state), None, 0)
    else:
        without = {**parts, "state": deflated(_state_text(state, widget))}
        taken = len(_page_text(title, (), without, task).encode("utf-8")) + _PLACES
        left_out = fit(state, models_of(state), max_size, taken)
    arrays = bytearray()
    for (model, path), (value, item) in state.arrays.items():
        state.places.append({"model": model, "path": path, "start": len(arrays), "length": len(value), "item": item})
        arrays += packed(value, item)
    parts["arrays"] = deflated(bytes(arrays))
    parts["state"] = deflated(_state_text(state, widget))
    return _page_text(title, left_out, parts, task), left_out


def checked_target(path: str | os.PathLike[str]) -> Path:
    """The path of a file that is to be written.

    Raises:
        FileNotFoundError: if its folder is not there.
        IsADirectoryError: if it is a folder.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise FileNotFoundError(f"There is no folder {target.parent}: make it first, or give another path.")
    if target.is_dir():
        raise IsADirectoryError(f"{target} is a folder: give the path of a file.")
    return target


def write_whole(target: Path, content: bytes) -> None:
    """Writes a file so that it is there whole or not at all."""
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        beside.write_bytes(content)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _check_widget(widget: object) -> None:
    if not isinstance(widget, ipywidgets.DOMWidget):
        raise TypeError(
            "Expected a widget such as explore(acts), RelevanceHeatmap(acts) or ipywidgets.VBox([...]), got "
            f"{type(widget).__name__}."
        )
    if widget.comm is None:
        raise ValueError(f"This {type(widget).__name__} is closed: make a new one.")


def _state_text(state: PageState, widget: ipywidgets.Widget) -> bytes:
    whole = {
        "manager": {"version_major": 2, "version_minor": 0, "state": state.models},
        "texts": state.texts,
        "texts_at": state.texts_at,
        "arrays": state.places,
        "view": widget.model_id,
    }
    return json.dumps(whole).encode()


def _page_text(title: str, left_out: Sequence[str], parts: dict[str, str], task: str) -> str:
    written = html.escape(title)
    blocks = "\n".join(
        f'<script type="text/plain" data-block="{name}">{content}</script>' for name, content in parts.items()
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}{"; connect-src 'self'" if task else ""}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="rnn_widgets">
<title>{written}</title>
<style>
{bundle("page.css")}
</style>
</head>
<body data-kernel="none"{f' data-task="{html.escape(task)}"' if task else ""}>
<header class="page-header">
<h1>{written}</h1>
<p>{_ABOUT}</p>
{_note(left_out)}<h2 class="page-spoken">Views</h2>
</header>
<main class="page-main" aria-busy="true">
<p role="status">Opening…</p>
<noscript>This page draws itself with JavaScript, which is turned off.</noscript>
</main>
<footer class="page-footer">
<details class="licences"><summary>Software in this page, and its licences</summary><pre></pre></details>
</footer>
{blocks}
<script>
{bundle("page.js")}
</script>
</body>
</html>
"""


def _note(left_out: Sequence[str]) -> str:
    if not left_out:
        return ""
    items = "".join(f"<li>{html.escape(what)}</li>" for what in left_out)
    return f"""<div class="page-note" role="note">To keep the page small, it leaves out:
<ul>{items}</ul></div>
"""
