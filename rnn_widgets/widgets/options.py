"""What widgets are given by name: the first choice, a layout, and names that they do not know."""

from __future__ import annotations

from collections.abc import Container, Iterable
from difflib import get_close_matches
from typing import Any

import ipywidgets

CHOICES = ("neuron", "token", "feature", "signal", "layer", "band")
"""What a view may be given as its first choice."""

QUIET = frozenset({"tabbable", "tooltip"})
"""Traits of every ipywidget that no hint offers."""


class OwnsLayout(ipywidgets.DOMWidget):
    """A widget that takes the layout made for it along when it closes; a Layout that the user made stays open."""

    _made_layout = False

    def __init__(self, *args: Any, **options: Any) -> None:
        self._made_layout = not isinstance(options.get("layout"), ipywidgets.Layout)
        super().__init__(*args, **options)

    def close(self) -> None:
        if self._made_layout:
            self.layout.close()
        super().close()


def public_traits(kind: type[ipywidgets.Widget]) -> set[str]:
    """Names of the synced traits that a user may set."""
    return {name for name in kind.class_trait_names(sync=True) if not name.startswith("_")}


def refuse_unknown(
    kind: type, given: Iterable[str], known: Container[str], listed: Iterable[str], also: Iterable[str] = ()
) -> None:
    """Refuses an option that a class does not know.

    Args:
        kind: the class.
        given: names that the user gave.
        known: names that the class takes.
        listed: names for the hint.
        also: names of other parameters, which may be the ones meant.

    Raises:
        TypeError: the message names the nearest option, or lists them.
    """
    options = sorted(listed)
    for name in given:
        if name not in known:
            near = get_close_matches(name, [*options, *also], 1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Options are: {', '.join(options)}."
            raise TypeError(f"{kind.__name__} has no option {name!r}. {hint}")


def take_choices(options: dict[str, Any]) -> dict[str, Any]:
    """Takes the first choice out of the options, which are changed in place."""
    return {name: options.pop(name) for name in CHOICES if name in options}


def box_choices(kind: type[ipywidgets.Box], options: dict[str, Any], *others: str) -> dict[str, Any]:
    """Takes the first choice out of what a box of views was given, and leaves the box's own options.

    Raises:
        TypeError: for an option that is neither; the message names the nearest one, `others` among them.
    """
    known = {*public_traits(kind), *CHOICES} - {"children"}
    refuse_unknown(kind, options, known, {*known, *others} - QUIET)
    return take_choices(options)
