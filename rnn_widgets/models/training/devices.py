"""Data-parallel training: every device of every process has all parameters and its share of a batch's rows."""

from __future__ import annotations

from itertools import groupby
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.experimental import multihost_utils
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from numpy.typing import NDArray

from rnn_widgets.models.local_devices import BY_ROW, EVERYWHERE, check_devices
from rnn_widgets.models.network import States
from rnn_widgets.models.steps import ROWS, Group, Update
from rnn_widgets.models.training.processes import alone, losses_said

Tree = TypeVar("Tree")

_PIECES_BY_ROWS = PartitionSpec(None, None, ROWS)  # type: ignore[no-untyped-call]


class Devices:
    """The devices that an update is computed on.

    A row's numbers are the same wherever it lies; what is summed over rows differs by rounding at most.

    Args:
        rows: of a batch, which are parted evenly.
        count: how many devices of each process; None takes as many as part the rows evenly.

    Raises:
        ValueError: if there are not so many, or they do not part the rows evenly.
    """

    def __init__(self, rows: int, count: int | None) -> None:
        # JAX orders them by their place in the machine, where those of a process need not lie together
        ordered = sorted(jax.devices(), key=_process_of)
        by_process = [[*devices] for _, devices in groupby(ordered, _process_of)]
        processes, fewest = len(by_process), min(map(len, by_process))
        if count is None:
            fitting = [number for number in range(1, fewest + 1) if rows % (number * processes) == 0]
            count = max(fitting, default=1)
        check_devices(count, fewest, "here" if processes == 1 else "in each process")
        if rows % (count * processes):
            among = f"{count} devices" if processes == 1 else f"{count} devices in each of {processes} processes"
            raise ValueError(
                f"{rows} rows cannot be parted evenly among {among}: give training.rows as a multiple of "
                f"{count * processes}, or fewer devices{'' if processes == 1 else ' or processes'}."
            )
        self._mesh = Mesh(np.array([devices[:count] for devices in by_process]).reshape(-1), (ROWS,))

    def __len__(self) -> int:
        return int(self._mesh.devices.size)

    def compiled(self, update: Update) -> Update:
        """The update, to be called with what `everywhere`, `by_rows` and `pieces_by_rows` return."""
        parted = jax.shard_map(
            update,
            mesh=self._mesh,
            in_specs=(EVERYWHERE, EVERYWHERE, BY_ROW, _PIECES_BY_ROWS, EVERYWHERE, EVERYWHERE),
            out_specs=(EVERYWHERE, EVERYWHERE, BY_ROW, EVERYWHERE),
            # the update itself adds up over the devices what is to be equal on all of them
            check_vma=False,
        )
        # a second Ctrl-C may come between the call and the assignment of what it returns, so nothing is donated
        return jax.jit(parted)

    def everywhere(self, tree: Tree) -> Tree:
        """The arrays, whole on each device."""
        placed: Tree = self._placed(tree, EVERYWHERE)
        return placed

    def by_rows(self, state: States) -> States:
        """A recurrent state, each row on its device."""
        placed: States = self._placed(state, BY_ROW)
        return placed

    def pieces_by_rows(self, group: tuple[NDArray[Any], ...]) -> Group:
        """The pieces of one update, each row on its device."""
        inputs, targets, keep, weights = self._placed(group, _PIECES_BY_ROWS)
        return inputs, targets, keep, weights

    def on_one(self, tree: Tree) -> Tree:
        """Arrays that are whole on each device, on the first of this process."""
        first: Tree = jax.tree.map(lambda array: array.addressable_data(0), tree)
        return first

    def gathered(self, state: States) -> States:
        """A recurrent state with all rows in this process; all processes must call it."""
        if alone():
            return state
        with losses_said():
            whole: States = multihost_utils.process_allgather(state, tiled=True)
        return whole

    def _placed(self, tree: Any, spec: PartitionSpec) -> Any:
        sharding = NamedSharding(self._mesh, spec)
        if alone():
            return jax.device_put(tree, sharding)
        return jax.tree.map(lambda leaf: _own_part(leaf, sharding), tree)


def _process_of(device: jax.Device) -> int:
    number: int = device.process_index
    return number


def _own_part(whole: Any, sharding: NamedSharding) -> Array:
    """An array of which every process has the whole, and places what its devices need."""
    if isinstance(whole, Array) and jnp.issubdtype(whole.dtype, jax.dtypes.prng_key):
        data = _own_part(jax.random.key_data(whole), sharding)
        key: Array = jax.random.wrap_key_data(data, impl=jax.random.key_impl(whole))
        return key
    array = np.asarray(whole)
    placed: Array = jax.make_array_from_callback(array.shape, sharding, array.__getitem__)
    return placed
