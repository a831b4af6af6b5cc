"""The learning curve as a bqplot picture that follows a training."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol

import bqplot
import ipywidgets
import numpy as np

from rnn_widgets.widgets.figures import close_figure
from rnn_widgets.widgets.options import QUIET, OwnsLayout, public_traits, refuse_unknown
from rnn_widgets.widgets.palette import HELD_OUT, TRAINING

if TYPE_CHECKING:
    import pandas as pd


class ObservableHistory(Protocol):
    """A training's reports: columns step, loss, accuracy, held_out_loss, held_out_accuracy."""

    def to_frame(self) -> pd.DataFrame: ...

    def observe(self, observer: Callable[[Any], None]) -> Callable[[], None]: ...


class LearningCurve(OwnsLayout, ipywidgets.Box):
    """Loss (bits per token) and accuracy (percent) against the step, of training and held-out text.

    It follows the history while it grows, until it is closed. Options are `layout` and ipywidgets' own.

    Raises:
        TypeError: for an unknown option; the message names the nearest one.
    """

    _stop: Callable[[], None] | None = None
    _figures: tuple[bqplot.Figure, ...] = ()

    def __init__(self, history: ObservableHistory, **options: Any) -> None:
        known = public_traits(type(self)) - {"children"}
        refuse_unknown(type(self), options, known, known - QUIET)
        self._loss = _panel("Loss", "bits per token")
        self._accuracy = _panel("Accuracy", "% of tokens")
        panels = [figure for figure, _ in (self._loss, self._accuracy)]
        with ExitStack() as undo:
            for figure in panels:
                undo.callback(close_figure, figure)
            super().__init__(panels, **{"layout": {"display": "flex", "flex_flow": "row wrap"}, **options})
            self.update(history)
            undo.pop_all()
        self._figures = tuple(panels)
        self._stop = history.observe(self.update)

    def update(self, history: ObservableHistory) -> None:
        """Draws what the history holds now."""
        frame = history.to_frame()
        for (_, lines), column, factor in ((self._loss, "loss", 1.0), (self._accuracy, "accuracy", 100.0)):
            for line, name in zip(lines, (column, f"held_out_{column}"), strict=True):
                measured = frame[frame[name].notna()]
                with line.hold_sync():
                    line.x = measured["step"].to_numpy(np.float64)
                    line.y = factor * measured[name].to_numpy(np.float64)

    def close(self) -> None:
        """Ends following the history, and takes both pictures off every page."""
        if self._stop is not None:
            self._stop()
            self._stop = None
        for figure in self._figures:
            close_figure(figure)
        super().close()


def _panel(title: str, unit: str) -> tuple[bqplot.Figure, tuple[bqplot.Lines, bqplot.Lines]]:
    scales = {"x": bqplot.LinearScale(min=0.0), "y": bqplot.LinearScale()}
    training, held_out = (
        bqplot.Lines(
            x=np.zeros(0),
            y=np.zeros(0),
            scales=scales,
            colors=[colour],
            line_style=style,
            stroke_width=2,
            labels=[label],
            display_legend=True,
        )
        for colour, style, label in ((TRAINING, "dashed", "training"), (HELD_OUT, "solid", "held out"))
    )
    axes = [
        bqplot.Axis(scale=scales["x"], label="step", grid_lines="none"),
        bqplot.Axis(scale=scales["y"], label=unit, side="left", label_offset="3.2em"),
    ]
    figure = bqplot.Figure(
        marks=[training, held_out],
        axes=axes,
        title=title,
        legend_location="top-right" if title == "Loss" else "bottom-right",
        fig_margin={"top": 44, "bottom": 48, "left": 64, "right": 24},
        layout=ipywidgets.Layout(width="460px", height="320px"),
    )
    return figure, (training, held_out)
