"""The learning curve as a bqplot picture that follows a training."""

from __future__ import annotations

from typing import Any

import bqplot
import ipywidgets
import numpy as np

from rnn_widgets.widgets.following import FollowingPictures, Growing
from rnn_widgets.widgets.palette import HELD_OUT, LABEL, TRAINING


class LearningCurve(FollowingPictures):
    """Loss (bits per token) and accuracy (percent) against the step, of training and held-out text.

    It follows the history while it grows, until it is closed. A history is a frame with the columns step, loss,
    accuracy, held_out_loss, held_out_accuracy, and tells its observers when it has grown. Options are `layout` and
    ipywidgets' own.

    Raises:
        TypeError: for an unknown option; the message names the nearest one.
    """

    def __init__(self, history: Growing, **options: Any) -> None:
        self._loss = _panel("Loss", "bits per token")
        self._accuracy = _panel("Accuracy", "% of tokens")
        panels = [figure for figure, _ in (self._loss, self._accuracy)]
        super().__init__(history, panels, **{"layout": {"display": "flex", "flex_flow": "row wrap"}, **options})

    def update(self, history: Growing) -> None:
        """Draws what the history holds now."""
        frame = history.to_frame()
        for (_, lines), column, factor in ((self._loss, "loss", 1.0), (self._accuracy, "accuracy", 100.0)):
            for line, name in zip(lines, (column, f"held_out_{column}"), strict=True):
                measured = frame[frame[name].notna()]
                with line.hold_sync():
                    line.x = measured["step"].to_numpy(np.float64)
                    line.y = factor * measured[name].to_numpy(np.float64)


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
        bqplot.Axis(scale=scales["x"], label="step", grid_lines="none", label_offset="2.4em", label_color=LABEL),
        bqplot.Axis(scale=scales["y"], label=unit, side="left", label_offset="3.2em", label_color=LABEL),
    ]
    figure = bqplot.Figure(
        marks=[training, held_out],
        axes=axes,
        title=title,
        title_style={"fill": LABEL},
        legend_location="top-right" if title == "Loss" else "bottom-right",
        fig_margin={"top": 44, "bottom": 48, "left": 64, "right": 24},
        layout=ipywidgets.Layout(width="460px", height="320px"),
    )
    return figure, (training, held_out)
