"""Worlds in which it is known which neuron follows which feature."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy.fft
import scipy.signal
from numpy.typing import NDArray

from rnn_widgets.activations import Doubles
from rnn_widgets.text import Text

Noise = Callable[[np.random.Generator, int, int], Doubles]

_FORGOTTEN = 2_000


def white(random: np.random.Generator, tokens: int, neurons: int) -> Doubles:
    """Independent normal numbers, (tokens, neurons)."""
    return random.normal(size=(tokens, neurons))


def autoregressive(memory: float) -> Noise:
    """Of the first order: each number is `memory` times the one before, and something new."""

    def noise(random: np.random.Generator, tokens: int, neurons: int) -> Doubles:
        fresh = random.normal(size=(tokens + _FORGOTTEN, neurons))
        filtered: Doubles = scipy.signal.lfilter([np.sqrt(1 - memory**2)], [1, -memory], fresh, axis=0)
        return filtered[_FORGOTTEN:]

    return noise


def drifting(random: np.random.Generator, tokens: int, neurons: int) -> Doubles:
    """A slope of three standard deviations over the text, up or down, and white noise."""
    slopes = random.choice([-3.0, 3.0], neurons)
    return np.linspace(-0.5, 0.5, tokens)[:, None] * slopes + white(random, tokens, neurons)


def pink(random: np.random.Generator, tokens: int, neurons: int) -> Doubles:
    """Of a power that falls as 1 / frequency."""
    transform = scipy.fft.rfft(white(random, tokens, neurons), axis=0)
    frequencies = np.maximum(scipy.fft.rfftfreq(tokens), 1 / tokens)
    shaped: Doubles = scipy.fft.irfft(transform / np.sqrt(frequencies)[:, None], tokens, axis=0)
    return shaped / shaped.std(axis=0)


NOISES: dict[str, Noise] = {
    **{f"AR {memory}": autoregressive(memory) for memory in (0.5, 0.9, 0.95, 0.99)},
    "drift": drifting,
    "1/f": pink,
}


def in_runs(random: np.random.Generator, tokens: int, run: int, share: float = 0.2) -> NDArray[np.bool_]:
    """A mask that holds for some `share` of the tokens, in runs of `run`."""
    return np.repeat(random.random(tokens // run + 1) < share, run)[:tokens]


def drifting_mask(random: np.random.Generator, tokens: int) -> NDArray[np.bool_]:
    """A mask that holds ever more often."""
    return random.random(tokens) < np.linspace(0.05, 0.35, tokens)


def text(random: np.random.Generator, tokens: int, documents: int) -> Text:
    """Letters drawn one by one, in documents of one length."""
    letters = random.choice(list("abcdefgh "), tokens)
    return Text(tuple(map(str, letters)), tuple(range(0, tokens, -(-tokens // documents))))
