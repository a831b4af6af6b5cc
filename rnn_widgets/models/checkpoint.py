"""Checkpoints: one safetensors file that training goes on from.

Flat named arrays and a JSON head, like the packaged models: nothing in them can be executed, one small dependency reads
them, and a file is replaced whole, so that a stop in the middle of writing leaves the older one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save_file

from rnn_widgets.models.history import History
from rnn_widgets.models.language_model import Architecture, Graph, Network, Parameters

_FORMAT = "rnn_widgets checkpoint 1"

Arrays = Mapping[str, NDArray[Any]]


def parameter_arrays(parameters: Parameters) -> dict[str, NDArray[Any]]:
    """The parameters by name, such as `layers.0.recurrent`."""
    return {".".join(map(str, path)): np.asarray(leaf[...]) for path, leaf in nnx.to_flat_state(parameters)}


def empty_parameters(architecture: Architecture) -> tuple[Graph, Parameters]:
    """A network's structure, and its parameters as shapes without values."""
    abstract = nnx.eval_shape(lambda: Network(architecture, jax.random.key(0)))
    graph, parameters = nnx.split(abstract, nnx.Param)
    return graph, parameters


def filled_parameters(architecture: Architecture, arrays: Arrays) -> tuple[Graph, Parameters]:
    """A network's structure, and its parameters with the values of `parameter_arrays`, as float32.

    Raises:
        ValueError: if an array is missing, or of another shape than the architecture says.
    """
    graph, parameters = empty_parameters(architecture)
    flat = {}
    for path, leaf in nnx.to_flat_state(parameters):
        name = ".".join(map(str, path))
        array = arrays.get(name)
        if array is None or array.shape != leaf.shape:
            found = "missing" if array is None else f"of shape {array.shape}"
            raise ValueError(f"The parameter {name} of shape {leaf.shape} is {found}.")
        flat[path] = leaf.replace(jnp.asarray(array, jnp.float32))
    return graph, nnx.from_flat_state(flat)


@dataclass(frozen=True)
class Checkpoint:
    """Training after some whole epochs.

    Attributes:
        identity: recipe and text; training goes on only from a checkpoint of the same.
        epochs: epochs done.
        updates: steps done.
        waited: epochs since the best held-out loss.
        history: the reports so far.
        parameters: by name.
        best: the parameters with the lowest held-out loss so far, by name.
        optimizer: the leaves of the optimiser's state, in order.
    """

    identity: str
    epochs: int
    updates: int
    waited: int
    history: History
    parameters: Arrays
    best: Arrays
    optimizer: tuple[NDArray[Any], ...]

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        tensors = {f"parameters/{name}": array for name, array in self.parameters.items()}
        tensors |= {f"best/{name}": array for name, array in self.best.items()}
        tensors |= {f"optimizer/{number:04}": array for number, array in enumerate(self.optimizer)}
        head = {
            "identity": self.identity,
            "epochs": self.epochs,
            "updates": self.updates,
            "waited": self.waited,
            "history": self.history.to_list(),
        }
        partial = path.with_name(path.name + ".partial")
        contiguous = {name: np.ascontiguousarray(array).reshape(array.shape) for name, array in tensors.items()}
        save_file(contiguous, partial, metadata={"format": _FORMAT, "head": json.dumps(head)})
        partial.replace(path)

    @staticmethod
    def load(path: Path) -> Checkpoint:
        """Reads what `save` wrote.

        Raises:
            ValueError: if it is another kind of file.
        """
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") != _FORMAT:
                raise ValueError(f"{path} is not a checkpoint of a training: its format is {metadata.get('format')!r}.")
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # not a dict
        head = json.loads(metadata["head"])
        parts: dict[str, dict[str, NDArray[Any]]] = {"parameters": {}, "best": {}, "optimizer": {}}
        for name, array in tensors.items():
            part, _, rest = name.partition("/")
            parts[part][rest] = array
        return Checkpoint(
            identity=head["identity"],
            epochs=head["epochs"],
            updates=head["updates"],
            waited=head["waited"],
            history=History.from_list(head["history"]),
            parameters=parts["parameters"],
            best=parts["best"],
            optimizer=tuple(array for _, array in sorted(parts["optimizer"].items())),
        )
