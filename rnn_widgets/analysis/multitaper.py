"""Spectra of many tapers, in which a line can be told from the background around it (Thomson 1982)."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import scipy.fft
import scipy.ndimage
import scipy.signal
import scipy.special
import scipy.stats
from numpy.typing import NDArray

from rnn_widgets.activations import Doubles, Floats
from rnn_widgets.features import Mask

Complexes: TypeAlias = NDArray[np.complex128]

BANDWIDTH, TAPERS, PADDING = 4.0, 7, 4
"""Half the width of a line in cycles over the whole text, how many tapers, and how finely frequencies are taken."""

FEWEST_TOKENS = 128

_GUARD = 8
_NARROWEST, _WINDOW = 40, 0.04
_FEWEST_AROUND = 4
_NARROWEST_STRETCH, _LOWEST = 16, 4


class Tapered(NamedTuple):
    """Two tests of each neuron at each of K frequencies, and its power.

    Attributes:
        frequencies: (K,), 0..0.5 cycles per token, both included.
        amplitude: float64 (H, K), of the sine that fits best, in standard deviations of the neuron.
        background: (H, K), the power that is usual around, 1 throughout for independent tokens.
        p_line: (H, K), whether it is a sine of one frequency, by the harmonic F-test; 1 where it cannot be told.
        p_raised: (H, K), whether there is more power than on either side; 1 where there is too little on the left.
        log_power: (H, B), the logarithm of the power at the frequencies b / T.
    """

    frequencies: Doubles
    amplitude: Doubles
    background: Doubles
    p_line: Doubles
    p_raised: Doubles
    log_power: Doubles


def tapers_of(tokens: int) -> Doubles:
    """The discrete prolate spheroidal sequences of so many tokens, (K, T) (Slepian 1978)."""
    tapers: Doubles = scipy.signal.windows.dpss(tokens, BANDWIDTH, TAPERS)
    return tapers


def transformed(values: Doubles, tapers: Doubles) -> tuple[Doubles, Complexes]:
    """The frequencies (F,), 0..0.5 cycles per token, both included, and the transform with each taper, (H, K, F).

    Args:
        values: (H, T).
        tapers: those `tapers_of` T tokens, (K, T).
    """
    size = scipy.fft.next_fast_len(PADDING * values.shape[1], real=True)
    size += size % 2
    transforms = np.stack([scipy.fft.rfft(values * taper, size, axis=1) for taper in tapers], axis=1)
    return np.arange(size // 2 + 1) / size, transforms


def near_ends(frequencies: Doubles, tokens: int) -> Mask:
    """Frequencies so near to 0 or 0.5 that they are not told from their negatives; 0.5 itself is its own."""
    margin = BANDWIDTH / tokens
    near: Mask = (frequencies < margin) | ((frequencies > 0.5 - margin) & (frequencies < 0.5))
    return near


def tapered(values: Doubles, tapers: Doubles) -> Tapered:
    """Tests neurons for lines, whatever the slope of their spectra.

    The background is the higher one of the running medians on both
    sides, so that a spectrum that falls, as of anything with a memory, has no peak.

    Args:
        values: (H, T) as `standard` makes them, T at least `FEWEST_TOKENS`.
        tapers: those `tapers_of` T tokens.
    """
    tokens = values.shape[1]
    frequencies, transforms = transformed(values, tapers)
    sums = tapers.sum(axis=1)
    sums[1::2] = 0
    mean = np.einsum("hkf,k->hf", transforms, sums) / (sums @ sums)
    fitted = np.abs(mean) ** 2 * (sums @ sums)
    power = (np.abs(transforms) ** 2).sum(axis=1)
    rest = np.maximum(power - fitted, 1e-12 * power + np.finfo(np.float64).tiny)
    p_line = scipy.stats.f.sf((TAPERS - 1) * fitted / rest, 2, 2 * TAPERS - 2)
    # at half a cycle per token everything is real
    p_line[:, -1] = scipy.stats.f.sf((TAPERS - 1) * fitted[:, -1] / rest[:, -1], 1, TAPERS - 1)
    near = near_ends(frequencies, tokens)
    p_line[:, near] = 1
    # neighbours that the padding put between say nothing new
    coarse = np.searchsorted(frequencies, np.arange(0, 0.5, 1 / tokens))
    log_power = np.log(np.maximum(power[:, coarse] / TAPERS, np.finfo(np.float64).tiny))
    background = _background(log_power, tokens)[
        :, np.clip(np.round(frequencies * tokens).astype(np.intp), 0, len(coarse) - 1)
    ]
    ratio = np.divide(power, background, out=np.zeros_like(power), where=background > 0)
    p_raised = scipy.stats.chi2.sf(2 * ratio, 2 * TAPERS)
    p_raised[:, -1] = scipy.stats.chi2.sf(ratio[:, -1], TAPERS)
    p_raised[:, near & (frequencies > 0.25)] = 1
    amplitude = 2 * np.abs(mean)
    amplitude[:, -1] /= 2
    return Tapered(frequencies, amplitude, background, p_line, p_raised, log_power)


def standard(rows: Floats) -> tuple[Doubles, Doubles]:
    """Rows (H, T) freed of mean and slope, with standard deviation 1, and their standard deviations (H,) before.

    Zeros for those that do not change otherwise.
    """
    free = scipy.signal.detrend(rows.astype(np.float64) - rows[:, :1], axis=1)
    deviation = free.std(axis=1, keepdims=True)
    scale = np.abs(rows).max(axis=1, keepdims=True)
    return np.divide(free, deviation, out=np.zeros_like(free), where=deviation > 1e-6 * scale), deviation[:, 0]


class Broad(NamedTuple):
    """A stretch of frequencies that has more power than those on both sides of it.

    Attributes:
        neuron: of which neuron.
        low: where it begins, in cycles over the whole text,
        high: and where it ends.
        p: how often chance would raise one as high.
    """

    neuron: int
    low: int
    high: int
    p: float


def broad_stretches(log_power: Doubles, q: float) -> tuple[list[Broad], int]:
    """Stretches of several widths, compared with the stretches of the same width beside them.

    The lower one of the two differences counts, so a spectrum that falls or rises throughout has no broad peak.

    Args:
        log_power: (H, B), as in `Tapered`.
        q: the largest p-value of interest.

    Returns:
        Those of interest, and how many were looked at.
    """
    count = log_power.shape[1]
    sums = np.pad(np.cumsum(log_power, axis=1), ((0, 0), (1, 0)))
    stretches, asked = [], 0
    width = _NARROWEST_STRETCH
    while _LOWEST + 3 * width <= count:
        starts = np.arange(_LOWEST, count - 3 * width + 1, width // 2)
        left, middle, right = (
            (sums[:, starts + (part + 1) * width] - sums[:, starts + part * width]) / width for part in range(3)
        )
        # logarithms of powers of 2K degrees of freedom have the variance polygamma(1, K), and tapers join neighbours
        deviation = np.sqrt(2 * scipy.special.polygamma(1, TAPERS) * 2 * BANDWIDTH / width)
        p = scipy.stats.norm.sf(np.minimum(middle - left, middle - right) / deviation)
        asked += p.size
        stretches += [
            Broad(neuron, int(starts[place]) + width, int(starts[place]) + 2 * width, float(p[neuron, place]))
            for neuron, place in np.argwhere(p <= q).tolist()
        ]
        width *= 2
    return stretches, asked


def _background(logs: Doubles, tokens: int) -> Doubles:
    """The usual power beside each frequency b / T, (H, B); infinite where there is too little on the left to tell."""
    count = logs.shape[1]
    width = min(max(_NARROWEST, round(_WINDOW * tokens)), count - 1) // 2 * 2 - 1
    running = scipy.ndimage.median_filter(logs, (1, width), mode="nearest")
    place = np.arange(count)
    left_at, right_at = place - _GUARD - width // 2, place + _GUARD + width // 2
    left = np.where(left_at >= width // 2, running[:, np.maximum(left_at, 0)], np.inf)
    right = np.where(right_at < count - width // 2, running[:, np.minimum(right_at, count - 1)], -np.inf)
    for number in range(min(count, _GUARD + width)):
        if number - _GUARD >= _FEWEST_AROUND:
            left[:, number] = np.median(logs[:, : number - _GUARD], axis=1)
            right[:, count - 1 - number] = np.median(logs[:, count - number + _GUARD :], axis=1)
    median = scipy.stats.chi2.median(2 * TAPERS) / (2 * TAPERS)
    background: Doubles = np.exp(np.maximum(left, right)) / median
    return background
