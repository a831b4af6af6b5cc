"""Shares and means over worlds, as rows of a table with 95% intervals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

import numpy as np
import scipy.stats
from rich.console import Console
from rich.progress import track

World = TypeVar("World")


def counted(what: str, of: Iterable[bool]) -> str:
    """A row of the table: a share."""
    each = list(of)
    interval = scipy.stats.binomtest(sum(each), len(each)).proportion_ci()
    return f"| {what} | {len(each)} | {np.mean(each):.3f} | {interval.low:.3f} .. {interval.high:.3f} |"


def averaged(what: str, values: Iterable[float]) -> str:
    """A row of the table: a mean."""
    each = list(values)
    half = 1.96 * np.std(each, ddof=1) / np.sqrt(len(each))
    return f"| {what} | {len(each)} | {np.mean(each):.3f} | {np.mean(each) - half:.3f} .. {np.mean(each) + half:.3f} |"


def shown(worlds: Iterable[World], name: str) -> Iterator[World]:
    """The same with a progress bar on standard error."""
    yield from track(list(worlds), name, console=Console(stderr=True))
