"""What a page holds of the widgets: their state as text, and their arrays packed for a browser to unpack."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, field
from typing import Any

import ipywidgets
import numpy as np
from ipywidgets.embed import dependency_state
from ipywidgets.widgets.widget import _instances

Path = tuple[str | int, ...]
"""Names and places that lead to an array within a model's state."""

LONG_TEXT = 500
"""A text of more characters that several models have, such as a script, stands in a page once."""

ITEM_BYTES = {"float64": 8, "float32": 4, "float16": 2, "int64": 8, "int32": 4, "int16": 2, "uint32": 4, "uint16": 2}


@dataclass
class PageState:
    """The state of some widgets and of all that they refer to.

    Attributes:
        models: for each model's id its state, without arrays and long texts.
        texts: the long texts, each once.
        texts_at: model, trait and place in `texts` of each.
        arrays: by model and path the bytes of each array, and the bytes of one of its items.
        places: where each array stands among the packed ones.
    """

    models: dict[str, dict[str, Any]]
    texts: list[str] = field(default_factory=list)
    texts_at: list[tuple[str, str, int]] = field(default_factory=list)
    arrays: dict[tuple[str, Path], tuple[bytes, int]] = field(default_factory=dict)
    places: list[dict[str, Any]] = field(default_factory=list)

    @property
    def modules(self) -> set[str]:
        """The front-end modules of all models and views."""
        states = [model["state"] for model in self.models.values()]
        names = [state.get(name) for state in states for name in ("_model_module", "_view_module")]
        return {name for name in names if name}

    def put_array(self, model: str, path: Path, value: bytes, item: int = 1) -> None:
        self.arrays[model, path] = (value, item if len(value) % item == 0 else 1)


def page_state(widget: ipywidgets.Widget) -> PageState:
    """The state of a widget with all widgets that it refers to, and the links between them."""
    state = PageState(dependency_state([widget], drop_defaults=False))
    places: dict[str, int] = {}
    for model, entry in state.models.items():
        for buffer in entry.pop("buffers", ()):
            path = tuple(buffer["path"])
            state.put_array(model, path, base64.b64decode(buffer["data"]), _item(entry, path))
        for trait, value in entry["state"].items():
            if isinstance(value, str) and len(value) > LONG_TEXT:
                place = places.setdefault(value, len(places))
                entry["state"][trait] = ""
                state.texts_at.append((model, trait, place))
    state.texts = list(places)
    return state


def models_of(state: PageState) -> list[ipywidgets.Widget]:
    """The widgets themselves."""
    return [_instances[model] for model in state.models]


def packed(value: bytes, item: int) -> bytes:
    """The bytes plane by plane (first bytes of all items, then the second ones): numbers pack better so."""
    if item == 1:
        return value
    return np.frombuffer(value, np.uint8).reshape(-1, item).T.tobytes()


def deflated(value: bytes) -> str:
    """The bytes as zlib packs them, in base64, which cannot end a script element."""
    return base64.b64encode(zlib.compress(value, 9)).decode("ascii")


def _item(entry: dict[str, Any], path: Path) -> int:
    """Bytes of an item of an array that a widget library describes beside its bytes (`{dtype, shape, value}`)."""
    holder: Any = entry["state"]
    for step in path[:-1]:
        holder = holder[step]
    dtype = holder.get("dtype") if isinstance(holder, dict) and len(path) > 1 else None
    return ITEM_BYTES.get(str(dtype), 1)
