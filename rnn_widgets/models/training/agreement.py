"""The end of a training and its next checkpoint, agreed on by all processes about once a second."""

from __future__ import annotations

import time

import jax

from rnn_widgets.models.steps import Reached
from rnn_widgets.models.training.processes import alone, gathered, losses_said

_SECONDS = 1.0


class Agreement:
    """Asks all processes, after the same updates in each, whether any of them wishes something.

    To ask after every update would keep the devices waiting. The first process's clock says how many updates lie
    between two questions.

    Args:
        seconds: that a wish may wait at most, if an update does not take longer.
        updates: that are done already.
    """

    def __init__(self, seconds: float, updates: int) -> None:
        self._seconds = min(seconds, _SECONDS)
        self._asked_at, self._asked_after, self._next = time.monotonic(), updates, updates

    def reached(self, updates: int, now: bool, pending: tuple[Reached, ...], *wishes: bool) -> tuple[bool, ...]:
        """Whether any process wishes each of these; all False between two questions.

        Args:
            updates: that were begun, the same in all processes.
            now: whether to ask in any case, likewise.
            pending: what the last of them reach, for which a question waits.
            wishes: of this process, as many in all.

        Raises:
            LostProcessError: if a process is gone.
        """
        if alone():
            return wishes
        if not now and updates < self._next:
            return (False,) * len(wishes)
        with losses_said():
            # an update is begun in no time: how long it takes shows only at its end
            jax.block_until_ready(pending)  # type: ignore[no-untyped-call]
        told = gathered([*wishes, time.monotonic() - self._asked_at])
        pace = told[0][-1] / max(1, updates - self._asked_after)
        self._asked_at, self._asked_after = time.monotonic(), updates
        self._next = updates + max(1, int(self._seconds / max(pace, 1e-6)))
        return tuple(any(wished) for wished in list(zip(*told, strict=True))[:-1])
