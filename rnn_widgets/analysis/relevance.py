"""Which neurons respond to a feature: one score a neuron."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import Activations, Floats, freeze
from rnn_widgets.analysis import effects
from rnn_widgets.analysis.cores import on_all_cores
from rnn_widgets.analysis.rows import key_of, neurons_by_tokens
from rnn_widgets.analysis.windows import best_first, windows
from rnn_widgets.features import Feature, Mask

if TYPE_CHECKING:
    import pandas as pd

    from rnn_widgets.plots import Axes, Figure

METHODS = ("thesis", *effects.METHODS)

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "thesis": "relevance",
        "auc": "effect, 2 AUC − 1",
        "correlation": "correlation with the feature",
        "mutual_information": "bits told of the feature",
        "peri_event": "prominence, standard deviations",
    }
)
"""What the scores of each method are, as an axis is named."""

_CELLS_AT_ONCE = 2**20


@dataclass(frozen=True, eq=False)
class Relevance:
    """The relevance of each neuron of one layer for one feature.

    Attributes:
        scores: float32 (H,), from 0; all 0 where there is nothing to compare. Of the thesis 0..1, the best neuron 1;
            of the others the size of the effect.
        feature, signal, layer, method: what was asked.
        matches: at how many tokens the feature holds.
        message: why every score is 0, else None.
        effects: float32 (H,), the scores with a sign; None of the thesis, whose have none.
    """

    scores: Floats
    feature: str
    signal: str
    layer: int
    method: str
    matches: int
    message: str | None = None
    effects: Floats | None = None

    def __post_init__(self) -> None:
        freeze(self)

    def top(self, n: int) -> list[int]:
        """Indices of the n most relevant neurons, best first. Neurons without any relevance are not among them."""
        return [neuron for neuron in best_first(self.scores, n) if self.scores[neuron] > 0]

    def windows(self, n: int, radius: int = 1) -> list[list[int]]:
        """Each of `top(n)` with its `radius` neighbours on either side, one ascending list each."""
        return windows(self.top(n), radius, len(self.scores))

    def to_frame(self) -> pd.DataFrame:
        """One row a neuron, most relevant first: neuron, relevance and, where there is a sign, effect."""
        import pandas as pd

        order = best_first(self.scores, len(self.scores))
        frame = pd.DataFrame({"neuron": order, "relevance": self.scores[order]})
        return frame if self.effects is None else frame.assign(effect=self.effects[order])

    def plot(self, n: int = 10, ax: Axes | None = None) -> Figure:
        """A matplotlib figure: all neurons by number, with their sign where there is one, the `n` most relevant named.

        Args:
            n: how many are named.
            ax: where to draw; a figure of its own by default.

        Raises:
            ImportError: if there is no matplotlib, which `rnn-widgets[plot]` brings.
        """
        from rnn_widgets.plots import relevance

        scores = self.scores if self.effects is None else self.effects
        title = f"{self.feature}: {self.signal}, layer {self.layer}"
        return relevance(scores, self.top(n), title, UNITS[self.method], ax)

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

    The other methods have a sign, and a size that does not depend on the other neurons: `"auc"`, which is 2 AUC - 1,
    `"correlation"`, `"mutual_information"` in bits, and `"peri_event"`, how far a neuron stands out from its neighbours
    in time: see `rnn_widgets.analysis.effects`. Of these only the mutual information is corrected for chance, and that
    for independent tokens; where it is negative, the score is 0.

    Raises:
        TypeError: if `feature` is not a Feature.
        KeyError: for an unknown signal or layer.
        ValueError: for an unknown method.
    """
    if not isinstance(feature, Feature):
        raise TypeError(f"relevance takes a Feature, for example features.regex({' '!r}), got {feature!r}.")
    if method not in METHODS:
        raise ValueError(f"There is no method {method!r}. Methods are: {', '.join(METHODS)}.")
    signal, layer = key_of(acts, signal, layer)
    activations = acts[signal, layer]
    mask = feature.mask(acts.text)
    matches = int(mask.sum())
    if method == "thesis":
        scores, message = _thesis(activations, mask)
        return Relevance(scores, feature.name, signal, layer, method, matches, message)
    found = np.zeros(activations.shape[1], np.float32)
    if (message := nothing_to_compare(mask)) is None:
        shifted = effects.Shifted(mask[None], acts.text.slices(), [0])
        found = effects.effects(neurons_by_tokens(activations), shifted, method)[0, 0].astype(np.float32)
    scores = np.maximum(found, 0) if method == "mutual_information" else np.abs(found)
    return Relevance(scores, feature.name, signal, layer, method, matches, message, found)


def nothing_to_compare(mask: Mask) -> str | None:
    """Why no neuron can be relevant for the tokens of a mask, or None."""
    if not mask.any():
        return "No token has the feature: there is nothing to compare, so relevance is 0."
    if mask.all():
        return "Every token has the feature: there is nothing to compare with, so relevance is 0."
    return None


def _thesis(activations: Floats, mask: Mask) -> tuple[Floats, str | None]:
    tokens, neurons = activations.shape
    none = np.zeros(neurons, np.float32)
    if message := nothing_to_compare(mask):
        return none, message
    matches = int(mask.sum())
    inside, total = _sums(activations, mask)
    difference = np.abs(inside / matches - (total - inside) / (tokens - matches))
    score = _prominence(activations, np.flatnonzero(mask)) + difference
    largest = score.max()
    if largest == 0:
        return none, "No neuron changes with the feature, so relevance is 0."
    return (score / largest).astype(np.float32), None


def _sums(activations: Floats, mask: Mask) -> NDArray[np.float64]:
    """Each neuron's sum over the tokens of the mask and over all tokens, (2, H), counted from its first value."""

    def part(chunk: slice) -> NDArray[np.float64]:
        # Counted from the first value, a constant neuron has exactly no sum, however large it is.
        shifted: NDArray[np.float64] = np.subtract(activations[chunk], activations[0], dtype=np.float64)
        return np.stack([shifted[mask[chunk]].sum(axis=0), shifted.sum(axis=0)])

    return _sum_of_parts(part, *activations.shape)


def _prominence(activations: Floats, at: NDArray[np.intp]) -> NDArray[np.float64]:
    """Mean over the tokens `at` of |2 a[t] - a[t-1] - a[t+1]|, the ends reflected."""
    last = len(activations) - 1
    before = np.where(at > 0, at - 1, 1)
    after = np.where(at < last, at + 1, last - 1)

    def part(chunk: slice) -> NDArray[np.float64]:
        bend: NDArray[np.float64] = np.multiply(activations[at[chunk]], 2, dtype=np.float64)
        bend -= activations[before[chunk]]
        bend -= activations[after[chunk]]
        summed: NDArray[np.float64] = np.abs(bend, out=bend).sum(axis=0)
        return summed

    return _sum_of_parts(part, len(at), activations.shape[1]) / len(at)


def _sum_of_parts(part: Callable[[slice], NDArray[np.float64]], tokens: int, neurons: int) -> NDArray[np.float64]:
    """The sum of `part` over chunks of the tokens that a cache holds, on all cores."""
    size = max(1, _CELLS_AT_ONCE // neurons)
    chunks = [slice(start, start + size) for start in range(0, tokens, size)]
    if len(chunks) == 1:
        return part(chunks[0])
    summed: NDArray[np.float64] = np.sum(on_all_cores(part, chunks), axis=0)
    return summed
