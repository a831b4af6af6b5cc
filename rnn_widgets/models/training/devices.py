"""Data-parallel training: every device has all parameters and its share of a batch's rows."""

from __future__ import annotations

from typing import Any, TypeVar

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from numpy.typing import NDArray

from rnn_widgets.models.language_model import Parameters, States
from rnn_widgets.models.steps import ROWS, Group, Update

Tree = TypeVar("Tree")

_EVERYWHERE, _BY_ROWS = PartitionSpec(), PartitionSpec(ROWS)  # type: ignore[no-untyped-call]
_PIECES_BY_ROWS = PartitionSpec(None, None, ROWS)  # type: ignore[no-untyped-call]


class Devices:
    """The devices that an update is computed on.

    A row's numbers are the same wherever it lies; what is summed over rows differs by rounding at most.

    Args:
        rows: of a batch, which are parted evenly.
        count: how many devices; None takes as many local ones as part the rows evenly.

    Raises:
        ValueError: if there are not so many, or they do not part the rows evenly.
    """

    def __init__(self, rows: int, count: int | None) -> None:
        local, platform = jax.local_devices(), jax.default_backend()
        if count is None:
            count = max(number for number in range(1, len(local) + 1) if rows % number == 0)
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= len(local):
            raise ValueError(
                f"devices is a number from 1 to {len(local)}, as many as there are here ({platform}), got {count!r}."
            )
        if rows % count:
            raise ValueError(
                f"{rows} rows cannot be parted evenly among {count} devices: give training.rows as a multiple of "
                f"{count}, or fewer devices."
            )
        self._mesh = Mesh(np.array(local[:count]), (ROWS,))

    def __len__(self) -> int:
        return int(self._mesh.devices.size)

    def compiled(self, update: Update) -> Update:
        """The update, to be called with what `everywhere`, `by_rows` and `pieces_by_rows` return."""
        parted = jax.shard_map(
            update,
            mesh=self._mesh,
            in_specs=(_EVERYWHERE, _EVERYWHERE, _BY_ROWS, _PIECES_BY_ROWS, _EVERYWHERE, _EVERYWHERE),
            out_specs=(_EVERYWHERE, _EVERYWHERE, _BY_ROWS, _EVERYWHERE),
            # the update itself adds up over the devices what is to be equal on all of them
            check_vma=False,
        )
        # a second Ctrl-C may come between the call and the assignment of what it returns, so nothing is donated
        return jax.jit(parted)

    def everywhere(self, tree: Tree) -> Tree:
        """The arrays, whole on each device."""
        placed: Tree = self._placed(tree, _EVERYWHERE)
        return placed

    def by_rows(self, state: States) -> States:
        """A recurrent state, each row on its device."""
        placed: States = self._placed(state, _BY_ROWS)
        return placed

    def pieces_by_rows(self, group: tuple[NDArray[Any], ...]) -> Group:
        """The pieces of one update, each row on its device."""
        inputs, targets, keep, weights = self._placed(group, _PIECES_BY_ROWS)
        return inputs, targets, keep, weights

    def on_one(self, parameters: Parameters) -> Parameters:
        """Arrays that are whole on each device, on the first."""
        first: Parameters = jax.tree.map(lambda array: array.addressable_data(0), parameters)
        return first

    def _placed(self, tree: Any, spec: PartitionSpec) -> Any:
        return jax.device_put(tree, NamedSharding(self._mesh, spec))
