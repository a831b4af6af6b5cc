"""Checks of what a user gives."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.models.clamping import Place
from rnn_widgets.models.reading import Numbers
from rnn_widgets.models.text_network import TextNetwork
from rnn_widgets.text import Text


def check_whole(name: str, value: int, least: int) -> None:
    """Raises a ValueError unless the argument of this name is a whole number from `least`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"{name} is a whole number from {least}, got {value!r}.")


def known_numbers(model: TextNetwork, text: Text) -> Numbers:
    """The text's token numbers.

    Raises:
        ValueError: if every token is unknown: then the text was most likely split for another model.
    """
    numbers = model.vocabulary.encode(text.tokens)
    if not numbers.any():
        raise ValueError(
            f"The model knows no token of this text, which begins with {list(text.tokens[:3])}; it was trained on "
            f"{model.tokenizer}. Give a str, or a Text of such tokens."
        )
    return numbers


def wanted_place(model: TextNetwork, signal: str, layer: int) -> Place:
    """The layer, counted from 0, and the signal, if the model has them; else a ValueError says which there are."""
    if signal not in model.signals:
        raise ValueError(f"This model has no signal {signal!r}. Its signals are: {', '.join(model.signals)}.")
    layers = model.architecture.layers
    if isinstance(layer, bool) or not isinstance(layer, (int, np.integer)) or not -layers <= layer < layers:
        raise ValueError(f"This model has the layers {list(range(layers))}, got layer={layer!r}.")
    return int(layer) % layers, signal


def wanted_neurons(neurons: int | slice | Iterable[int] | None, size: int) -> NDArray[np.int64]:
    """Indices of neurons, ascending, each once."""
    if neurons is None or isinstance(neurons, slice):
        chosen = np.sort(np.arange(size)[neurons or slice(None)])
    else:
        chosen = np.unique(np.asarray([neurons] if isinstance(neurons, (int, np.integer)) else list(neurons)))
    if len(chosen) == 0:
        raise ValueError(f"neurons names no neuron: {neurons!r}. This layer's are 0..{size - 1}.")
    if chosen.dtype.kind not in "iu":
        raise TypeError(f"neurons are indices, 0..{size - 1}, got {neurons!r}.")
    if chosen[0] < 0 or chosen[-1] >= size:
        outside = chosen[0] if chosen[0] < 0 else chosen[-1]
        raise ValueError(f"There is no neuron {outside}. This layer's are 0..{size - 1}.")
    return chosen.astype(np.int64)
