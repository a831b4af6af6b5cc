"""Where a checkpoint comes from, so that training goes on only from one of the same recipe and text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rnn_widgets.models.training.processes import gathered
from rnn_widgets.models.training.task import Task

Origin = dict[str, Any]

_NAMES = {"recipe": "recipe", "text": "text", "architecture": "network"}
_EPOCHS = (
    " The number of epochs is part of the recipe, because the learning rate's schedule depends on it: to train for "
    "longer, start anew with more epochs."
)


def origin_of(task: Task) -> Origin:
    """Recipe, a name for the text, and the architecture, as a JSON file holds them."""
    whole = {
        "recipe": task.recipe.to_dict(),
        "text": task.material.fingerprint(),
        "architecture": asdict(task.architecture),
    }
    origin: Origin = json.loads(json.dumps(whole))
    return origin


def refuse_another(ours: Origin, theirs: Mapping[str, Any], folder: Path) -> None:
    """Checks that a checkpoint's origin is ours.

    Raises:
        ValueError: if not; the message says what differs.
    """
    for part, name in _NAMES.items():
        if ours[part] != theirs.get(part):
            key, difference = _first_difference(ours[part], theirs.get(part))
            raise ValueError(
                f"The checkpoint {folder} belongs to another {name}{difference}. Give another folder, or remove it to "
                f"start anew.{_EPOCHS if key == 'training.epochs' else ''}"
            )


def refuse_differing(ours: Origin, devices: int) -> None:
    """Checks that all processes train the same, on as many devices.

    Raises:
        ValueError: in all of them if not; the message says what differs.
    """
    first, *others = gathered({**ours, "devices": devices})
    for number, theirs in enumerate(others, 1):
        if first != theirs:
            difference = _first_difference(first, theirs, (f"in process {number}", "in process 0"))[1]
            raise ValueError(
                f"The processes do not train the same{difference}. Start all of them with the same recipe, text and "
                "devices."
            )


def _first_difference(
    ours: object, theirs: object, where: tuple[str, str] = ("there", "here"), place: str = ""
) -> tuple[str, str]:
    """The key at which two tables differ first, such as `training.epochs`, and what each holds there."""
    if not isinstance(ours, Mapping) or not isinstance(theirs, Mapping):
        return place, f": {place} is {theirs!r} {where[0]} and {ours!r} {where[1]}" if place else ""
    key = next(key for key in [*ours, *theirs] if ours.get(key) != theirs.get(key))
    return _first_difference(ours.get(key), theirs.get(key), where, f"{place}.{key}" if place else str(key))
