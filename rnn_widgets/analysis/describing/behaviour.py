"""How a neuron behaves, whatever it stands for: where it is extreme, how long it remembers, how often it is full."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import inf, nan
from typing import NamedTuple

import numpy as np
import scipy.fft

from rnn_widgets.activations import SIGNAL_RANGES, Activations, Doubles, Floats
from rnn_widgets.text import Text

_TENTH = 0.1
_FADED = 1 / np.e


class Context(NamedTuple):
    """A token at which a neuron is extreme, and the text around it, which ends with the document.

    token is its index in the recording.
    """

    token: int
    activation: float
    before: str
    at: str
    after: str


class Saturation(NamedTuple):
    """The shares of tokens at which a signal is in the lowest and in the highest tenth of its range, 0..1."""

    signal: str
    lowest: float
    highest: float


def contexts(text: Text, values: Floats, n: int, width: int) -> tuple[Context, ...]:
    """The n tokens with the largest values (T,), `width` tokens around each, none of which is shown twice."""
    free = values.astype(np.float64)
    found: list[Context] = []
    while len(found) < n and np.isfinite(best := free[at := int(free.argmax())]):
        free[max(0, at - 2 * width) : at + 2 * width + 1] = -inf
        part = text.slices()[bisect_right(text.documents, at) - 1]
        before, after = (
            text.tokens[max(part.start, at - width) : at],
            text.tokens[at + 1 : min(part.stop, at + width + 1)],
        )
        found.append(Context(at, float(best), text.joiner.join(before), text.tokens[at], text.joiner.join(after)))
    return tuple(found)


def saturations(acts: Activations, neuron: int, layer: int) -> tuple[Saturation, ...]:
    """How often each bounded signal of a neuron is near an end of its range (as Karpathy et al. 2015 show gates)."""
    found = []
    for signal, of in acts:
        if of == layer and signal in SIGNAL_RANGES:
            low, high = SIGNAL_RANGES[signal]
            share = (acts[signal, layer][:, neuron] - low) / (high - low)
            found.append(Saturation(signal, float((share < _TENTH).mean()), float((share > 1 - _TENTH).mean())))
    return tuple(found)


def autocorrelation_time(values: Floats, documents: Sequence[slice]) -> float:
    """Tokens after which the autocorrelation has fallen to 1/e, by pairs within documents of at most half the longest.

    Infinite if it has not by then; NaN for a neuron that never changes.
    """
    if (values == values[0]).all():
        return nan
    centred = values - values.mean(dtype=np.float64)
    longest = max(part.stop - part.start for part in documents)
    lags = max(1, longest // 2) + 1
    products, pairs = np.zeros((2, lags))
    for part in documents:
        length = part.stop - part.start
        power = np.abs(scipy.fft.rfft(centred[part], scipy.fft.next_fast_len(length + lags))) ** 2
        products += scipy.fft.irfft(power, scipy.fft.next_fast_len(length + lags))[:lags]
        pairs += np.maximum(length - np.arange(lags), 0)
    correlation = np.divide(products, pairs, out=np.full(lags, nan), where=pairs > 0)
    return _fades(correlation / correlation[0])


def time_constant(distances: Doubles) -> float:
    """Tokens after which a distance stays below 1/e of its first; infinite if it does not, NaN if that was 0."""
    if distances[0] <= 0:
        return nan
    above = np.flatnonzero(distances / distances[0] > _FADED)
    return inf if above[-1] == len(distances) - 1 else float(above[-1] + 1)


def _fades(correlation: Doubles) -> float:
    below = np.flatnonzero(correlation <= _FADED)
    if not len(below):
        return inf
    after = int(below[0])
    high, low = correlation[after - 1], correlation[after]
    return float(after - 1 + (high - _FADED) / (high - low))
