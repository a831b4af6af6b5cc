"""Activations neuron by neuron."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import Activations, Floats, SignalKey, neuron_number
from rnn_widgets.analysis.cores import chunks, on_all_cores

_TOKENS_AT_ONCE = 1024


def neurons_by_tokens(activations: Floats, at: NDArray[np.intp] | None = None) -> Floats:
    """Activations (T, H) as rows (H, T), or at some tokens (N,) as (H, N), turned in blocks that a cache holds."""
    tokens = len(activations) if at is None else len(at)
    rows = np.empty((activations.shape[1], tokens), np.float32)

    def turn(first: int) -> None:
        block = slice(first, first + _TOKENS_AT_ONCE)
        # Copied as it lies first: neurons that are a part of a layer lie far apart, each token's in another page.
        rows[:, block] = np.ascontiguousarray(activations[block if at is None else at[block]]).T

    on_all_cores(turn, range(0, tokens, _TOKENS_AT_ONCE))
    return rows


def key_of(acts: Activations, signal: str, layer: int) -> SignalKey:
    """The key of the layer that is asked about.

    Raises:
        TypeError: if there is no recording.
        KeyError: for an unknown signal or layer.
    """
    if not isinstance(acts, Activations):
        raise TypeError(
            "A recording is wanted, as record(model, text) gives or Activations.from_arrays(tokens, values), got "
            f"{type(acts).__name__}."
        )
    return acts.key(signal, layer)


def same_recording(acts: Activations, other: Activations, key: SignalKey) -> bool:
    """Whether two recordings show the same at every token; where they do not, little of them is read."""
    mine, theirs = acts[key], other[key]
    return mine.shape == theirs.shape and all(
        np.array_equal(mine[part.start : part.stop], theirs[part.start : part.stop])
        for part in chunks(len(mine), _TOKENS_AT_ONCE)
    )


def one_neuron(acts: Activations, neuron: object, key: SignalKey) -> tuple[int, Floats]:
    """A neuron's number, and its activations (T,), a view of those of its layer.

    Raises:
        TypeError: if it is no whole number.
        ValueError: if there is no such neuron.
    """
    number = neuron_number(neuron, acts.neurons(*key))
    return number, acts[key][:, number]
