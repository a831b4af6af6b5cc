"""How strongly all neurons follow all features, at all lags at once: signed effects by one matrix product."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import log
from types import MappingProxyType

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from rnn_widgets.activations import Doubles, Floats
from rnn_widgets.analysis.ranking import centred_ranks
from rnn_widgets.features import Mask

BINS = 16
"""Parts of equal size into which activations are sorted for the mutual information."""

_TOKENS_AT_ONCE = 2**14


class Shifted:
    """Masks at lags: at lag l the activation of token t + l meets the feature of token t.

    So a neuron that reacts has its effect at a positive lag, one that predicts at a negative one. Nothing crosses a
    document's border: beyond it there is no feature.

    Args:
        masks: bool (F, T).
        documents: the slice of each.
        lags: L numbers of tokens.

    Attributes:
        counts: float64 (F, L), tokens at which the shifted feature holds.
        tokens: T.
        documents: as given.
    """

    def __init__(self, masks: Mask, documents: Sequence[slice], lags: Sequence[int]) -> None:
        self._masks, self._lags, self.documents = masks, np.asarray(lags), documents
        self.tokens = masks.shape[1]
        self._first, self._last = np.empty((2, self.tokens), np.intp)
        for part in documents:
            self._first[part], self._last[part] = part.start, part.stop - 1
        self.counts: Doubles = np.zeros((len(masks), len(lags)))
        for _, block in self.blocks():
            self.counts += block.sum(axis=0, dtype=np.float64).reshape(self.counts.shape)

    def blocks(self) -> Iterator[tuple[slice, Floats]]:
        """Parts of the tokens, and at them the shifted masks, float32 (tokens, F L), 0 or 1."""
        for start in range(0, self.tokens, _TOKENS_AT_ONCE):
            part = slice(start, min(start + _TOKENS_AT_ONCE, self.tokens))
            at = np.arange(part.start, part.stop)[:, None] - self._lags
            inside = (at >= self._first[part, None]) & (at <= self._last[part, None])
            shifted = self._masks[:, np.where(inside, at, 0)] & inside
            yield part, shifted.transpose(1, 0, 2).reshape(len(at), -1).astype(np.float32)

    def sums(self, rows: Floats) -> Doubles:
        """Each row's sum over the tokens of each shifted mask, (F, L, H), of rows (H, T)."""
        total = np.zeros((len(rows), self.counts.size))
        for part, block in self.blocks():
            total += rows[:, part] @ block
        return np.ascontiguousarray(total.T).reshape(*self.counts.shape, len(rows))


def effects(rows: Floats, shifted: Shifted, method: str) -> Doubles:
    """The effect of each feature at each lag on each neuron.

    - `auc`: A = 2 AUC - 1, -1..1, with AUC the chance that the neuron is higher at a token of the feature than at
      another (ties count half): Mann and Whitney 1947; A is Cliff's delta (1993).
    - `correlation`: Pearson's r of activation and mask, -1..1.
    - `mutual_information`: bits that the activation, in 16 parts of equal size, tells of the mask, 0..1, less what
      is expected of independent tokens (Miller 1955), so that it may be negative.
    - `peri_event`: the mean at the feature's tokens of a[t] - (a[t-1] + a[t+1]) / 2, which at a document's ends
      are reflected, less its mean over all tokens, in its standard deviations over all tokens.

    Args:
        rows: float32 (H, T), each neuron's activations.
        shifted: the masks.
        method: one of `METHODS`.

    Returns:
        float64 (F, L, H); 0 for a neuron that never changes, NaN where the shifted feature holds nowhere or everywhere.
    """
    return METHODS[method](rows, shifted)


