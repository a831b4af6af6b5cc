"""When a training has gone wrong for good, and what is said then."""

from __future__ import annotations

from math import isnan, log2
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.models.history import History
from rnn_widgets.models.language_model import LanguageModel

_HOPELESS = 4.0


class TrainingDivergedError(ArithmeticError):
    """The loss or the gradient is not a finite number any more, or the loss has risen far above guessing.

    Attributes:
        step: the update at which it was so.
        model: the model of the lowest held-out loss, None if it was never measured.
        history: the reports until then.
        checkpoint: folder of the last good checkpoint, None if there is none.
    """

    def __init__(
        self,
        what: str,
        step: int,
        model: LanguageModel | None = None,
        history: History | None = None,
        checkpoint: Path | None = None,
        kept: int | None = None,
    ) -> None:
        kept_there = (
            "No checkpoint was written before."
            if checkpoint is None
            else f"The last good checkpoint, of step {kept}, is kept in {checkpoint}."
        )
        super().__init__(
            f"{what} at step {step}: training diverged. {kept_there} Try a lower learning_rate or clip in the recipe."
        )
        self.step, self.model, self.checkpoint = step, model, checkpoint
        self.history = history if history is not None else History()


def broken_number(rows: NDArray[np.float64], updates: int) -> tuple[str, int] | None:
    """What is not finite in the last updates, and at which of them first; None if all is well.

    Args:
        rows: what each reached, as `steps.Reached`.
        updates: how many updates there were with the last of them.
    """
    if np.isfinite(rows).all():
        return None
    first = int(np.argmin(np.isfinite(rows).all(axis=1)))
    bits, _, tokens, norm, _ = rows[first]
    step = updates - len(rows) + first + 1
    if not np.isfinite(bits):
        return f"The loss is {bits / tokens}", step
    return f"The gradient's norm is {norm}", step


def exploded(loss: float, history: History, tokens: int) -> bool:
    """Whether a mean loss in bits is more than four times that of guessing among `tokens`, and of the lowest before.

    The first report never explodes: a network may start badly and still learn.
    """
    before = [report.loss for report in history.reports if not isnan(report.loss)]
    return bool(before) and loss > _HOPELESS * max(log2(tokens), min(before))
