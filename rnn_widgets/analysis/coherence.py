"""At which frequencies a neuron and a feature go together, and which of them comes first."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.stats

from rnn_widgets.activations import Activations, Doubles, freeze
from rnn_widgets.analysis.multiple import benjamini_hochberg
from rnn_widgets.analysis.multitaper import (
    BANDWIDTH,
    FEWEST_TOKENS,
    TAPERS,
    Complexes,
    near_ends,
    standard,
    tapers_of,
    transformed,
)
from rnn_widgets.analysis.rows import key_of, one_neuron
from rnn_widgets.features import Feature

if TYPE_CHECKING:
    import pandas as pd

    from rnn_widgets.plots import Figure


class CoherencePeak(NamedTuple):
    """A frequency at which a neuron and a feature go together more than chance would have it.

    Attributes:
        frequency: in cycles per token.
        period: in tokens.
        coherence: 0..1.
        phase: in radians, above 0 where the neuron comes after the feature.
        lag: tokens by which it comes after, below 0 before; whole periods more or less cannot be told apart.
        q: the p-value, corrected for all frequencies.
    """

    frequency: float
    period: float
    coherence: float
    phase: float
    lag: float
    q: float


@dataclass(frozen=True, eq=False)
class Coherence:
    """How closely a neuron follows a feature at each of K frequencies.

    Attributes:
        frequencies: float64 (K,), 0..0.5 cycles per token, both included.
        coherence: (K,), 0..1, the share of the neuron's variance at a frequency that the feature's explains there.
        phase: (K,), radians, -pi..pi: above 0 where the neuron comes after the feature, below 0 where it comes before.
        p: (K,), how often chance makes it as large; NaN where it cannot be told, four cycles over the whole text or
            less away from 0 or 0.5, except 0.5 itself.
        adjusted: (K,), corrected for all frequencies: what is at most `q` is more than chance.
        q: the share of such frequencies that may be chance.
        neuron, feature, signal, layer: what was asked.
        tokens: T.
        message: why there is nothing to compare, else None.
    """

    frequencies: Doubles
    coherence: Doubles
    phase: Doubles
    p: Doubles
    adjusted: Doubles
    q: float
    neuron: int
    feature: str
    signal: str
    layer: int
    tokens: int
    message: str | None = None

    def __post_init__(self) -> None:
        freeze(self)

    def level(self, alpha: float = 0.05) -> float:
        """The coherence that chance exceeds at one frequency in a share alpha of texts, 1 - alpha^(1 / 6).

        At 0.5, where there are no phases, it exceeds it more often.

        Raises:
            ValueError: if alpha is not between 0 and 1.
        """
        if not 0 < alpha < 1:
            raise ValueError(f"alpha is a share of texts, between 0 and 1, got {alpha!r}.")
        return float(1 - alpha ** (1 / (TAPERS - 1)))

    def peaks(self, n: int = 5) -> list[CoherencePeak]:
        """The n frequencies with the highest coherence that is more than chance, the highest first.

        They lie so far from each other that they are told apart, eight cycles over the whole text.

        Raises:
            ValueError: if n is below 0.
        """
        if n < 0:
            raise ValueError(f"n is how many frequencies to give, from 0, got {n}.")
        found = np.flatnonzero(self.adjusted <= self.q)
        chosen: list[int] = []
        for place in found[np.argsort(-self.coherence[found], kind="stable")].tolist():
            if len(chosen) == n:
                break
            distance = np.abs(self.frequencies[chosen] - self.frequencies[place])
            if (distance >= 2 * BANDWIDTH / self.tokens).all():
                chosen.append(place)
        return [self._peak(place) for place in chosen]

    def _peak(self, place: int) -> CoherencePeak:
        columns = (self.frequencies, self.coherence, self.phase, self.adjusted)
        frequency, coherence, phase, q = (float(column[place]) for column in columns)
        return CoherencePeak(frequency, 1 / frequency, coherence, phase, phase / (2 * pi * frequency), q)

    def to_frame(self) -> pd.DataFrame:
        """One row a frequency: frequency, period (infinite at frequency 0), coherence, phase, p, q."""
        import pandas as pd

        with np.errstate(divide="ignore"):
            period = 1 / self.frequencies
        columns = {"frequency": self.frequencies, "period": period, "coherence": self.coherence, "phase": self.phase}
        return pd.DataFrame({**columns, "p": self.p, "q": self.adjusted})

    def plot(self) -> Figure:
        """A matplotlib figure: coherence by frequency, and the phase where it is more than chance.

        Raises:
            ImportError: if there is no matplotlib, which `rnn-widgets[plot]` brings.
        """
        from rnn_widgets.plots import coherence

        title = f"neuron {self.neuron} and {self.feature}: {self.signal}, layer {self.layer}"
        found = self.adjusted <= self.q
        return coherence(self.frequencies, self.coherence, self.phase, found, self.level(), title)

    def __repr__(self) -> str:
        best = self.peaks(1)
        outcome = f"{best[0].coherence:.2f} at the period {best[0].period:.4g}" if best else "no more than chance"
        return (
            f"Coherence({self.feature!r}, {self.signal!r}, layer={self.layer}, neuron={self.neuron}, "
            f"coherence={self.coherence.shape}, q={self.q}; {self.message or outcome})"
        )


def coherence(
    acts: Activations, neuron: int, feature: Feature, signal: str = "hidden", layer: int = -1, q: float = 0.05
) -> Coherence:
    """How closely a neuron follows a feature at each frequency, whatever else both do at others.

    The squared coherence of 7 tapers, |sum of x_k conj(y_k)|^2 / (sum of |x_k|^2 times sum of |y_k|^2), with x_k and
    y_k the transforms of neuron and feature with taper k (Thomson 1982, "Spectrum estimation and harmonic analysis").
    Where the two have nothing to do with each other, it exceeds 1 - alpha^(1 / 6) in a share alpha of texts, whatever
    the slopes of their spectra. It says nothing about rhythms: two that each hold a strict line at one frequency are
    coherent there, whatever made them, as there is but one phase to compare.

    The text is taken as one sequence, as everywhere in a spectrum, and both are freed of their slope over it.

    Args:
        acts: the recording.
        neuron: index of the neuron in its layer.
        feature: what it may follow.
        signal: which signal of the neuron,
        layer: and which layer.
        q: the share of frequencies found that may be chance.

    Returns:
        Coherence 0 throughout and a message if the neuron never changes, or every token has the feature, or none.

    Raises:
        TypeError: if `feature` is not a Feature.
        KeyError: for an unknown signal or layer.
        ValueError: if there is no such neuron, q is not between 0 and 1, or there are fewer than 128 tokens.
    """
    if not isinstance(feature, Feature):
        raise TypeError(f"coherence takes a Feature, for example features.regex({' '!r}), got {feature!r}.")
    if not 0 < q < 1:
        raise ValueError(f"q is the share of frequencies that may be chance, between 0 and 1, got {q!r}.")
    signal, layer = key_of(acts, signal, layer)
    neuron, values = one_neuron(acts, neuron, (signal, layer))
    mask = feature.mask(acts.text)
    tokens = len(values)
    if tokens < FEWEST_TOKENS:
        raise ValueError(f"Coherence takes at least {FEWEST_TOKENS} tokens, got {tokens}.")
    both, _ = standard(np.stack([values, mask.astype(np.float32)]))
    frequencies, transforms = transformed(both, tapers_of(tokens))
    unchanging = [name for name, row in zip(("neuron", "feature"), both, strict=True) if not row.any()]
    message = None
    if unchanging:
        message = f"The {unchanging[0]} does not change, but for a slope over the text, so coherence is 0."
    squared, phase = _coherence(transforms[0], transforms[1])
    p = (1 - squared) ** (TAPERS - 1)
    # at half a cycle per token everything is real
    p[-1] = scipy.stats.beta.sf(squared[-1], 0.5, (TAPERS - 1) / 2)
    p[near_ends(frequencies, tokens)] = np.nan
    adjusted = benjamini_hochberg(p)
    return Coherence(frequencies, squared, phase, p, adjusted, q, neuron, feature.name, signal, layer, tokens, message)


def _coherence(neuron: Complexes, feature: Complexes) -> tuple[Doubles, Doubles]:
    """Squared coherence and phase (F,) of transforms (K, F)."""
    cross = (neuron.conj() * feature).sum(axis=0)
    powers = (np.abs(neuron) ** 2).sum(axis=0) * (np.abs(feature) ** 2).sum(axis=0)
    squared = np.divide(np.abs(cross) ** 2, powers, out=np.zeros(len(powers)), where=powers > 0)
    return np.minimum(squared, 1.0), np.angle(cross)
