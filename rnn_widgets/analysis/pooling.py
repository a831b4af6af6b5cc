"""Arrays too wide for a screen: of each block of columns the one value that must stay visible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnn_widgets.activations import Floats
from rnn_widgets.analysis.cores import on_all_cores


@dataclass(frozen=True, eq=False)
class Pooled:
    """Activations over blocks of tokens.

    Attributes:
        extremes: float32 (H, B), of each block the value farthest from the neuron's mean.
        means: float32 (H,), each neuron's mean over all tokens.
        tokens_per_block: the last block may hold fewer.
    """

    extremes: Floats
    means: Floats
    tokens_per_block: int


def pool(activations: Floats, blocks: int) -> Pooled:
    """Activations (T, H) over at most `blocks` blocks of tokens, such that no spike vanishes."""
    tokens, neurons = activations.shape
    size = -(-tokens // blocks)
    starts = range(0, tokens, size)
    highest = np.empty((len(starts), neurons), np.float32)
    lowest = np.empty_like(highest)
    sums = np.empty((len(starts), neurons), np.float64)

    def reduce(block: int) -> None:
        # One block at a time fits a cache, so the three reductions read memory once.
        values = activations[starts[block] : starts[block] + size]
        values.max(axis=0, out=highest[block])
        values.min(axis=0, out=lowest[block])
        values.sum(axis=0, out=sums[block])

    on_all_cores(reduce, range(len(starts)))
    means = (sums.sum(axis=0) / tokens).astype(np.float32)
    return Pooled(np.ascontiguousarray(farthest(lowest, highest, means).T), means, size)


def pool_region(activations: Floats, means: Floats, blocks: int) -> Floats:
    """The values (n, B) of some neurons at some tokens: exact where `blocks` are enough, else pooled as `pool` does.

    Args:
        activations: (tokens, n) of these neurons.
        means: (n,), each neuron's mean over all tokens of the recording.
        blocks: how many columns at most.
    """
    tokens = len(activations)
    if tokens <= blocks:
        return np.ascontiguousarray(activations.T)
    starts = np.arange(0, tokens, -(-tokens // blocks))
    lowest = np.minimum.reduceat(activations, starts, axis=0)
    highest = np.maximum.reduceat(activations, starts, axis=0)
    return np.ascontiguousarray(farthest(lowest, highest, means).T)


def farthest(lowest: Floats, highest: Floats, means: Floats) -> Floats:
    """Of the lowest and the highest value the one farther from the mean."""
    return np.where(highest - means >= means - lowest, highest, lowest)


def pool_spectra(amplitude: Floats, blocks: int) -> tuple[Floats, int]:
    """Amplitudes (H, K) over at most `blocks` blocks of frequencies: the largest of each, frequency 0 left out.

    Returns:
        The largest amplitudes (H, B), and the number of frequencies in a block.
    """
    bins = amplitude.shape[1]
    size = -(-bins // blocks)
    starts = np.arange(0, bins, size)
    largest = np.maximum.reduceat(amplitude, starts, axis=1)
    largest[:, 0] = amplitude[:, 1 : max(2, size)].max(axis=1) if bins > 1 else 0
    return largest, size
