"""A network's parameters as arrays by name: what a file holds, and what a network is filled from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from numpy.typing import NDArray

from rnn_widgets.models.network import Architecture, Graph, Network, Parameters

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
