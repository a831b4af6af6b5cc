"""One run: a task's state from update to update, its reports and its checkpoints."""

from __future__ import annotations

import time
from dataclasses import astuple, replace
from math import isfinite, nan
from pathlib import Path
from typing import Literal, NoReturn

import jax
import numpy as np
from numpy.typing import NDArray

from rnn_widgets.models.history import End, History, Report
from rnn_widgets.models.parameters import parameter_arrays
from rnn_widgets.models.training.agreement import Agreement
from rnn_widgets.models.training.checkpoints import Checkpoints, Saved, last_checkpoint
from rnn_widgets.models.training.divergence import TrainingDivergedError, broken_number, exploded
from rnn_widgets.models.training.origin import origin_of, refuse_another, refuse_differing
from rnn_widgets.models.training.processes import arrays_from_first, from_first, is_first, losses_said, together
from rnn_widgets.models.training.task import Task

_UPDATES_A_REPORT = 50


class Run:
    """A task, trained from where a folder of checkpoints says, or from the start.

    Attributes:
        state: the training between two updates; only replaced as a whole.
        history: the reports so far. Who advances the run adds each.

    Of several processes, the first one's folder is read and written, and the others learn what it holds. Where they
    could reckon differently, its numbers are taken.

    Raises:
        ValueError: if the folder holds something else than checkpoints of this task, or the processes' tasks differ.
        OtherProcessError: if another process failed or is gone; so do the methods.
    """

    def __init__(self, task: Task, folder: Path | None, seconds: float, steps: int) -> None:
        self._task, self._origin = task, origin_of(task)
        refuse_differing(self._origin, task.devices)
        place, self._seconds, self._steps = from_first([None if folder is None else str(folder), seconds, steps])
        self._folder = None if place is None else Path(place)
        with together():
            saved = last_checkpoint(self._folder) if self._folder is not None and is_first() else None
            if saved is not None and self._folder is not None:
                refuse_another(self._origin, saved.head, self._folder)
            # word vectors may be installed in one process only: all start from what the first has
            start = saved or (task.start() if is_first() else Saved(0, {}, {}))
        head, self._saved_step = from_first([start.head, None if saved is None else saved.step])
        self.state = task.restored(Saved(start.step, head, arrays_from_first(start.arrays)))
        self.history = History.from_list(head["history"])
        self._restored_rows = len(self.state.pending)
        self._begun = self._saved_at = time.monotonic()
        self._agreement = Agreement(self._seconds, self.state.updates)
        with together():
            self._checkpoints = Checkpoints(self._folder) if self._folder is not None and is_first() else None

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

    def keep(self, asked: bool, reported: bool) -> bool:
        """Begins a checkpoint where one is due: at an epoch's end, and after so many seconds or steps.

        Args:
            asked: whether somebody asked this process for the training to end.
            reported: whether the last update was reported.

        Returns:
            Whether to end, in all processes.
        """
        old = time.monotonic() - self._saved_at >= self._seconds
        ending, old = self._agreement.reached(self.state.updates, reported, self.state.pending, asked, old)
        if old or self.state.group == 0 or (self._steps and self.state.updates % self._steps == 0):
            self._save()
        return ending

    def end(self) -> End:
        """Where the run ended and why, once a checkpoint of it is on disk."""
        self._save()
        self._newest()
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
        report = Report(*from_first(astuple(report)))
        if exploded(report.loss, self.history, self._task.architecture.vocabulary):
            self._fail(f"The loss is {report.loss:.4g} bits per token, far above guessing,", report.step)
        if measured:
            report = self._measured(report)
        self._restored_rows = 0
        self.state = replace(self.state, pending=())
        return report

    def _measured(self, report: Report) -> Report:
        parameters = self._task.parameters(self.state)
        reached = self._task.held_out(parameters)
        bits, accuracy = from_first([reached.bits, reached.accuracy])
        if not isfinite(bits):
            self._fail(f"The held-out loss is {bits}", report.step)
        best = self.history.best
        if best is None or bits < best.held_out_loss:
            self.state = replace(self.state, best=parameter_arrays(parameters), waited=0)
        else:
            self.state = replace(self.state, waited=self.state.waited + 1)
        return replace(report, held_out_loss=bits, held_out_accuracy=accuracy)

    def _save(self) -> None:
        step = self.state.updates
        if self._folder is None or step == self._saved_step:
            return
        self._checked_rows()
        whole = self._task.whole(self.state)
        arrays = whole.arrays() if is_first() else {}
        parameters = [name for name in arrays if name.startswith("parameters/")]
        broken = from_first(next((name for name in parameters if not np.isfinite(arrays[name]).all()), None))
        if broken is not None:
            self._fail(f"The parameter {broken.removeprefix('parameters/')} is not finite", step)
        head = {**self._origin, "counters": self.state.counters(), "history": self.history.to_list()}
        with together():
            if self._checkpoints is not None:
                self._checkpoints.save(Saved(step, head, arrays))
        self._saved_step, self._saved_at = step, time.monotonic()

    def _newest(self) -> int | None:
        """The step of the newest checkpoint, as soon as it is on disk; None if there is none."""
        with together():
            step = None if self._checkpoints is None else self._checkpoints.finished()
        newest: int | None = from_first(step)
        return newest

    def _checked_rows(self) -> NDArray[np.float64]:
        with losses_said():
            rows = np.asarray(jax.device_get(list(self.state.pending)), np.float64).reshape(-1, 5)
        broken = from_first(broken_number(rows, self.state.updates))
        if broken is not None:
            self._fail(*broken)
        return rows

    def _fail(self, what: str, step: int) -> NoReturn:
        model = self._task.model(self.state) if self.state.best else None
        kept = self._newest()
        raise TrainingDivergedError(what, step, model, self.history, self._folder if kept is not None else None, kept)
