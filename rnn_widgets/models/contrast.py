"""How much more the tokens of a feature lose than others: sums, bootstrap over documents, and random tokens instead."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from rnn_widgets.activations import Doubles, Floats
from rnn_widgets.features import Mask
from rnn_widgets.text import Text

_DRAWS_AT_ONCE = 2**22


@dataclass(frozen=True, eq=False)
class Contrast:
    """The predicted tokens that a feature marks, and the others.

    Attributes:
        feature: its name.
        segments: int64 (T,), twice the number of each token's document, plus 1 where the feature does not hold.
        predicted: bool (T,), false at a document's first token.
        counts: int64 (D, 2), how many predicted tokens of each document have the feature, and how many do not.
    """

    feature: str
    segments: NDArray[np.int64]
    predicted: Mask
    counts: NDArray[np.int64]

    @staticmethod
    def of(text: Text, marked: Mask, feature: str) -> Contrast:
        """The contrast of a feature that marks these tokens, bool (T,).

        Raises:
            ValueError: if there is nothing to compare.
        """
        predicted = np.ones(len(text), np.bool_)
        predicted[list(text.documents)] = False
        segments = 2 * (np.cumsum(~predicted) - 1) + ~marked
        counts = np.bincount(segments[predicted], minlength=2 * len(text.documents)).reshape(-1, 2)
        at, elsewhere = counts.sum(axis=0)
        if at + elsewhere == 0:
            raise ValueError("There is nothing to predict in this text: every document has a single token.")
        if at == 0 or elsewhere == 0:
            which = "none" if at == 0 else "every one"
            raise ValueError(
                f"Feature {feature!r} marks {which} of the {at + elsewhere} predicted tokens, so there is nothing to "
                "compare with. A document's first token is not predicted. Give another feature or more text."
            )
        return Contrast(feature, segments, predicted, counts)

    @property
    def elsewhere(self) -> NDArray[np.int64]:
        """(T,), 0 at the tokens of the feature, 1 at the others."""
        return self.segments % 2

    def sums(self, change: Floats) -> Doubles:
        """The sum over each document's tokens of the feature, and over its others, of changes (N, T): (N, D, 2)."""
        at = np.flatnonzero(self.predicted)
        into = scipy.sparse.csr_array((np.ones(len(at)), (self.segments[at], at)), (self.counts.size, change.shape[1]))
        # a NaN stands at a document's first token, and is in no sum
        total: Doubles = (into @ np.where(self.predicted, change, 0).T).T
        return np.ascontiguousarray(total).reshape(len(change), -1, 2)

    def p_random(self, change: Floats, seed: int, draws: int) -> Doubles:
        """How often as many random tokens of each document lose as much, (N,); the feature's count as one draw of them.

        Args:
            change: (N, T).
            seed: of the draws.
            draws: how many.
        """
        marked = self.predicted & (self.elsewhere == 0)
        changes = np.where(self.predicted, change, 0)[:, self.predicted].T.astype(np.float32)
        # what a draw leaves elsewhere follows from what it takes, so the order of effects is that of the sums
        reached = np.ones(len(change))
        observed = marked[self.predicted].astype(np.float32) @ changes
        slack = 1e-6 * np.abs(changes).sum(axis=0)
        generator = np.random.default_rng(seed)
        parts = np.split(marked[self.predicted], np.cumsum(self.counts.sum(axis=1))[:-1])
        most = max(1, _DRAWS_AT_ONCE // len(changes))
        for first in range(0, draws, most):
            drawn = [generator.permuted(np.tile(part, (min(most, draws - first), 1)), axis=1) for part in parts]
            reached += (np.concatenate(drawn, axis=1).astype(np.float32) @ changes >= observed - slack).sum(axis=0)
        return reached / (1 + draws)


def means(sums: Doubles, counts: NDArray[np.int64]) -> Doubles:
    """Mean change over the tokens of all documents, [2, N], from `Ablation.sums` and `counts`."""
    mean: Doubles = (sums.sum(axis=1) / counts.sum(axis=0)).T
    return mean


def no_interval(counts: NDArray[np.int64]) -> str | None:
    """Why documents with these counts of tokens give no interval, or None."""
    holding = (counts > 0).sum(axis=0)
    if holding.min() > 1:
        return None
    which = "of the feature" if holding[0] < 2 else "without the feature"
    return (
        f"No interval: it is drawn from documents, and all predicted tokens {which} are in one. "
        "Give several documents that hold both."
    )


def bootstrap(
    sums: Doubles, counts: NDArray[np.int64], seed: int, interval: float, resamples: int
) -> tuple[Doubles, Doubles]:
    """Percentile bootstrap of the effect over documents (Efron 1979): the ends of the interval, each (N,).

    Documents are drawn with replacement, as many as there are, and the effect is taken anew from all their tokens.
    A draw without any token of the feature, or without any other, has no effect and is left out.

    Args:
        sums: (N, D, 2), as in `Ablation`.
        counts: (D, 2).
        seed: of the draws; equal seeds draw the same documents for every neuron.
        interval: the share of draws between the ends, 0..1.
        resamples: number of draws.
    """
    generator = np.random.default_rng(seed)
    documents = len(counts)
    of_feature, of_others = np.moveaxis(sums, -1, 0)
    effects = []
    for draws in np.array_split(np.empty(resamples), ceil(resamples * documents / _DRAWS_AT_ONCE)):
        times = generator.multinomial(documents, np.full(documents, 1 / documents), size=len(draws)).astype(np.float64)
        tokens = times @ counts
        drawn = times[(tokens > 0).all(axis=1)], tokens[(tokens > 0).all(axis=1)]
        effects.append(drawn[0] @ of_feature.T / drawn[1][:, :1] - drawn[0] @ of_others.T / drawn[1][:, 1:])
    beyond = (1 - interval) / 2
    low, high = np.quantile(np.concatenate(effects), [beyond, 1 - beyond], axis=0)
    return low, high