def beyond_token(rows: Floats, shifted: Shifted, strata: NDArray[np.intp]) -> Doubles:
    """A = 2 AUC - 1 among the tokens of one kind alone, averaged over the kinds: float64 (F, L, H).

    A neuron that follows which token it reads, and nothing else, has 0. A kind with n1 tokens of the feature and n0
    others has the weight n1 n0 / (n1 + n0 + 1) (van Elteren 1960). NaN where no kind has both.

    Args:
        rows: float32 (H, T).
        shifted: the masks.
        strata: (T,), the kind of each token, from 0.
    """
    sizes = np.bincount(strata)
    # weight times A is 2 / (n1 + n0 + 1) times the sum of centred ranks, so one product serves all kinds
    scale = (2 / (sizes + 1))[strata].astype(np.float32)
    sums = shifted.sums(centred_ranks(rows, strata) * scale)
    inside = np.zeros((len(sizes), shifted.counts.size))
    for part, block in shifted.blocks():
        ones = np.ones(len(block)), (strata[part], np.arange(len(block)))
        inside += scipy.sparse.csr_array(ones, shape=(len(sizes), len(block))) @ block
    weights = (inside * (sizes[:, None] - inside) / (sizes[:, None] + 1)).sum(axis=0).reshape(shifted.counts.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(weights[..., None] > 0, sums / weights[..., None], np.nan)


def _auc(rows: Floats, shifted: Shifted) -> Doubles:
    return 2 * shifted.sums(centred_ranks(rows)) / _pairs(shifted)


def _correlation(rows: Floats, shifted: Shifted) -> Doubles:
    return shifted.sums(standardised(rows)) / np.sqrt(_pairs(shifted))


def _peri_event(rows: Floats, shifted: Shifted) -> Doubles:
    bend = np.zeros_like(rows)
    for part in shifted.documents:
        # counted from the first value, small changes of a large number keep their digits
        values = rows[:, part] - rows[:, :1]
        if values.shape[1] > 1:
            padded = np.pad(values, ((0, 0), (1, 1)), mode="reflect")
            bend[:, part] = values - (padded[:, :-2] + padded[:, 2:]) / 2
    return shifted.sums(standardised(bend)) / np.where(_pairs(shifted) > 0, shifted.counts[..., None], np.nan)


def _mutual_information(rows: Floats, shifted: Shifted) -> Doubles:
    tokens = shifted.tokens
    parts = ((centred_ranks(rows) + tokens / 2) * (BINS / tokens)).astype(np.uint8)
    inside = shifted.counts[..., None] / tokens
    total = np.zeros((*shifted.counts.shape, len(rows)))
    occupied = np.zeros(len(rows))
    for number in range(BINS):
        share = np.count_nonzero(parts == number, axis=1) / tokens
        occupied += share > 0
        both = shifted.sums((parts == number).astype(np.float32)) / tokens
        total += _term(both, share * inside) + _term(share - both, share * (1 - inside))
    bias = np.maximum(occupied - 1, 0) / (2 * tokens * log(2))
    return np.where(_pairs(shifted) > 0, total - bias, np.nan)


def _term(joint: Doubles, expected: Doubles) -> Doubles:
    """A summand of the mutual information, joint log2(joint / expected), 0 where nothing is."""
    there = joint > 0
    ratio = np.divide(joint, expected, out=np.ones_like(joint), where=there)
    return joint * np.log2(ratio)


def standardised(rows: Floats) -> Floats:
    """Mean 0 and standard deviation 1, or 0 throughout."""
    standardised = np.zeros_like(rows)
    for row, into in zip(rows, standardised, strict=True):
        if (row != row[0]).any():
            centred = row - row.mean(dtype=np.float64)
            into[:] = centred / np.sqrt(np.mean(centred * centred))
    return standardised


def _pairs(shifted: Shifted) -> Doubles:
    """Tokens of the feature times others, (F, L, 1); NaN where there is no pair."""
    pairs = shifted.counts * (shifted.tokens - shifted.counts)
    return np.where(pairs > 0, pairs, np.nan)[..., None]


METHODS: Mapping[str, Callable[[Floats, Shifted], Doubles]] = MappingProxyType(
    {
        "auc": _auc,
        "correlation": _correlation,
        "mutual_information": _mutual_information,
        "peri_event": _peri_event,
    }
)
"""The measures by name."""
