"""Checks of what a user gives."""

from __future__ import annotations

import numpy as np

from rnn_widgets.models.clamping import Place
from rnn_widgets.models.reading import Numbers
from rnn_widgets.models.text_network import TextNetwork
from rnn_widgets.text import Text


def check_whole(name: str, value: int, least: int) -> None:
    """Raises a ValueError unless the argument of this name is a whole number from `least`."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"{name} is a whole number from {least}, got {value!r}.")


def check_model(model: object) -> None:
    """Raises a TypeError unless it is a network of ours."""
    if not isinstance(model, TextNetwork):
        raise TypeError(f"A model is wanted, such as load_model('char-lstm') or train(...) gives, got {model!r}.")


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
