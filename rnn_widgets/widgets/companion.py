"""The selected neuron alone, in two bqplot pictures: its activation over the tokens, and its spectrum."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import anywidget
import bqplot
import ipywidgets
import numpy as np

from rnn_widgets.activations import Activations
from rnn_widgets.widgets.base import bundle
from rnn_widgets.widgets.figures import close_figure, close_layouts_left
from rnn_widgets.widgets.palette import BAND, FEATURE, MARKER, TRACE
from rnn_widgets.widgets.recording import Recording
from rnn_widgets.widgets.selection import Selection
from rnn_widgets.widgets.view import CHOICES, View


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


class NeuronCompanion(ipywidgets.VBox):
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

    _parts: tuple[ipywidgets.Widget, ...] = ()

    def __init__(self, acts: Activations | Recording, selection: Selection | None = None, **options: Any) -> None:
        choices = first_choices(type(self), options, others=("selection",))
        trace, trace_marks = _trace()
        spectrum, spectrum_marks = _spectrum()
        self._driver = CompanionDriver(acts, selection, **trace_marks, **spectrum_marks, **choices)
        self.trace, self.spectrum = trace, spectrum
        super().__init__((self._driver, trace, spectrum), **options)
        self._parts = (self._driver, self._driver.layout, *made_layout(self, options))
        self.add_class("rw-neuron")

    def close(self) -> None:
        """Takes the caption and both pictures off every page."""
        for part in self._parts:
            part.close()
        if self._parts:
            close_figure(self.trace)
            close_figure(self.spectrum)
            close_layouts_left(self.selection, self._driver.recording)
        super().close()

    @property
    def selection(self) -> Selection:
        selection: Selection = self._driver.selection
        return selection


def first_choices(kind: type[ipywidgets.Box], options: dict[str, Any], others: Iterable[str]) -> dict[str, Any]:
    """Takes the first choice out of the options of a box of views, and leaves the box's own.

    Args:
        kind: class of the box.
        options: what it was given; changed in place.
        others: further names that it takes, for the hint.

    Raises:
        TypeError: for an option that is neither; the message names the nearest one.
    """
    own = {name for name in kind.class_trait_names(sync=True) if not name.startswith("_")} - {"children"}
    for name in options:
        if name not in own and name not in CHOICES:
            known = sorted({*own, *CHOICES, *others} - {"tabbable", "tooltip"})
            near = get_close_matches(name, known, 1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Options are: {', '.join(known)}."
            raise TypeError(f"{kind.__name__} has no option {name!r}. {hint}")
    return {name: options.pop(name) for name in CHOICES if name in options}


def made_layout(box: ipywidgets.Box, options: dict[str, Any]) -> tuple[ipywidgets.Layout, ...]:
    """The layout of a box, unless the user made it."""
    return () if isinstance(options.get("layout"), ipywidgets.Layout) else (box.layout,)


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
