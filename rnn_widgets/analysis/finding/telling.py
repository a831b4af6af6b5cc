"""Whether documents can tell chance from a neuron that follows a feature, before any neuron is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import scipy.stats
from numpy.typing import NDArray

from rnn_widgets.analysis.finding.evidence import FEWEST_RUNS, LAGS, Evidence
from rnn_widgets.analysis.multiple import simes
from rnn_widgets.analysis.shifts import own_scores
from rnn_widgets.analysis.swaps import FEWEST_DOCUMENTS, covariances, groups_of_a_length, swap_scores


class Told(NamedTuple):
    """Of which features documents can tell anything.

    Attributes:
        enough: bool (F,), where they can.
        why_not: why they can not, where neither the runs nor the number of documents are the reason.
    """

    enough: NDArray[np.bool_]
    why_not: tuple[str, ...]


def what_can_be_told(evidence: Evidence, q: float) -> Told:
    """Whether the documents can tell of each feature which neurons follow it.

    It takes 20 separate runs of the feature and 5 documents that confirm, tokens with and without it, and documents
    that differ: in a text that repeats itself even a neuron that is the feature itself would not stand out from shifts
    of the text, or from swaps of its documents. Only the features are looked at, so this selects no neuron.
    """
    counted = (evidence.runs >= FEWEST_RUNS) & (len(evidence.second.documents) >= FEWEST_DOCUMENTS)
    differing = varied(evidence.seen) & varied(evidence.unseen)
    enough: NDArray[np.bool_] = counted & differing
    groups = groups_of_a_length(evidence.second.documents)
    alike = [row for row in np.flatnonzero(enough).tolist() if not _stands_out(evidence, row, groups, q)]
    enough[alike] = False
    same = np.flatnonzero(counted & ~differing)
    reasons = (
        ("Every token that is searched or that confirms has the feature, or none", same),
        ("Even a neuron that is the feature would not stand out in documents so alike, or so short", alike),
    )
    return Told(
        enough,
        tuple(
            f"{reason}: nothing is told of {', '.join(evidence.features[row] for row in rows)}."
            for reason, rows in reasons
            if len(rows)
        ),
    )


def _stands_out(evidence: Evidence, row: int, groups: Sequence[Sequence[slice]], q: float) -> bool:
    """Whether a neuron that is the feature itself, the only one among all, would be a candidate and confirmed."""
    z = own_scores(evidence.seen[row], np.array(LAGS))
    if simes(2 * scipy.stats.norm.sf(np.abs(z))) * len(evidence.neurons) > q:
        return False
    mask = evidence.unseen[row]
    swapped = swap_scores([covariances(mask[None].astype(np.float32), mask, group) for group in groups])[0]
    return bool(2 * scipy.stats.norm.sf(swapped) <= q)


def varied(masks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which features some tokens have, and others have not, (F,)."""
    return np.array([mask.any() and not mask.all() for mask in masks])
