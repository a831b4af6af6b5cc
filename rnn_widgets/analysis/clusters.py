"""Neurons that behave alike, side by side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from rnn_widgets.activations import Doubles, Floats
from rnn_widgets.analysis.covariance import correlation

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
    return leaves_list(average_linkage(correlation(activations))).astype(np.int32)


def average_linkage(correlations: Floats, *, optimal: bool = False) -> Doubles:
    """The tree of scipy's average linkage on the distances 1 - |r|: float64 (H-1, 4), see scipy's `linkage`.

    Args:
        correlations: r of each two neurons, (H, H) with H at least 2.
        optimal: whether neighbours in the order of its leaves are as near as the tree allows (Bar-Joseph et al. 2001).
    """
    distances = np.clip(1 - np.abs(correlations, dtype=np.float64), 0, 1)
    np.fill_diagonal(distances, 0)
    return linkage(squareform(distances, checks=False), "average", optimal_ordering=optimal)
