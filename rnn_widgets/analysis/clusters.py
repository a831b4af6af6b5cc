"""Neurons that behave alike, side by side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from rnn_widgets.activations import Floats

_STRETCH = 64
_MOST_TOKENS = 4096


def cluster_order(activations: Floats) -> NDArray[np.int32]:
    """Neurons in the order in which average-linkage clustering lays them side by side.

    Two neurons are near each other when they are correlated or anticorrelated: the distance is 1 - |r|. Where there are
    more than 4,096 tokens, r is taken over as many of them, in stretches of 64 spread evenly over the text. A constant
    neuron is at distance 1 from every other one.

    Args:
        activations: (T, H).

    Returns:
        A permutation of 0..H-1.
    """
    tokens, neurons = activations.shape
    if neurons < 3:
        return np.arange(neurons, dtype=np.int32)
    if tokens > _MOST_TOKENS:
        starts = np.linspace(0, tokens - _STRETCH, _MOST_TOKENS // _STRETCH).astype(int)
        activations = activations[(starts[:, np.newaxis] + np.arange(_STRETCH)).ravel()]
    centred = activations - activations.mean(axis=0)
    size = np.linalg.norm(centred, axis=0)
    # What is left of a constant neuron is rounding, which would correlate with anything.
    moves = size > 1e-6 * np.abs(activations).max(axis=0, initial=0) * np.sqrt(len(activations))
    unit = np.divide(centred, size, where=moves, out=np.zeros_like(centred))
    distance = np.clip(1 - np.abs(unit.T @ unit), 0, 1)
    np.fill_diagonal(distance, 0)
    return leaves_list(linkage(squareform(distance, checks=False), "average")).astype(np.int32)
