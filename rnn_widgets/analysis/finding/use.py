"""What a network is asked that no recording tells: what it does untrained, and what its neurons are used for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rnn_widgets import features
from rnn_widgets.activations import Activations, Doubles, freeze
from rnn_widgets.analysis.multiple import benjamini_hochberg
from rnn_widgets.features import Feature, Mask
from rnn_widgets.text import Text

LEAST_USE = 0.01
"""Bits."""


class Clamped(Protocol):
    """What clamping the neurons of a layer changed: of all H neurons, ascending, estimates where they were not clamped.

    Attributes:
        effect: (H,), bits that a feature's tokens lose more than others.
        low, high: (H,), ends of its interval, NaN where there is none.
        p_random: (H,), how often as many random tokens lose as much; NaN of an estimate.
    """

    @property
    def effect(self) -> Doubles: ...
    @property
    def low(self) -> Doubles: ...
    @property
    def high(self) -> Doubles: ...
    @property
    def p_random(self) -> Doubles: ...


class Model(Protocol):
    """A network that can be asked. `rnn_widgets.models.LanguageModel` is one.

    Attributes:
        network: its fingerprint, which its recordings have too.
    """

    @property
    def network(self) -> str: ...

    def record_twins(self, text: Text, seeds: Sequence[int], signal: str, layer: int) -> Iterator[Activations]:
        """Recordings of networks of the same architecture that have learned nothing, one a seed."""
        ...

    def ablate_each(
        self, text: Text, features: Sequence[Feature], neurons: Sequence[int], signal: str, layer: int
    ) -> Sequence[Clamped]:
        """For each feature, what clamping these neurons to their mean does."""
        ...

    def felt(self, text: Text, neuron: int, signal: str, layer: int, seed: int) -> Doubles:
        """How far the layer's state is from the untouched one, at the token of a clamp and at those after it."""
        ...


@dataclass(frozen=True, eq=False)
class Use:
    """What clamping tells of each of N neurons and each of F features, arrays (F, N); NaN where nothing was asked.

    Attributes:
        effect: bits of surprisal that the feature's tokens lose more than others when the neuron is held at its mean.
        low, high: ends of its 95 % interval, bootstrapped over documents; NaN where too few have the feature.
        rank: the effect's place among all neurons of the layer, 1 the largest; where these were not clamped, it counts
            what automatic differentiation estimates.
        q: corrected for all that were found, how often as many random tokens of each document lose as much.
    """

    effect: Doubles
    low: Doubles
    high: Doubles
    rank: Doubles
    q: Doubles

    def __post_init__(self) -> None:
        freeze(self)

    def used(self, q: float) -> NDArray[np.bool_]:
        """Where the interval lies above 0, random tokens do not lose as much, and the effect is 0.01 bits or more."""
        return (self.low > 0) & (self.q <= q) & (self.effect >= LEAST_USE)

    def __repr__(self) -> str:
        features, neurons = self.effect.shape
        return f"Use({neurons} neurons x {features} features; {np.isfinite(self.effect).sum()} clamps)"


def use_of(
    model: Model,
    text: Text,
    masks: Mask,
    names: Sequence[str],
    found: NDArray[np.bool_],
    neurons: NDArray[np.int64],
    signal: str,
    layer: int,
) -> Use:
    """Clamps the neurons that were found.

    Args:
        model: the network.
        text: what it reads.
        masks: bool (F, T), the features.
        names: of the features.
        found: bool (F, N), which neurons are asked about,
        neurons: int (N,), and their numbers.
        signal: which signal of theirs is clamped,
        layer: and of which layer.
    """
    effect, low, high, rank, p = np.full((5, *found.shape), np.nan)
    marks = masks.copy()
    marks[:, list(text.documents)] = False
    predicted = len(text) - len(text.documents)
    asked = [row for row in range(len(masks)) if found[row].any() and 0 < marks[row].sum() < predicted]
    if asked:
        wanted = [features.mask(masks[row], name=names[row]) for row in asked]
        clamp = neurons[found[asked].any(axis=0)].tolist()
        for row, clamped in zip(asked, model.ablate_each(text, wanted, clamp, signal, layer), strict=True):
            place = np.empty(len(clamped.effect))
            place[np.argsort(-clamped.effect, kind="stable")] = np.arange(1, len(place) + 1)
            here = found[row]
            for into, values in (
                (effect, clamped.effect),
                (low, clamped.low),
                (high, clamped.high),
                (rank, place),
                (p, clamped.p_random),
            ):
                into[row, here] = values[neurons[here]]
    return Use(effect, low, high, rank, benjamini_hochberg(p.ravel()).reshape(p.shape))
