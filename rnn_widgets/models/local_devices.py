"""The devices of this process, and how rows of arrays are parted among them."""

from __future__ import annotations

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from rnn_widgets.models.steps import ROWS

EVERYWHERE = PartitionSpec()  # type: ignore[no-untyped-call]
BY_ROW = PartitionSpec(ROWS)  # type: ignore[no-untyped-call]
STEPS_BY_ROW = PartitionSpec(None, ROWS)  # type: ignore[no-untyped-call]


def row_mesh(count: int | None, most: int) -> Mesh:
    """The first `count` local devices; where it is None, as many as there are, but not more than `most`.

    Raises:
        ValueError: if there are not so many.
    """
    local: list[jax.Device] = jax.local_devices()
    if count is None:
        count = min(len(local), max(1, most))
    check_devices(count, len(local))
    return Mesh(np.array(local[:count]), (ROWS,))


def check_devices(count: int, most: int, where: str = "here") -> None:
    """Refuses what is no number of devices.

    Raises:
        ValueError: if it is not from 1 to `most`, as many as there are in the place meant.
    """
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= most:
        raise ValueError(
            f"devices is a number from 1 to {most}, as many as there are {where} ({jax.default_backend()}), "
            f"got {count!r}."
        )


def everywhere(mesh: Mesh) -> NamedSharding:
    """Where arrays lie that are whole on each device."""
    return NamedSharding(mesh, EVERYWHERE)


def by_row(mesh: Mesh) -> NamedSharding:
    """Where arrays lie whose first axis is parted."""
    return NamedSharding(mesh, BY_ROW)
