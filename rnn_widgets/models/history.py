"""History: what training reported, observed while it runs and read afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, astuple, dataclass, fields
from math import isnan, nan
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas

    from rnn_widgets.plots import Axes, Figure


@dataclass(frozen=True)
class Report:
    """One line of a history.

    Attributes:
        step: updates of the parameters so far.
        epoch: times the training text was read, a fraction within an epoch.
        loss: bits per token of training text, the mean since the report before, with dropout on.
        accuracy: share of training tokens predicted right, likewise.
        held_out_loss: bits per token of the held-out text, NaN where it was not measured.
        held_out_accuracy: likewise.
        tokens_per_second: training speed since the report before.
        learning_rate: that of the last update.
        gradient_norm: length of the whole gradient before clipping, the mean since the report before.
    """

    step: int
    epoch: float
    loss: float
    accuracy: float
    held_out_loss: float = nan
    held_out_accuracy: float = nan
    tokens_per_second: float = nan
    learning_rate: float = nan
    gradient_norm: float = nan


@dataclass(frozen=True)
class End:
    """Where and why a training ended.

    Attributes:
        step: updates of the parameters that were done.
        reason: "finished" all epochs; "waited" as long as the recipe says for a lower held-out loss; "interrupted".
        checkpoint: folder from which it goes on: it is on disk, of exactly this step. None if none was asked for.
    """

    step: int
    reason: Literal["finished", "waited", "interrupted"]
    checkpoint: Path | None = None


Observer: TypeAlias = Callable[["History"], None]


class History:
    """The reports of a training, oldest first; each column is also an array attribute (`history.loss`).

    Attributes:
        reports: the lines.
        end: where and why the training ended; None while it goes on.
    """

    def __init__(self, reports: list[Report] | None = None) -> None:
        self.reports: list[Report] = list(reports or [])
        self.end: End | None = None
        self._observers: list[Observer] = []

    def observe(self, observer: Observer) -> Callable[[], None]:
        """Calls `observer(history)` after every report from now on; returns a function that ends it."""
        self._observers.append(observer)
        return lambda: self._observers.remove(observer)

    def report(self, report: Report) -> None:
        """Adds a line and tells the observers."""
        self.reports.append(report)
        for observer in tuple(self._observers):
            observer(self)

    def column(self, name: str) -> NDArray[np.float64]:
        """One column, float64 of shape (reports,)."""
        return np.array([getattr(report, name) for report in self.reports], np.float64)

    @property
    def step(self) -> NDArray[np.float64]:
        return self.column("step")

    @property
    def epoch(self) -> NDArray[np.float64]:
        return self.column("epoch")

    @property
    def loss(self) -> NDArray[np.float64]:
        return self.column("loss")

    @property
    def accuracy(self) -> NDArray[np.float64]:
        return self.column("accuracy")

    @property
    def held_out_loss(self) -> NDArray[np.float64]:
        return self.column("held_out_loss")

    @property
    def held_out_accuracy(self) -> NDArray[np.float64]:
        return self.column("held_out_accuracy")

    @property
    def tokens_per_second(self) -> NDArray[np.float64]:
        return self.column("tokens_per_second")

    @property
    def learning_rate(self) -> NDArray[np.float64]:
        return self.column("learning_rate")

    @property
    def gradient_norm(self) -> NDArray[np.float64]:
        return self.column("gradient_norm")

    @property
    def best(self) -> Report | None:
        """The report with the lowest held-out loss, None where it was never measured."""
        measured = [report for report in self.reports if not isnan(report.held_out_loss)]
        return min(measured, key=lambda report: report.held_out_loss, default=None)

    def to_frame(self) -> pandas.DataFrame:
        """A pandas frame, one row a report, with the columns of `Report`."""
        import pandas

        return pandas.DataFrame(
            [asdict(report) for report in self.reports], columns=[part.name for part in fields(Report)]
        )

    def plot(self, ax: Axes | None = None) -> Figure:
        """A matplotlib figure: the loss by update, of the training text and the held-out text, whose best is marked.

        Args:
            ax: where to draw; a figure of its own by default.

        Raises:
            ImportError: if there is no matplotlib, which `rnn-widgets[plot]` brings.
        """
        from rnn_widgets.plots import learning_curve

        best = self.best
        marked = None if best is None else (best.step, best.held_out_loss)
        return learning_curve(self.step, self.loss, self.held_out_loss, marked, ax)

    def to_list(self) -> list[list[float | None]]:
        """Plain numbers, None for NaN, for a JSON file; `from_list` reads them."""
        return [[None if isnan(value) else value for value in astuple(report)] for report in self.reports]

    @staticmethod
    def from_list(rows: list[list[float | None]]) -> History:
        lines = ([nan if value is None else value for value in row] for row in rows)
        return History([Report(int(step), *rest) for step, *rest in lines])

    def __len__(self) -> int:
        return len(self.reports)

    def __repr__(self) -> str:
        if not self.reports:
            return "History(empty)"
        last, best = self.reports[-1], self.best
        held_out = f", best held-out {best.held_out_loss:.3f} bits at step {best.step}" if best else ""
        return f"History({len(self)} reports, {last.step} steps, loss {last.loss:.3f} bits{held_out})"
