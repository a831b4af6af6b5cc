"""Everything that changes while a network is trained, and the arrays that it is on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array
from numpy.typing import NDArray

from rnn_widgets.models.network import Architecture, Parameters, States
from rnn_widgets.models.parameters import Arrays, filled_parameters, parameter_arrays
from rnn_widgets.models.steps import Reached

Tree = TypeVar("Tree")


@dataclass(frozen=True)
class TrainingState:
    """A training between two updates; with recipe, text and history, all that its rest depends on.

    Attributes:
        parameters: of the network.
        moments: the optimiser's state.
        carried: the recurrent state before the next piece.
        key: what everything random is drawn from, together with `updates`.
        updates: updates of the parameters so far.
        epoch: whole epochs so far.
        group: updates of this epoch so far, so where in the text it goes on.
        waited: measurements of the held-out loss since its lowest.
        best: the parameters of the lowest held-out loss by name; empty before it was measured.
        pending: what the updates since the last report reached.
    """

    parameters: Parameters
    moments: optax.OptState
    carried: States
    key: Array
    updates: int = 0
    epoch: int = 0
    group: int = 0
    waited: int = 0
    best: Arrays = field(default_factory=dict)
    pending: tuple[Reached, ...] = ()

    def counters(self) -> dict[str, int]:
        """Its numbers, for a JSON file."""
        return {name: getattr(self, name) for name in _COUNTERS}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Its arrays by path, such as `optimizer/0003`, copied so that nothing changes them while they are written."""
        parts = {
            "parameters": parameter_arrays(self.parameters),
            "best": self.best,
            "optimizer": _numbered(self.moments),
            "carried": _numbered(self.carried),
            "random": _numbered(self.key),
            "pending": {"rows": np.asarray(jax.device_get(list(self.pending)))} if self.pending else {},
        }
        return {f"{part}/{name}": np.array(array) for part, named in parts.items() for name, array in named.items()}

    def restored(self, arrays: Arrays, counters: Mapping[str, int], architecture: Architecture) -> TrainingState:
        """The state that `arrays` and `counters` were made of; this one says what it is like.

        Raises:
            ValueError: if an array is missing or of another shape.
        """
        parts: dict[str, dict[str, NDArray[Any]]] = {}
        for path, array in arrays.items():
            part, _, name = path.partition("/")
            parts.setdefault(part, {})[name] = array
        rows = parts.get("pending", {}).get("rows", ())
        return replace(
            self,
            parameters=filled_parameters(architecture, parts.get("parameters", {}))[1],
            moments=_filled(self.moments, parts.get("optimizer", {}), "optimiser"),
            carried=_filled(self.carried, parts.get("carried", {}), "carried state"),
            key=_filled(self.key, parts.get("random", {}), "random key"),
            best=parts.get("best", {}),
            pending=tuple(jnp.asarray(row) for row in rows),
            **{name: int(counters[name]) for name in _COUNTERS},
        )


_COUNTERS = ("updates", "epoch", "group", "waited")


def _numbered(tree: Any) -> dict[str, NDArray[Any]]:
    plain = (jax.random.key_data(leaf) if _is_key(leaf) else leaf for leaf in jax.tree.leaves(tree))
    return {f"{number:04}": np.asarray(leaf) for number, leaf in enumerate(plain)}


def _filled(like: Tree, arrays: Arrays, what: str) -> Tree:
    expected = _numbered(like)
    for name in expected.keys() | arrays.keys():
        shapes = [None if name not in given else (given[name].shape, given[name].dtype) for given in (expected, arrays)]
        if shapes[0] != shapes[1]:
            raise ValueError(f"The {what}'s array {name} is {shapes[1] or 'missing'}, expected {shapes[0] or 'none'}.")
    leaves, structure = jax.tree.flatten(like)
    filled = [
        jax.random.wrap_key_data(jnp.asarray(arrays[name]), impl=jax.random.key_impl(leaf))
        if _is_key(leaf)
        else jnp.asarray(arrays[name])
        for name, leaf in zip(sorted(expected), leaves, strict=True)
    ]
    restored: Tree = jax.tree.unflatten(structure, filled)
    return restored


def _is_key(leaf: Any) -> bool:
    return isinstance(leaf, Array) and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)
