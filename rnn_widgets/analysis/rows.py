"""Activations neuron by neuron."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from rnn_widgets.activations import Activations, Floats, SignalKey
from rnn_widgets.analysis.cores import on_all_cores

_TOKENS_AT_ONCE = 1024


def neurons_by_tokens(activations: Floats) -> Floats:
    """Activations (T, H) as rows (H, T), turned in blocks of tokens that a cache holds."""
    tokens, neurons = activations.shape
    rows = np.empty((neurons, tokens), np.float32)

    def turn(first: int) -> None:
        block = slice(first, first + _TOKENS_AT_ONCE)
        # Copied as it lies first: neurons that are a part of a layer lie far apart, each token's in another page.
        rows[:, block] = np.ascontiguousarray(activations[block]).T

    on_all_cores(turn, range(0, tokens, _TOKENS_AT_ONCE))
    return rows


def chosen_neurons(neurons: Iterable[int] | None, total: int) -> list[int]:
    """The numbers of the neurons asked for, each once; of all `total` by default.

    Raises:
        ValueError: if there is no such neuron, or none is asked for.
    """
    chosen = list(range(total)) if neurons is None else [*dict.fromkeys(int(neuron) for neuron in neurons)]
    wrong = [neuron for neuron in chosen if not 0 <= neuron < total]
    if wrong or not chosen:
        raise ValueError(f"There are the neurons 0..{total - 1}, got {wrong[0] if wrong else 'none'}.")
    return chosen


def activations_of(acts: Activations, neuron: int, key: SignalKey) -> Floats:
    """One neuron's activations (T,), a view of those of its layer.

    Raises:
        ValueError: if there is no such neuron.
    """
    neurons = acts.neurons(*key)
    if not 0 <= neuron < neurons:
        raise ValueError(f"There is no neuron {neuron}: the layer has {neurons} neurons, numbered 0..{neurons - 1}.")
    values: Floats = acts[key][:, neuron]
    return values
