"""The devices of this process that work is parted among."""

from __future__ import annotations

import jax


def wanted_devices(count: int | None, most: int) -> list[jax.Device]:
    """The first `count` local devices; where it is None, as many as there are, but not more than `most`.

    Raises:
        ValueError: if there are not so many.
    """
    local: list[jax.Device] = jax.local_devices()
    if count is None:
        return local[: max(1, most)]
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= len(local):
        raise ValueError(
            f"devices is a number from 1 to {len(local)}, as many as there are here ({jax.default_backend()}), "
            f"got {count!r}."
        )
    return local[:count]
