"""Spaces as they are written: in a TOML file, and in the words of a command."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

from rnn_widgets.models.search.space import OneOf, Range, Uniform, Value, Whole, kind_of

_RANGE_KEYS = ("low", "high", "step", "log")
_TRUTH = {"true": True, "false": False}


def load_space(path: str | Path) -> dict[str, Range]:
    """The space that a TOML file holds, which is laid out as a recipe, with a range or a list for each value.

    For example::

        [model]
        hidden = [128, 256, 384]
        [training]
        learning_rate = { low = 1e-4, high = 1e-2, log = true }
        rows = { low = 8, high = 64, step = 8 }

    Raises:
        OSError: if the file cannot be read.
        ValueError: if it is not TOML, or holds something else than ranges of a recipe's keys.
    """
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        return dict(_ranges(content, ""))
    except ValueError as error:
        raise ValueError(f"{path} is not a space to search: {error}") from error


def parse_range(written: str) -> tuple[str, Range]:
    """The key and the range that one argument says.

    `training.learning_rate=1e-4..1e-2 log` and `training.rows=8..64 step 8` are ranges, `model.cell=lstm,gru` is a
    choice.

    Raises:
        ValueError: if it is none of these, or a recipe has no such key.
    """
    key, equals, said = (part.strip() for part in written.partition("="))
    if not (key and equals and said):
        raise ValueError(f"A range is KEY=LOW..HIGH, KEY=LOW..HIGH log, or KEY=A,B,C, got {written!r}.")
    kind = kind_of(key)
    if ".." not in said:
        return key, OneOf(tuple(_value(key, kind, word.strip()) for word in said.split(",")))
    ends, *options = said.split()
    table: dict[str, Any] = dict(
        zip(("low", "high"), (_value(key, kind, end) for end in ends.split("..", 1)), strict=True)
    )
    while options:
        option = options.pop(0)
        if option == "log":
            table["log"] = True
        elif option == "step" and options:
            table["step"] = _value(key, int, options.pop(0))
        else:
            raise ValueError(f"After LOW..HIGH stands nothing, log, or step N, got {written!r}.")
    return key, _range(key, kind, table)


def _ranges(content: Mapping[str, Any], where: str) -> Iterator[tuple[str, Range]]:
    for name, given in content.items():
        key = f"{where}{name}"
        if isinstance(given, list):
            kind_of(key)
            yield key, OneOf(tuple(given))
        elif isinstance(given, Mapping) and "low" in given:
            yield key, _range(key, kind_of(key), given)
        elif isinstance(given, Mapping) and key.count(".") < 2:
            yield from _ranges(given, f"{key}.")
        else:
            raise ValueError(f"{key} takes a list, or a table of low and high, got {given!r}.")


def _range(key: str, kind: Any, table: Mapping[str, Any]) -> Uniform | Whole:
    unknown = [name for name in table if name not in _RANGE_KEYS]
    if unknown or "high" not in table:
        raise ValueError(
            f"The range of {key} has {', '.join(_RANGE_KEYS)}, of which low and high are needed, got {dict(table)}."
        )
    if kind is int or (kind is Any and all(type(table[name]) is int for name in ("low", "high"))):
        return Whole(**table)
    if "step" in table:
        raise ValueError(f"{key} is not a whole number: leave out step, got {dict(table)}.")
    return Uniform(**table)


def _value(key: str, kind: Any, word: str) -> Value:
    """The word as a value of this type; an option, whose type nobody knows, is what TOML reads in it, else a string."""
    if kind is str:
        return word
    if kind is Any:
        with suppress(tomllib.TOMLDecodeError):
            value = tomllib.loads(f"value = {word}")["value"]
            return value if isinstance(value, get_args(Value)) else word
        return word
    try:
        return _TRUTH[word] if kind is bool else kind(word)
    except (KeyError, ValueError):
        raise ValueError(f"{key} is of type {kind.__name__}, got {word!r}.") from None
