"""Whether a neuron follows a feature more closely than it follows the feature shifted along the text.

A t-test takes tokens for independent, which neighbours are not: it finds hundreds of neurons for a feature that has
nothing to do with them. A shifted feature keeps its own runs, and the neuron keeps its memory.
"""

from __future__ import annotations

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from rnn_widgets.activations import Doubles, Floats
from rnn_widgets.analysis.effects import Shifted, standardised
from rnn_widgets.features import Mask

_ROWS_AT_ONCE = 32


def shift_scores(rows: Floats, masks: Mask, shifted: Shifted) -> Doubles:
    """The covariance of each neuron and each feature at each lag, in its standard deviations over all circular shifts.

    Over all T shifts its mean is 0, and by Parseval's theorem its variance is the sum over frequencies of the product
    of both power spectra, divided by T squared: no shift is made, and one matrix product serves all. Where neither
    drifts over the whole text it is nearly of the standard normal distribution for a feature that has nothing to do
    with the neuron; where both drift, only other documents can tell.

    Args:
        rows: float32 (H, T).
        masks: bool (F, T).
        shifted: the same masks at lags.

    Returns:
        float64 (F, L, H), signed; NaN for a neuron that never changes, and a feature that holds nowhere or everywhere.
    """
    tokens = masks.shape[1]
    if tokens == 0:
        return np.full((*shifted.counts.shape, len(rows)), np.nan)
    values = standardised(rows)
    of_masks = _power(masks - masks.mean(axis=1, keepdims=True))
    # a frequency stands for its negative too; half a cycle per token is its own
    of_masks[:, : (tokens - 1) // 2] *= 2
    variance = np.empty((len(masks), len(rows)))
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        part = slice(first, first + _ROWS_AT_ONCE)
        variance[:, part] = of_masks @ _power(values[part]).T
    deviation = np.sqrt(variance) / tokens
    return shifted.sums(values) / np.where(deviation > 0, deviation, np.nan)[:, None]


def own_scores(mask: Mask, lags: NDArray[np.intp]) -> Doubles:
    """`shift_scores` at some lags (L,) of a neuron that is the feature itself; documents are not parted.

    NaN for a feature that holds nowhere or everywhere.

    Args:
        mask: bool (T,).
        lags: int (L,), none as large as T.
    """
    spectrum = scipy.fft.rfft(mask - mask.mean())
    covariance = scipy.fft.irfft(spectrum.real**2 + spectrum.imag**2, len(mask))
    deviation = np.sqrt(np.mean(covariance**2))
    scores: Doubles = covariance[lags] / (deviation if deviation > 0 else np.nan)
    return scores


def _power(rows: NDArray[np.floating]) -> NDArray[np.floating]:
    """The squared transform at each frequency above 0, (rows, K)."""
    spectrum = scipy.fft.rfft(rows, axis=1, workers=-1)[:, 1:]
    power: NDArray[np.floating] = np.square(spectrum.real)
    power += np.square(spectrum.imag)
    return power
