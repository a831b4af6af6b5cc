"""A recipe's sections: how tables of a TOML file become frozen dataclasses that have checked their values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from math import isfinite
from numbers import Integral, Real
from typing import Any, TypeVar, get_origin, get_type_hints

Section = TypeVar("Section")


def parsed(kind: type[Section], content: Any, where: str) -> Section:
    """A table of a TOML file as the dataclass that describes it, and the tables in it likewise.

    Args:
        kind: the dataclass.
        content: the table.
        where: its name.

    Raises:
        ValueError: if it is no table, a key is unknown or missing, or the dataclass refuses a value.
    """
    if not isinstance(content, Mapping):
        raise ValueError(f"[{where}] is a table of keys and values, got {content!r}.")
    known = {part.name: part for part in fields(kind)}  # type: ignore[arg-type]  # every kind is a dataclass
    unknown = [key for key in content if key not in known]
    if unknown:
        raise ValueError(f"[{where}] has no key {unknown[0]!r}. Its keys are: {', '.join(known)}.")
    missing = [
        name
        for name, part in known.items()
        if name not in content and part.default is MISSING and part.default_factory is MISSING
    ]
    if missing:
        raise ValueError(f"[{where}] needs the key {missing[0]!r}.")
    hints = get_type_hints(kind)
    tables = {name: parsed(hints[name], content[name], name) for name in content if is_dataclass(hints[name])}
    return kind(**{**content, **tables})


def settle(section: Any, where: str) -> None:
    """Checks the types of a frozen section's values, and makes numbers Python's own: equal ones are written alike.

    Raises:
        ValueError: if a value is of another type than its field says, not finite, or not to be written as TOML.
    """
    for name, kind in get_type_hints(type(section)).items():
        value = getattr(section, name)
        place = f"{where}.{name}".removeprefix("recipe.")
        number = isinstance(value, Real) and not isinstance(value, bool)
        if kind is float and number:
            check(isfinite(value), place, "a finite number", value)
            value = float(value)
        elif kind is int and number and isinstance(value, Integral):
            value = int(value)
        else:
            expected = get_origin(kind) or kind
            check(isinstance(value, expected) and kind not in (int, float), place, f"of type {kind.__name__}", value)
        if isinstance(value, Mapping):
            value = _plain(value, place)
        object.__setattr__(section, name, value)


def _plain(options: Mapping[str, Any], where: str) -> dict[str, Any]:
    try:
        json.dumps(dict(options))
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{where} holds what a TOML file can hold, numbers, strings, lists and tables: {error}"
        ) from error
    return dict(options)


def one_of(where: str, value: str, allowed: Any) -> None:
    """Raises a ValueError that lists what is allowed, unless `value` is among it."""
    check(value in allowed, where, f"one of {', '.join(map(repr, allowed))}", value)


def check(holds: bool, where: str, expected: str, value: object) -> None:
    """Raises a ValueError that says what was expected and what was got, unless the condition holds."""
    if not holds:
        raise ValueError(f"{where} is {expected}, got {value!r}.")
