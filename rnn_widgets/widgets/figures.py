"""Taking widgets off a page with all that was made for them."""

from __future__ import annotations

from collections.abc import Iterator

import bqplot
import ipywidgets


def close_figure(figure: bqplot.Figure) -> None:
    """Closes a figure with its marks, axes, scales, interaction and layout; bqplot closes only the figure itself.

    A second call changes nothing.
    """
    for part in list(_parts(figure)):
        part.close()


def _parts(figure: bqplot.Figure) -> Iterator[ipywidgets.Widget]:
    for mark in figure.marks:
        yield from mark.scales.values()
        yield mark
    for axis in figure.axes:
        yield axis.scale
        yield axis
    for part in (figure.interaction, figure.scale_x, figure.scale_y, figure.layout):
        if part is not None:
            yield part
    yield figure
