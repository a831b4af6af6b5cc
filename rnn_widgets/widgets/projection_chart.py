"""The states of the tokens as a bqplot picture, linked to a Selection."""

from __future__ import annotations

from operator import index
from typing import Any

import anywidget
import bqplot
import ipywidgets
import numpy as np
import traitlets as t

from rnn_widgets.activations import Activations, SignalKey
from rnn_widgets.analysis import Projection, project
from rnn_widgets.widgets.base import bundle
from rnn_widgets.widgets.encoding import encode
from rnn_widgets.widgets.linked_pictures import LinkedPictures, SignalDriver
from rnn_widgets.widgets.palette import FEATURE, LABEL, TRACE
from rnn_widgets.widgets.recording import Recording
from rnn_widgets.widgets.round_numbers import round_numbers
from rnn_widgets.widgets.selection import Selection

MOST_TOKENS = 2000

_ROOM = 0.05


class ProjectionDriver(SignalDriver):
    """The caption above the picture. Its browser side moves the marks, so that they follow without a kernel.

    Attributes:
        coordinates: bytes written by `encode`, (2, T).
        sample: bytes written by `encode`, (1, S): which tokens are shown, ascending.
        limits: lowest and highest coordinate of the picture, across and up.
    """

    _esm = bundle("projection_driver.js")

    coordinates = t.Bytes().tag(sync=True)
    sample = t.Bytes().tag(sync=True)
    limits = t.List(t.Float()).tag(sync=True)

    tokens_mark = anywidget.WidgetTrait().tag(sync=True)
    matches_mark = anywidget.WidgetTrait().tag(sync=True)
    chosen_mark = anywidget.WidgetTrait().tag(sync=True)
    name_mark = anywidget.WidgetTrait().tag(sync=True)

    def __init__(
        self,
        acts: Activations | Recording,
        selection: Selection | None,
        figure: bqplot.Figure,
        tokens: int,
        **options: Any,
    ) -> None:
        self._figure = figure
        self._tokens = tokens
        super().__init__(acts, selection, **options)

    def show(self, key: SignalKey) -> None:
        """Projects the states of this signal and layer."""
        acts = self.recording.acts
        projection = project(acts, *key, components=min(2, acts.neurons(*key)))
        coordinates = np.zeros((2, len(acts)), np.float32)
        coordinates[: len(projection.axes)] = projection.coordinates.T
        limits = fit(self._figure, coordinates, projection)
        with self.hold_sync():
            self.coordinates, self.limits = encode(coordinates), limits
            self.sample = encode(_sample(len(acts), self._tokens)[np.newaxis])


class ProjectionChart(LinkedPictures):
    """The states of all tokens along the two directions in which they vary most, linked to a Selection.

    Each dot is a token; those of the selected feature are orange, the selected token is large and named. A click
    selects the token that is nearest. Of a long text it shows a random sample of tokens, the same each time, and says
    so; the selected token is there always, and those of the feature where they are not more than the sample. Choosing
    works without a kernel, another signal or layer needs it.

    Args:
        acts: the activations, or the recording that other views show.
        selection: share that of another view; a new one if not given.
        tokens: how many tokens are shown at most.
        options: the first choice (neuron, token, feature, signal, layer, band), `layout`, and ipywidgets' own.

    Raises:
        TypeError: for an unknown option; the message names the nearest one.
        ValueError: if tokens is less than 1.
    """

    def __init__(
        self,
        acts: Activations | Recording,
        selection: Selection | None = None,
        tokens: int = MOST_TOKENS,
        **options: Any,
    ) -> None:
        if index(tokens) < 1:
            raise ValueError(f"tokens is how many are shown at most, at least 1, got {tokens}.")
        figure = empty_figure()
        scales = {"x": figure.axes[0].scale, "y": figure.axes[1].scale}
        marks = {
            "tokens_mark": dots(scales, TRACE, 28, opacities=[0.55]),
            "matches_mark": dots(scales, FEATURE, 40, opacities=[0.9]),
            "chosen_mark": dots(scales, LABEL, 110),
            "name_mark": names(scales),
        }
        figure.marks = [*marks.values()]
        super().__init__(
            lambda choices: ProjectionDriver(acts, selection, figure, tokens, **marks, **choices),
            [figure],
            ("tokens",),
            **options,
        )
        self.figure = figure


def empty_figure() -> bqplot.Figure:
    """A figure without marks, with an axis for each of two components."""
    axes = [
        bqplot.Axis(
            scale=bqplot.LinearScale(min=-1.0, max=1.0),
            side=side,
            grid_lines="none",
            label_offset=offset,
            label_color=LABEL,
            tick_format=".3~g",
        )
        for side, offset in (("bottom", "2.4em"), ("left", "3.4em"))
    ]
    return bqplot.Figure(
        axes=axes,
        fig_margin={"top": 16, "bottom": 52, "left": 68, "right": 20},
        padding_x=0,
        padding_y=0,
        display_toolbar=False,
        layout=ipywidgets.Layout(width="100%", height="440px", min_width="320px"),
    )


def fit(figure: bqplot.Figure, coordinates: np.ndarray[Any, np.dtype[Any]], projection: Projection) -> list[float]:
    """Makes room for all points (2, T), and labels the axes; the limits across and up."""
    limits: list[float] = []
    for number, (axis, values) in enumerate(zip(figure.axes, coordinates, strict=True)):
        low, high = float(values.min()), float(values.max())
        room = _ROOM * (high - low) or 1.0
        limits += [low - room, high + room]
        with axis.scale.hold_sync():
            axis.scale.min, axis.scale.max = limits[-2:]
        axis.tick_values = round_numbers(*limits[-2:])
        share = projection.explained[number] if number < len(projection.explained) else 0.0
        axis.label = f"component {number + 1} ({100 * share:.0f} % of variance)"
    return limits


def dots(scales: dict[str, bqplot.Scale], colour: str, size: int, **options: Any) -> bqplot.Scatter:
    """Dots without places, whose names a tooltip tells."""
    return bqplot.Scatter(
        x=np.zeros(0),
        y=np.zeros(0),
        scales=scales,
        colors=[colour],
        default_size=size,
        stroke_width=0,
        names=np.array([], np.str_),
        display_names=False,
        tooltip=bqplot.Tooltip(fields=["name"], show_labels=False),
        tooltip_style={"opacity": 1, "white-space": "pre", "color": LABEL},
        **options,
    )


def names(scales: dict[str, bqplot.Scale], size: int = 14) -> bqplot.Label:
    """Names without places."""
    return bqplot.Label(
        x=np.zeros(0),
        y=np.zeros(0),
        text=np.array([], np.str_),
        scales=scales,
        colors=[LABEL],
        default_size=size,
        font_weight="normal",
        x_offset=9,
    )


def _sample(tokens: int, most: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    if tokens <= most:
        return np.arange(tokens)
    return np.sort(np.random.default_rng(0).choice(tokens, most, replace=False))
