"""Ctrl-C as a wish that is granted between two steps, so that it finds neither half a state nor half a file."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass
class Interruption:
    """Whether somebody asked for the training to end."""

    asked: bool = False


@contextmanager
def interruption() -> Iterator[Interruption]:
    """Turns the first SIGINT (Ctrl-C, a notebook's interrupt) into `asked`; the second one is raised as ever.

    Python delivers signals to the main thread alone, and where SIGINT is ignored, as under nohup, it stays ignored:
    nothing changes there.
    """
    asking = Interruption()
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield asking
        return

    def ask(number: int, frame: FrameType | None) -> None:
        if asking.asked:
            before(number, frame)
        asking.asked = True

    signal.signal(signal.SIGINT, ask)
    try:
        yield asking
    finally:
        signal.signal(signal.SIGINT, before)
