"""Processor time of rivals that take turns on one core, with one allocator for all of them."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping

import numpy as np

ROUNDS = 7

# glibc hands freed memory back to the system and asks for it again page by page, which costs whoever frees the larger
# blocks more than a tenth of its time. Here it keeps what it has once had.
_ALLOCATOR = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TOP_PAD_": str(2**30),
    "MALLOC_MMAP_THRESHOLD_": str(2**34),
    "MALLOC_TRIM_THRESHOLD_": str(2**34),
}
_OWN_CHOICE_OF_KERNELS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def on_one_core() -> None:
    """Starts the program again, pinned to one core and with the allocator's settings, unless it is already."""
    wanted = {name: value for name, value in os.environ.items() if name not in _OWN_CHOICE_OF_KERNELS} | _ALLOCATOR
    if len(os.sched_getaffinity(0)) > 1 or dict(os.environ) != wanted:
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        os.execve(sys.executable, sys.orig_argv, wanted)


def in_turn(rivals: Mapping[str, Callable[[], object]], rounds: int = ROUNDS, least: float = 0.2) -> dict[str, float]:
    """Processor seconds that one call of each rival takes: medians over rounds in which all take turns.

    Args:
        rivals: by name. A call is over when its result is there; the first ones, which compile, are not counted.
        rounds: how often each has its turn.
        least: seconds a turn lasts at least, in as many calls as that takes.
    """
    calls = {}
    for name, rival in rivals.items():
        rival()
        calls[name] = max(1, round(least / max(_seconds(rival, 1), 1e-6)))
    turns = [{name: _seconds(rival, calls[name]) for name, rival in rivals.items()} for _ in range(rounds)]
    return {name: statistics.median(turn[name] for turn in turns) for name in rivals}


def _seconds(rival: Callable[[], object], calls: int) -> float:
    began = time.process_time()
    for _ in range(calls):
        rival()
    return (time.process_time() - began) / calls


def product(rows: int, inner: int, columns: int) -> Callable[[], object]:
    """Multiplies float32 matrices [rows, inner] and [inner, columns] by numpy: `2 rows inner columns` operations."""
    random = np.random.default_rng(0)
    left = random.normal(size=(rows, inner)).astype(np.float32)
    right = random.normal(size=(inner, columns)).astype(np.float32)
    return lambda: left @ right
