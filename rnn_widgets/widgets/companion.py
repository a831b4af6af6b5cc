"""The selected neuron alone, in two bqplot pictures: its activation over the tokens, and its spectrum."""

from __future__ import annotations

from typing import Any

import anywidget
import bqplot
import ipywidgets
import numpy as np

from rnn_widgets.activations import Activations
from rnn_widgets.widgets.base import bundle
from rnn_widgets.widgets.linked_pictures import LinkedPictures
from rnn_widgets.widgets.palette import BAND, FEATURE, MARKER, TRACE
from rnn_widgets.widgets.recording import Recording
from rnn_widgets.widgets.selection import Selection
from rnn_widgets.widgets.view import View


class CompanionDriver(View):
    """The caption above the pictures. Its browser side moves their marks, so that they follow without a kernel."""

    _esm = bundle("companion_driver.js")

    arrays = ("values", "spectrum")

    trace = anywidget.WidgetTrait().tag(sync=True)
    matches = anywidget.WidgetTrait().tag(sync=True)
    place = anywidget.WidgetTrait().tag(sync=True)
    trace_x = anywidget.WidgetTrait().tag(sync=True)
    trace_y = anywidget.WidgetTrait().tag(sync=True)
    spectrum = anywidget.WidgetTrait().tag(sync=True)
    peak = anywidget.WidgetTrait().tag(sync=True)
    spectrum_y = anywidget.WidgetTrait().tag(sync=True)
    brush = anywidget.WidgetTrait().tag(sync=True)


class NeuronCompanion(LinkedPictures):
    """One neuron's trace and spectrum, linked to a Selection.

    Dots on the trace are the tokens of the selected feature, the upright line is the selected token; a drag over the
    spectrum chooses the band, and a diamond marks the strongest frequency within it.

    Args:
        acts: the activations, or the recording that other views show.
        selection: share that of another view; a new one if not given.
        options: the first choice (neuron, token, feature, signal, layer, band), `layout`, and ipywidgets' own.

    Raises:
        TypeError: for an unknown option; the message names the nearest one.
    """

    def __init__(self, acts: Activations | Recording, selection: Selection | None = None, **options: Any) -> None:
        trace, trace_marks = _trace()
        spectrum, spectrum_marks = _spectrum()
        super().__init__(
            lambda choices: CompanionDriver(acts, selection, **trace_marks, **spectrum_marks, **choices),
            [trace, spectrum],
            **options,
        )
        self.trace, self.spectrum = trace, spectrum
        self.add_class("rw-neuron")


_MARGIN = {"top": 12, "bottom": 52, "left": 62, "right": 16}
_EMPTY = np.zeros(0)


def _trace() -> tuple[bqplot.Figure, dict[str, Any]]:
    x, y = bqplot.LinearScale(allow_padding=False), bqplot.LinearScale(allow_padding=False)
    scales = {"x": x, "y": y}
    place = bqplot.Lines(x=_EMPTY, y=_EMPTY, scales=scales, colors=[MARKER], stroke_width=2, line_style="dashed")
    trace = bqplot.Lines(x=_EMPTY, y=_EMPTY, scales=scales, colors=[TRACE], stroke_width=1.5)
    matches = bqplot.Scatter(x=_EMPTY, y=_EMPTY, scales=scales, colors=[FEATURE], default_size=22)
    figure = _figure([place, trace, matches], x, y, "Token", "Activation")
    return figure, {"trace": trace, "matches": matches, "place": place, "trace_x": x, "trace_y": y}


def _spectrum() -> tuple[bqplot.Figure, dict[str, Any]]:
    x, y = bqplot.LinearScale(min=0.0, max=0.5), bqplot.LinearScale(min=0.0, allow_padding=False)
    scales = {"x": x, "y": y}
    spectrum = bqplot.Lines(x=_EMPTY, y=_EMPTY, scales=scales, colors=[TRACE], stroke_width=1.5)
    peak = bqplot.Scatter(x=_EMPTY, y=_EMPTY, scales=scales, colors=[FEATURE], marker="diamond", default_size=90)
    brush = bqplot.interacts.BrushIntervalSelector(scale=x, color=BAND)
    figure = _figure([spectrum, peak], x, y, "Frequency (cycles per token)", "Amplitude", interaction=brush)
    return figure, {"spectrum": spectrum, "peak": peak, "spectrum_y": y, "brush": brush}


def _figure(
    marks: list[bqplot.Mark], x: bqplot.Scale, y: bqplot.Scale, across: str, up: str, **options: Any
) -> bqplot.Figure:
    axes = [
        bqplot.Axis(scale=x, label=across, grid_lines="none", label_offset="2.4em"),
        bqplot.Axis(scale=y, label=up, side="left", label_offset="3.6em", num_ticks=5, tick_format=".3~f"),
    ]
    return bqplot.Figure(
        marks=marks,
        axes=axes,
        fig_margin=_MARGIN,
        padding_x=0,
        padding_y=0,
        layout=ipywidgets.Layout(width="auto", height="260px", min_width="320px"),
        **options,
    )
