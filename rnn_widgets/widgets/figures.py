"""Taking widgets off a page with all that was made for them."""

from __future__ import annotations

from collections.abc import Iterator

import bqplot
import ipywidgets


def close_figure(figure: bqplot.Figure) -> None:
    """Closes a figure with its marks, axes, scales, tooltips, interaction and layout; bqplot closes only the figure.

    A second call changes nothing.
    """
    for part in list(_parts(figure)):
        part.close()


def close_marks(figure: bqplot.Figure) -> None:
    """Takes marks, axes and their scales out of a figure, and closes them."""
    parts = list(_mark_parts(figure))
    figure.marks, figure.axes = [], []
    for part in parts:
        part.close()


def close_control(control: ipywidgets.DOMWidget) -> None:
    """Closes a control with its layout and style. A second call changes nothing."""
    for part in (control.layout, getattr(control, "style", None), control):
        if isinstance(part, ipywidgets.Widget):
            part.close()


def _parts(figure: bqplot.Figure) -> Iterator[ipywidgets.Widget]:
    yield from _mark_parts(figure)
    for part in (figure.interaction, figure.scale_x, figure.scale_y, figure.layout):
        if part is not None:
            yield part
    yield figure


def _mark_parts(figure: bqplot.Figure) -> Iterator[ipywidgets.Widget]:
    for mark in figure.marks:
        yield from mark.scales.values()
        if mark.tooltip is not None:
            yield from (mark.tooltip.layout, mark.tooltip)
        if isinstance(mark, bqplot.Image):
            yield from (mark.image.layout, mark.image)
        yield mark
    for axis in figure.axes:
        yield axis.scale
        yield axis
