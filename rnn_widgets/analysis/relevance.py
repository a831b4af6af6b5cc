"""Which neurons respond to a feature: one score a neuron."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnn_widgets.activations import Activations, Floats
from rnn_widgets.analysis.windows import best_first, windows
from rnn_widgets.features import Feature, Mask

if TYPE_CHECKING:
    import pandas as pd

METHODS = ("thesis",)


@dataclass(frozen=True, eq=False)
class Relevance:
    """The relevance of each neuron of one layer for one feature.

    Attributes:
        scores: float32 (H,), 0..1, the best neuron 1; all 0 where there is nothing to compare.
        feature, signal, layer, method: what was asked.
        matches: at how many tokens the feature holds.
        message: why every score is 0, else None.
    """

    scores: Floats
    feature: str
    signal: str
    layer: int
    method: str
    matches: int
    message: str | None = None

    def top(self, n: int) -> list[int]:
        """Indices of the n most relevant neurons, best first. Neurons without any relevance are not among them."""
        return [neuron for neuron in best_first(self.scores, n) if self.scores[neuron] > 0]

    def windows(self, n: int, radius: int = 1) -> list[list[int]]:
        """Each of `top(n)` with its `radius` neighbours on either side, one ascending list each."""
        return windows(self.top(n), radius, len(self.scores))

    def to_frame(self) -> pd.DataFrame:
        """One row a neuron, most relevant first: neuron, relevance."""
        import pandas as pd

        order = best_first(self.scores, len(self.scores))
        return pd.DataFrame({"neuron": order, "relevance": self.scores[order]})

    def __repr__(self) -> str:
        best = ", ".join(f"{neuron}: {self.scores[neuron]:.3f}" for neuron in self.top(3))
        outcome = self.message or f"best {best}"
        return (
            f"Relevance({self.feature!r}, {self.signal!r}, layer={self.layer}, method={self.method!r}, "
            f"scores={self.scores.shape}, {self.matches} tokens match; {outcome})"
        )


def relevance(
    acts: Activations, feature: Feature, method: str = "thesis", signal: str = "hidden", layer: int = -1
) -> Relevance:
    """How strongly each neuron responds to a feature.

    `method="thesis"` with m the tokens of the feature: the mean over m of |2 a[t] - a[t-1] - a[t+1]| (prominence, the
    text's ends reflected) plus |mean of a over m - mean of a elsewhere|, divided by the largest such sum (the
    master thesis "Visualization of Recurrent Neural Networks", 2019). It is taken over the whole text: documents are
    not parted. It says nothing about chance.

    Raises:
        TypeError: if `feature` is not a Feature.
        KeyError: for an unknown signal or layer.
        ValueError: for an unknown method.
    """
    if not isinstance(feature, Feature):
        raise TypeError(f"relevance takes a Feature, for example features.regex({' '!r}), got {feature!r}.")
    if method not in METHODS:
        raise ValueError(f"There is no method {method!r}. Methods are: {', '.join(METHODS)}.")
    signal, layer = acts.key(signal, layer)
    activations = acts[signal, layer]
    mask = feature.mask(acts.text)
    matches = int(mask.sum())
    scores, message = _thesis(activations, mask)
    return Relevance(scores, feature.name, signal, layer, method, matches, message)


def _thesis(activations: Floats, mask: Mask) -> tuple[Floats, str | None]:
    tokens, neurons = activations.shape
    none = np.zeros(neurons, np.float32)
    matches = int(mask.sum())
    if matches == 0:
        return none, "No token has the feature: there is nothing to compare, so relevance is 0."
    if matches == tokens:
        return none, "Every token has the feature: there is nothing to compare with, so relevance is 0."
    at = np.flatnonzero(mask)
    before = np.where(at > 0, at - 1, 1)
    after = np.where(at < tokens - 1, at + 1, tokens - 2)
    here = activations[at].astype(np.float64)
    prominence = np.abs(2 * here - activations[before] - activations[after]).mean(axis=0)
    elsewhere = activations[~mask].mean(axis=0, dtype=np.float64)
    score = prominence + np.abs(here.mean(axis=0) - elsewhere)
    largest = score.max()
    if largest == 0:
        return none, "No neuron changes with the feature, so relevance is 0."
    return (score / largest).astype(np.float32), None
