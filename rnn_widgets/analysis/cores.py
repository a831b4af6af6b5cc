"""Work in parts, on all cores: numpy lets go of the interpreter while it computes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


def chunks(total: int, size: int) -> list[range]:
    """0 .. total - 1 in runs of so many, the last of which may be shorter."""
    return [range(first, min(first + size, total)) for first in range(0, total, size)]


def on_all_cores(work: Callable[[Part], Result], parts: Iterable[Part]) -> list[Result]:
    """What the work gives for each part, in their order."""
    # as many as this process may run on, which a container or a pin makes fewer than the machine has
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    with ThreadPoolExecutor(cores) as workers:
        return list(workers.map(work, parts))
