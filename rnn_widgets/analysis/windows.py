"""Choosing neurons: the best by a score, and the neighbours around them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def best_first(scores: NDArray[np.floating], n: int) -> list[int]:
    """Indices of the n highest scores, the highest first; of equal ones the lower index first."""
    if n < 0:
        raise ValueError(f"n is how many neurons to propose, from 0, got {n}.")
    return [int(neuron) for neuron in np.argsort(-scores, kind="stable")[:n]]


def windows(neurons: Sequence[int], radius: int, total: int) -> list[list[int]]:
    """For each neuron, itself and up to `radius` neighbours on either side, ascending, within 0..total-1."""
    if radius < 0:
        raise ValueError(f"radius is how many neighbours to show on either side, from 0, got {radius}.")
    return [list(range(max(0, neuron - radius), min(total, neuron + radius + 1))) for neuron in neurons]
