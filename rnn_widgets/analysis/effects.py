"""How strongly all neurons follow all features, at all lags at once: signed effects by one matrix product."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import log
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import Doubles, Floats
from rnn_widgets.analysis.cores import chunks, on_all_cores
from rnn_widgets.analysis.ranking import ROWS_AT_ONCE, Ordering, centred_ranks
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
        masks, documents: as given,
        lags: and these, int (L,).
    """

    def __init__(self, masks: Mask, documents: Sequence[slice], lags: Sequence[int]) -> None:
        self.masks, self.lags, self.documents = masks, np.asarray(lags), documents
        self.tokens = masks.shape[1]
        self._first, self._last = np.empty((2, self.tokens), np.intp)
        for part in documents:
            self._first[part], self._last[part] = part.start, part.stop - 1
        self.counts: Doubles = np.zeros((len(masks), len(lags)))
        for _, block in self.blocks():
            self.counts += block.sum(axis=1, dtype=np.float64).reshape(self.counts.shape)

    def blocks(self) -> Iterator[tuple[slice, Floats]]:
        """Parts of the tokens, and at them the shifted masks, float32 (F L, tokens), 0 or 1."""
        for start in range(0, self.tokens, _TOKENS_AT_ONCE):
            part = slice(start, min(start + _TOKENS_AT_ONCE, self.tokens))
            block = np.zeros((len(self.masks), len(self.lags), part.stop - start), np.float32)
            for place, lag in enumerate(self.lags.tolist()):
                first = max(start - lag, 0)
                met = slice(first, max(min(part.stop, self.tokens + lag) - lag, first))
                at = np.arange(start, part.stop) - lag
                inside = (at >= self._first[part]) & (at <= self._last[part])
                into = slice(met.start + lag - start, met.stop + lag - start)
                np.logical_and(self.masks[:, met], inside[into], out=block[:, place, into])
            yield part, block.reshape(-1, part.stop - start)

    def sums(self, rows: Floats) -> Doubles:
        """Each row's sum over the tokens of each shifted mask, (F, L, H), of rows (H, T)."""
        total = np.zeros((self.counts.size, len(rows)))
        for part, block in self.blocks():
            total += block @ rows[:, part].T
        return total.reshape(*self.counts.shape, len(rows))

    def counts_of(self, kinds: NDArray[np.intp]) -> Doubles:
        """Of each kind of token, given by token (T,), how many the shifted masks hold at, (K, F, L)."""
        number = int(kinds.max(initial=-1)) + 1
        counts = np.empty((*self.counts.shape, number))
        for feature, mask in enumerate(self.masks):
            there = np.flatnonzero(mask)
            first, last = self._first[there], self._last[there]
            for place, lag in enumerate(self.lags.tolist()):
                at = there + lag
                met = at[(at >= first) & (at <= last)]
                counts[feature, place] = np.bincount(kinds[met], minlength=number)
        return np.moveaxis(counts, 2, 0)


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
    if shifted.tokens == 0:
        return np.full((*shifted.counts.shape, len(rows)), np.nan)
    return METHODS[method](rows, shifted)


def auc_beyond_token(
    rows: Floats, shifted: Shifted, kinds: NDArray[np.intp], places: NDArray[np.intp]
) -> tuple[Doubles, Doubles]:
    """The effect `auc` of each feature on each neuron, at one lag, and how much of it is beyond the token: (F, H) each.

    The latter is the same among the tokens of one kind alone, averaged over the kinds: a neuron that follows which
    token it reads, and nothing else, has 0. A kind with n1 tokens of the feature and n0 others has the weight
    n1 n0 / (n1 + n0 + 1) (van Elteren 1960). NaN where no kind has both.

    Args:
        rows: float32 (H, T).
        shifted: the masks.
        kinds: (T,), the kind of each token, from 0.
        places: (F, H), which of the lags.
    """
    sizes = np.bincount(kinds)
    apart = Apart(shifted)
    order_of = Ordering(apart.places, kinds)
    # weight times A is 2 / (n1 + n0 + 1) times the sum of centred ranks, so one sum serves all kinds
    scale = np.zeros(apart.width, np.float32)
    scale[apart.places] = (2 / (sizes + 1))[kinds]
    sums = np.empty((2, *places.shape))

    def sum_up(neurons: range) -> None:
        ranks = np.zeros((2, apart.width), np.float32)
        for neuron in neurons:
            ordered = order_of(rows[neuron])
            ordered.rank(ranks[0])
            ordered.rank_within_kinds(ranks[1])
            ranks[1] *= scale
            sums[..., neuron] = apart.sums(ranks, places[:, neuron]).T

    on_all_cores(sum_up, chunks(len(rows), ROWS_AT_ONCE))
    inside, whole = shifted.counts_of(kinds), sizes[:, None, None]
    weights = np.take_along_axis((inside * (whole - inside) / (whole + 1)).sum(axis=0), places, axis=1)
    pairs = np.take_along_axis(_pairs(shifted)[..., 0], places, axis=1)
    return 2 * sums[0] / pairs, sums[1] / np.where(weights > 0, weights, np.nan)


class Apart:
    """Documents laid out with so much room between them that no lag leads from one into the next.

    Args:
        shifted: masks and lags.

    Attributes:
        places: (T,), where each token lies,
        width: of so many places.
    """

    def __init__(self, shifted: Shifted) -> None:
        self._lags = shifted.lags.tolist()
        self._room = max(map(abs, self._lags))
        number = np.zeros(shifted.tokens, np.intp)
        number[[part.start for part in shifted.documents[1:]]] = 1
        self.places = np.arange(shifted.tokens) + self._room * (1 + np.cumsum(number))
        self.width = shifted.tokens + self._room * (1 + len(shifted.documents))
        self._marks = np.zeros((len(shifted.masks), self.width), np.float32)
        self._marks[:, self.places] = shifted.masks

    def sums(self, rows: Floats, places: NDArray[np.intp]) -> Doubles:
        """The sums over each mask's tokens, at a lag of its own, of rows (R, width): (F, R)."""
        found = np.empty((len(places), len(rows)))
        for feature, place in enumerate(places.tolist()):
            lag = self._lags[place]
            marks = self._marks[feature, self._room : self.width - self._room]
            found[feature] = rows[:, self._room + lag : self.width - self._room + lag] @ marks
        return found


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
            centred *= np.sqrt(len(row) / (centred @ centred))
            into[:] = centred
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
