"""Many questions at once: p-values corrected for how many were asked."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import Doubles


def simes(p: Doubles) -> Doubles:
    """The p-value of "none of these is more than chance", over the last axis (Simes 1986); NaN counts as not asked."""
    ordered = np.sort(p, axis=-1)
    asked = np.isfinite(p).sum(axis=-1, keepdims=True)
    scaled = ordered * asked / np.arange(1, p.shape[-1] + 1)
    smallest: Doubles = np.fmin.reduce(scaled, axis=-1, initial=1.0)
    return smallest


def benjamini_hochberg(p: Doubles, others: int = 0) -> Doubles:
    """Adjusted p-values over the last axis (Benjamini and Hochberg 1995): those at most q have a false share of q.

    NaN counts as not asked, and stays NaN. `others` were asked too, with larger p-values than those that can be found.
    """
    order = np.argsort(p, axis=-1)
    ordered = np.take_along_axis(p, order, axis=-1)
    asked = np.isfinite(p).sum(axis=-1, keepdims=True) + others
    scaled = ordered * asked / np.arange(1, p.shape[-1] + 1)
    lowest = np.fmin.accumulate(scaled[..., ::-1], axis=-1)[..., ::-1]
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.minimum(lowest, 1), axis=-1)
    adjusted[~np.isfinite(p)] = np.nan
    return adjusted


class Chosen(NamedTuple):
    """What stands out of families of questions.

    Attributes:
        families: bool (F,), those in which something stands out.
        adjusted: (F, H), at most q where a question of a chosen family stands out; above q elsewhere.
    """

    families: NDArray[np.bool_]
    adjusted: Doubles


def in_families(p: Doubles, q: float, others: int = 0) -> Chosen:
    """Families chosen by their Simes p-values, then questions within these (Benjamini and Bogomolov 2014).

    The mean share of false ones among what is found in a chosen family is at most q.

    Args:
        p: (F, H), a family a row; NaN where nothing was asked.
        q: the share of false findings.
        others: families that were asked about earlier, of which nothing is known but that they count.
    """
    by_family = benjamini_hochberg(simes(p), others)
    families = by_family <= q
    share = max(1, int(families.sum())) / (len(p) + others)
    adjusted = np.maximum(benjamini_hochberg(p) / share, by_family[:, None])
    return Chosen(families, np.minimum(adjusted, 1))
