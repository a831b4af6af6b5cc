"""How the neurons of a layer vary together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnn_widgets.activations import Doubles, Floats

_CELLS_AT_ONCE = 2**20
_LEAST_CHANGE = 1e-6


class Covariance(NamedTuple):
    """The mean of each neuron, float64 (H,), and the covariance of each two, float64 (H, H); divided by T."""

    mean: Doubles
    matrix: Doubles


def covariance(activations: Floats | Doubles) -> Covariance:
    """Mean and covariance over all T tokens of activations (T, H), in double precision and in two passes."""
    tokens, neurons = activations.shape
    size = max(1, _CELLS_AT_ONCE // neurons)
    mean = activations.mean(axis=0, dtype=np.float64)
    matrix = np.zeros((neurons, neurons))
    for start in range(0, tokens, size):
        centred = activations[start : start + size] - mean
        matrix += centred.T @ centred
    return Covariance(mean, matrix / tokens)


def correlation(activations: Floats) -> Floats:
    """Pearson's r of each two neurons over all tokens of activations (T, H): float32 (H, H), the diagonal 1.

    A neuron that never changes has r = 0 with every one, itself included: so does one whose standard deviation is
    below a millionth of its largest size, because what is left of it is rounding.
    """
    _, matrix = covariance(activations)
    deviation = np.sqrt(np.diag(matrix))
    moves = deviation > _LEAST_CHANGE * np.abs(activations).max(axis=0, initial=0)
    scale = np.divide(1, deviation, where=moves, out=np.zeros_like(deviation))
    found = np.clip(matrix * scale * scale[:, np.newaxis], -1, 1).astype(np.float32)
    np.fill_diagonal(found, moves)
    return found
