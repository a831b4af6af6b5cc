"""Recipes as TOML, which `Recipe.load` reads again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rnn_widgets.models.recipes import Recipe


def recipe_toml(recipe: Recipe) -> str:
    """The recipe as the text of a TOML file."""
    return "\n".join(_lines(recipe.to_dict(), "")).lstrip("\n") + "\n"


def _lines(table: Mapping[str, Any], where: str) -> Iterator[str]:
    for key, value in table.items():
        if not isinstance(value, Mapping):
            yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        if isinstance(value, Mapping) and value:
            name = f"{where}{_key(key)}"
            yield from ("", f"[{name}]")
            yield from _lines(value, f"{name}.")


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if bare else _string(key)


def _value(value: Any) -> str:
    """A value of a recipe. TOML spells numbers, infinities included, as Python does, and strings nearly as JSON."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(key)} = {_value(part)}' for key, part in value.items())} }}"
    if isinstance(value, (int, float)):
        return repr(value)
    raise ValueError(f"A TOML file holds strings, numbers, truth values, lists and tables, got {value!r}.")


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
