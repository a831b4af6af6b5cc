"""One run: a task's state from update to update, its reports and its checkpoints."""

from __future__ import annotations

import time
from dataclasses import replace
from math import isfinite, nan
from pathlib import Path
from typing import Literal, NoReturn

import jax
import numpy as np
from numpy.typing import NDArray

from rnn_widgets.models.history import End, History, Report
from rnn_widgets.models.parameters import parameter_arrays
from rnn_widgets.models.training.checkpoints import Checkpoints, Saved, last_checkpoint
from rnn_widgets.models.training.divergence import TrainingDivergedError, broken_number, exploded
from rnn_widgets.models.training.origin import origin_of, refuse_another
from rnn_widgets.models.training.task import Task

_UPDATES_A_REPORT = 50


class Run:
    """A task, trained from where a folder of checkpoints says, or from the start.

    Attributes:
        state: the training between two updates; only replaced as a whole.
        history: the reports so far. Who advances the run adds each.

    Raises:
        ValueError: if the folder holds something else than checkpoints of this task.
    """

    def __init__(self, task: Task, folder: Path | None, seconds: float, steps: int) -> None:
        self._task, self._folder, self._seconds, self._steps = task, folder, seconds, steps
        self._origin = origin_of(task)
        saved = None if folder is None else last_checkpoint(folder)
        if folder is None or saved is None:
            self.state, self.history = task.first(), History()
        else:
            refuse_another(self._origin, saved.head, folder)
            self.state, self.history = task.restored(saved), History.from_list(saved.head["history"])
        self._restored_rows = len(self.state.pending)
        self._begun = self._saved_at = time.monotonic()
        self._saved_step = None if saved is None else saved.step
        self._checkpoints = None if folder is None else Checkpoints(folder)

    @property
    def finished(self) -> bool:
        """Whether the last epoch is done, or a lower held-out loss was awaited for long enough."""
        return self.state.epoch >= self._task.recipe.training.epochs or self._waited

    def advance(self) -> Report | None:
        """Updates the parameters once; the report, where one is due.

        Raises:
            TrainingDivergedError: if the report would say so.
        """
        if len(self.state.pending) == self._restored_rows:
            self._begun = time.monotonic()
        before, self.state = self.state, self._task.advanced(self.state)
        done, check_every = before.group + 1, self._task.recipe.training.check_every
        left = self._task.groups - done
        measured = left == 0 or (check_every > 0 and self.state.updates % check_every == 0)
        usual = done % _UPDATES_A_REPORT == 0 and left > _UPDATES_A_REPORT // 2
        return self._report(before.epoch + done / self._task.groups, measured) if measured or usual else None

    def keep(self) -> None:
        """Begins a checkpoint where one is due: at an epoch's end, and after so many seconds or steps."""
        old = time.monotonic() - self._saved_at >= self._seconds
        if old or self.state.group == 0 or (self._steps and self.state.updates % self._steps == 0):
            self._save()

    def end(self) -> End:
        """Where the run ended and why, once a checkpoint of it is on disk."""
        self._save()
        if self._checkpoints is not None:
            self._checkpoints.finished()
        reason: Literal["finished", "waited", "interrupted"] = "finished" if self.finished else "interrupted"
        return End(self.state.updates, "waited" if self._waited else reason, self._folder)

    def close(self) -> None:
        """Waits until all checkpoints that were begun are on disk."""
        if self._checkpoints is not None:
            self._checkpoints.close()

    @property
    def _waited(self) -> bool:
        patience = self._task.recipe.training.patience
        return bool(patience) and self.state.waited >= patience

    def _report(self, epoch: float, measured: bool) -> Report:
        rows = self._checked_rows()
        seconds = time.monotonic() - self._begun
        bits, right, tokens = (float(part) for part in rows[:, :3].sum(axis=0))
        report = Report(
            self.state.updates,
            epoch,
            loss=bits / tokens if tokens else nan,
            accuracy=right / tokens if tokens else nan,
            tokens_per_second=float(rows[self._restored_rows :, 2].sum()) / seconds,
            learning_rate=float(rows[-1, 4]),
            gradient_norm=float(rows[:, 3].mean()),
        )
        if exploded(report.loss, self.history, self._task.architecture.vocabulary):
            self._fail(f"The loss is {report.loss:.4g} bits per token, far above guessing,", report.step)
        if measured:
            report = self._measured(report)
        self._restored_rows = 0
        self.state = replace(self.state, pending=())
        return report

    def _measured(self, report: Report) -> Report:
        parameters = self.state.parameters
        reached = self._task.held_out(parameters)
        if not isfinite(reached.bits):
            self._fail(f"The held-out loss is {reached.bits}", report.step)
        best = self.history.best
        if best is None or reached.bits < best.held_out_loss:
            self.state = replace(self.state, best=parameter_arrays(parameters), waited=0)
        else:
            self.state = replace(self.state, waited=self.state.waited + 1)
        return replace(report, held_out_loss=reached.bits, held_out_accuracy=reached.accuracy)

    def _save(self) -> None:
        step = self.state.updates
        if self._checkpoints is None or step == self._saved_step:
            return
        self._checked_rows()
        arrays = self.state.arrays()
        for name, array in arrays.items():
            if name.startswith("parameters/") and not np.isfinite(array).all():
                self._fail(f"The parameter {name.removeprefix('parameters/')} is not finite", step)
        head = {**self._origin, "counters": self.state.counters(), "history": self.history.to_list()}
        self._checkpoints.save(Saved(step, head, arrays))
        self._saved_step, self._saved_at = step, time.monotonic()

    def _checked_rows(self) -> NDArray[np.float64]:
        rows = np.asarray(jax.device_get(list(self.state.pending)), np.float64).reshape(-1, 5)
        broken = broken_number(rows, self.state.updates)
        if broken is not None:
            self._fail(*broken)
        return rows

    def _fail(self, what: str, step: int) -> NoReturn:
        model = self._task.model(self.state) if self.state.best else None
        kept = None if self._checkpoints is None else self._checkpoints.finished()
        raise TrainingDivergedError(what, step, model, self.history, self._folder if kept is not None else None, kept)
