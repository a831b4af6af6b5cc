"""Whether a neuron follows the feature of its own document more closely than that of another document.

What all documents have in common, such as a drift from their first token to their last, is the same after a swap, and
so never counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, nan

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import Floats
from rnn_widgets.analysis.effects import Doubles
from rnn_widgets.features import Mask

FEWEST_DOCUMENTS = 5
"""Four documents can be swapped in 24 ways, so chance alone would go as far as anything in more than one of 25."""

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
    """Sums of products of a neuron's activation in document i and a feature in document k, at [i, k].

    Both are centred within their document.

    Args:
        values: float32 (T,).
        mask: bool (T,).
        group: documents of one length.
        lag: tokens by which the activation comes after the feature.
    """
    at = np.array([np.arange(part.start, part.stop) for part in group])
    marks = np.zeros(at.shape)
    length = at.shape[1]
    late, early = max(lag, 0), max(-lag, 0)
    marks[:, late : length - early] = mask[at[:, early : length - late]]
    activations = values[at] - values[at].mean(axis=1, dtype=np.float64, keepdims=True)
    products: Doubles = activations @ (marks - marks.mean(axis=1, keepdims=True)).T
    return products


def swap_test(of_groups: Sequence[Doubles], permutations: int, seed: int) -> tuple[float, float]:
    """How far the sum over documents lies above or below that after swaps, and how often chance goes as far.

    Args:
        of_groups: the `covariances` of each group.
        permutations: how many random swaps, of which the p-value is at least 1 / (permutations + 1).
        seed: of the swaps.

    Returns:
        z, signed, in standard deviations over all swaps (Hoeffding 1951), and the two-sided p-value, in which the
        documents as they are count as one swap (Phipson and Smyth 2010). NaN and 1 if nothing changes.
    """
    centred = [
        one - one.mean(axis=0) - one.mean(axis=1, keepdims=True) + one.mean() for one in of_groups if np.ptp(one) > 0
    ]
    variance = sum(float((one**2).sum()) / (len(one) - 1) for one in centred)
    if not variance > 0:
        return nan, 1.0
    observed = sum(float(np.trace(one)) for one in centred)
    random = np.random.default_rng(seed)
    # what is as far but for rounding is as far
    far, reached = abs(observed) * (1 - 1e-9), 0
    for part in _parts(permutations, _NUMBERS_AT_ONCE // max(map(len, centred))):
        sums = np.zeros(part)
        for one in centred:
            rows = np.arange(len(one))
            sums += one[rows, random.permuted(np.tile(rows, (part, 1)), axis=1)].sum(axis=1)
        reached += int((np.abs(sums) >= far).sum())
    return observed / float(np.sqrt(variance)), (1 + reached) / (1 + permutations)


def _parts(total: int, most: int) -> NDArray[np.int64]:
    """`total` in parts of nearly equal size, none above `most`."""
    count = ceil(total / most)
    return np.diff(np.arange(count + 1) * total // count)
