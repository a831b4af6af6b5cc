"""The scripts of others that a page needs: those built into the package, and those of installed widget packages."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from rnn_widgets.widgets.base import bundle

BUILT_IN = frozenset({"@jupyter-widgets/base", "@jupyter-widgets/controls", "@jupyter-widgets/output"})
"""Modules of models and views that the widget manager brings along."""


def page_scripts(modules: Iterable[str]) -> list[tuple[str | None, str]]:
    """Scripts in the order in which a page runs them, each with the name of its module (None: it names its own).

    Args:
        modules: the front-end modules of the page's models and views.

    Raises:
        ValueError: if no installed package brings a module's script.
    """
    extra = sorted(set(modules) - BUILT_IN)
    return [(None, bundle("widget_manager.js")), *((name, _extension(name)) for name in extra)]


def licences(modules: Iterable[str]) -> str:
    """Names, versions and licences of all that a page with these modules contains."""
    parts = [bundle("widget_manager_licences.txt")]
    for name in sorted(set(modules) - BUILT_IN):
        found = _distribution(name)
        if found is not None:
            texts = [path.read_text("utf-8") for path in _files(found) if path.name.upper().startswith("LICENSE")]
            parts.append("\n\n".join([f"{found.name} {found.version}", *texts]))
    return f"\n\n{'-' * 80}\n\n".join(part.strip() for part in parts)


@cache
def _extension(module: str) -> str:
    """The script that a widget's package installs for pages with require.js."""
    wanted = ("nbextensions", *module.split("/"), "index.js")
    found = _distribution(module)
    places = [] if found is None else _files(found)
    places.append(Path(sys.prefix, "share", "jupyter", *wanted))
    for place in places:
        if place.parts[-len(wanted) :] == wanted and place.is_file():
            return place.read_text("utf-8")
    raise ValueError(
        f"A page cannot show widgets of {module!r}: no installed package has the script "
        f"share/jupyter/{'/'.join(wanted)}. Leave these widgets out of what is exported."
    )


@cache
def _distribution(module: str) -> importlib.metadata.Distribution | None:
    try:
        return importlib.metadata.distribution(module)
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return None


def _files(distribution: importlib.metadata.Distribution) -> list[Path]:
    return [Path(str(distribution.locate_file(file))).resolve() for file in distribution.files or ()]
