"""Whether a neuron follows the feature of its own document more closely than that of another document.

What all documents have in common, such as a drift from their first token to their last, is the same after a swap, and
so never counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import NamedTuple

import numpy as np

from rnn_widgets.activations import Doubles, Floats
from rnn_widgets.features import Mask

FEWEST_DOCUMENTS = 5
"""Four documents can be swapped in 24 ways, so chance alone would go as far as anything in more than one of 25."""

_FEWEST_SWAPS, _MOST_SWAPS = 999, 10**6
_NUMBERS_AT_ONCE = 2**22


def groups_of_a_length(documents: Sequence[slice]) -> list[list[slice]]:
    """Documents of nearly the same length, cut to that of the shortest among them: these can be swapped.

    Groups have at least `FEWEST_DOCUMENTS`; there is none of fewer documents.
    """
    ordered = sorted(documents, key=lambda part: part.stop - part.start)
    count = len(ordered) // FEWEST_DOCUMENTS
    borders = [len(ordered) * number // count for number in range(count + 1)] if count else []
    groups = []
    for first, last in pairwise(borders):
        length = ordered[first].stop - ordered[first].start
        groups.append([slice(part.start, part.start + length) for part in ordered[first:last]])
    return groups


def covariances(values: Floats, mask: Mask, group: Sequence[slice], lag: int = 0) -> Doubles:
    """Sums of products of each neuron's activation in document i and a feature in document k: (N, D, D) at [:, i, k].

    Both are centred within their document.

    Args:
        values: float32 (N, T).
        mask: bool (T,).
        group: D documents of one length.
        lag: tokens by which the activations come after the feature.
    """
    at = np.array([np.arange(part.start, part.stop) for part in group])
    marks = np.zeros(at.shape)
    late, early, met = max(lag, 0), max(-lag, 0), max(at.shape[1] - abs(lag), 0)
    marks[:, late : late + met] = mask[at[:, early : early + met]]
    marks -= marks.mean(axis=1, keepdims=True)
    products: Doubles = np.stack([(row[at] - row[at].mean(axis=1, keepdims=True)) @ marks.T for row in values])
    return products


class Swapped(NamedTuple):
    """What swaps tell of N pairs of a neuron and a feature.

    Attributes:
        z: float64 (N,), the sum over documents, in its standard deviations over all swaps; NaN if nothing changes.
        p: float64 (N,), two-sided; 1 if nothing changes.
    """

    z: Doubles
    p: Doubles


def swap_scores(of_groups: Sequence[Doubles]) -> Doubles:
    """How far each sum over documents lies above that after swaps, in its standard deviations over all swaps (N,).

    NaN if nothing changes.

    Args:
        of_groups: the `covariances` of each group, (N, D, D).
    """
    return _standing(of_groups).z


class _Standing(NamedTuple):
    """The covariances without the means of rows and columns, their sum over documents as they are, and its z (N,)."""

    centred: list[Doubles]
    observed: Doubles
    z: Doubles


def _standing(of_groups: Sequence[Doubles]) -> _Standing:
    centred = [_centred(one) for one in of_groups]
    observed = np.sum([np.trace(one, axis1=1, axis2=2) for one in centred], axis=0)
    # Hoeffding 1951: the variance over all swaps
    variance = np.sum([(one**2).sum(axis=(1, 2)) / (one.shape[1] - 1) for one in centred], axis=0)
    scale = np.sum([np.abs(one).sum(axis=(1, 2)) for one in of_groups], axis=0)
    changes = np.sqrt(variance) > 1e-9 * scale
    z = np.divide(observed, np.sqrt(variance), out=np.full(len(observed), np.nan), where=changes)
    return _Standing(centred, observed, z)


def _centred(of_group: Doubles) -> Doubles:
    """Without the means of rows and of columns."""
    rows, columns = of_group.mean(axis=1, keepdims=True), of_group.mean(axis=2, keepdims=True)
    centred: Doubles = of_group - rows - columns + of_group.mean(axis=(1, 2), keepdims=True)
    return centred


def swap_test(of_groups: Sequence[Doubles], q: float, seed: int) -> Swapped:
    """How far each sum over documents lies above or below that after swaps, and how often chance goes as far.

    The p-value is the share of random swaps that go as far, the documents as they are counted as one of them (Phipson
    and Smyth 2010). There are so many swaps that as many pairs as no swap reaches can be found at q when all N are
    looked at (Benjamini and Hochberg 1995).

    Args:
        of_groups: the `covariances` of each group, (N, D, D).
        q: the share of false findings.
        seed: of the swaps.
    """
    centred, observed, z = _standing(of_groups)
    changes = np.isfinite(z)
    random = np.random.default_rng(seed)
    reached, swaps = np.zeros(len(observed)), np.zeros(len(observed))
    asked = np.flatnonzero(changes)
    wanted = _FEWEST_SWAPS
    while len(asked):
        chosen = [one[asked] for one in centred]
        reached[asked] += _reaching(chosen, np.abs(observed[asked]), wanted, random)
        swaps[asked] += wanted
        asked = asked[reached[asked] == 0]
        needed = ceil(2 * len(observed) / (q * max(1, len(asked))))
        wanted = min(needed, _MOST_SWAPS) - int(swaps[asked].max(initial=0))
        if wanted <= 0:
            break
    return Swapped(z, np.where(changes, (1 + reached) / (1 + swaps), 1.0))


def _reaching(of_groups: Sequence[Doubles], sizes: Doubles, swaps: int, random: np.random.Generator) -> Doubles:
    """How many random swaps go as far as `sizes` (N,), those that fall short by rounding included."""
    reached = np.zeros(len(sizes))
    most = max(1, _NUMBERS_AT_ONCE // (len(sizes) * max(one.shape[1] for one in of_groups)))
    for first in range(0, swaps, most):
        part = min(most, swaps - first)
        sums = np.zeros((len(sizes), part))
        for one in of_groups:
            rows = np.arange(one.shape[1])
            sums += one[:, rows, random.permuted(np.tile(rows, (part, 1)), axis=1)].sum(axis=2)
        reached += (np.abs(sums) >= sizes[:, None] * (1 - 1e-9)).sum(axis=1)
    return reached
