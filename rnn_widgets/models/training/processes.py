"""What the processes that train together tell each other, so that all of them go on alike and end alike.

JAX knows how many there are (`jax.distributed.initialize`). All must call these functions in the same order. Where
there is one process alone, nothing is told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from numpy.typing import NDArray

from rnn_widgets.models.parameters import Arrays

_AXIS = "processes"
_EVERYWHERE, _ONE_EACH = PartitionSpec(), PartitionSpec(_AXIS)  # type: ignore[no-untyped-call]
_NETWORKS = ("gloo", "nccl", "rccl", "connection", "coordination")


class OtherProcessError(RuntimeError):
    """Another process failed, and this one ends with it."""


class LostProcessError(OtherProcessError):
    """Another process is gone without a word, or cannot be reached any more."""


def alone() -> bool:
    """Whether one process trains."""
    count: int = jax.process_count()
    return count == 1


def is_first() -> bool:
    """Whether this is the process that shows progress, and reads and writes checkpoints."""
    return jax.process_index() == 0


def gathered(told: Any) -> list[Any]:
    """What each process told, in their order; anything that JSON holds.

    Raises:
        LostProcessError: if a process is gone.
    """
    if alone():
        return [told]
    message = np.frombuffer(json.dumps(told).encode(), np.uint8)
    lengths = _spread(_same, np.array(len(message), np.int32))
    # few widths, each of which is compiled once
    width = max(64, 1 << int(lengths.max() - 1).bit_length())
    rows = _spread(_same, np.pad(message, (0, width - len(message))))
    return [json.loads(row[:length].tobytes()) for row, length in zip(rows, lengths, strict=True)]


def from_first(told: Any) -> Any:
    """What the first process told; what the others did is left."""
    return gathered(told)[0]


def arrays_from_first(arrays: Arrays) -> Arrays:
    """The first process's arrays by name; what the others give is left. They travel bit for bit.

    Raises:
        LostProcessError: if a process is gone.
    """
    if alone():
        return arrays
    kinds = from_first([(name, array.dtype.name, array.shape) for name, array in arrays.items()])
    received = {}
    for name, dtype, shape in kinds:
        ours = arrays[name] if is_first() else np.zeros(shape, dtype)
        raw = _spread(_sum, np.frombuffer(ours.tobytes(), np.uint8))
        received[name] = np.frombuffer(raw.tobytes(), dtype).reshape(shape)
    return received


@contextmanager
def together() -> Iterator[None]:
    """What is done within is done by all processes, or the training ends in all of them.

    Nothing within may tell anything to another process. What is no Exception, as a second Ctrl-C, is raised at once.

    Raises:
        OtherProcessError: if it failed in another process, which raises what it was.
    """
    failure: Exception | None = None
    try:
        yield
    except LostProcessError:
        raise
    except Exception as error:
        if alone():
            raise
        failure = error
    told = gathered(None if failure is None else f"{type(failure).__name__}: {failure}")
    if failure is not None:
        raise failure
    for number, what in enumerate(told):
        if what is not None:
            raise OtherProcessError(f"Process {number} of {len(told)} failed, so this one ends too. {what}")


@contextmanager
def losses_said() -> Iterator[None]:
    """What JAX raises when another process does not answer is many things, and names no remedy."""
    try:
        yield
    except (ValueError, RuntimeError) as error:
        message = " ".join(str(error).split())
        if alone() or not any(network in message.lower() for network in _NETWORKS):
            raise
        raise LostProcessError(
            f"Another of the {jax.process_count()} processes has ended or cannot be reached ({message[:200]}). "
            "Start all of them anew: with a folder for checkpoints, training goes on from the last."
        ) from error


def _spread(function: Callable[[Array], Array], array: NDArray[Any]) -> NDArray[Any]:
    """What the function makes of all processes' arrays, [processes, ...]; each may have any number of devices."""
    speaker = {device.process_index: device for device in jax.devices()}
    mesh = Mesh(np.array([speaker[number] for number in sorted(speaker)]), (_AXIS,))
    with losses_said():
        told = jax.make_array_from_callback(
            (len(speaker), *array.shape), NamedSharding(mesh, _ONE_EACH), lambda _: array[None]
        )
        return np.asarray(jax.jit(function, out_shardings=NamedSharding(mesh, _EVERYWHERE))(told))


def _same(told: Array) -> Array:
    return told


def _sum(told: Array) -> Array:
    return jnp.sum(told, axis=0, dtype=told.dtype)
