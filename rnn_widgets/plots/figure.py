"""What all figures share: sizes, colours, names, and how a notebook shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any, TypeAlias

import matplotlib.axes
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure as Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from rnn_widgets.naming import visible

Axes: TypeAlias = matplotlib.axes.Axes
Reals: TypeAlias = NDArray[np.floating]
Integers: TypeAlias = NDArray[np.integer]
Mask: TypeAlias = NDArray[np.bool_]
Mark: TypeAlias = Mapping[str, Any]
"""What `Axes.plot` takes beside the places."""

# Okabe and Ito (2008), "Color universal design": told apart whatever the colours that one sees.
BLUE, VERMILLION, GREEN, SKY, PURPLE, ORANGE = "#0072B2", "#D55E00", "#009E73", "#56B4E9", "#CC79A7", "#E69F00"
GREY = "#888888"
LIGHT = (GREY, 0.45)
"""Near the paper, be it white or black."""
COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
RING: Mark = {"color": GREY, "marker": "o", "markerfacecolor": "none", "markersize": 8}
"""What is to be compared with."""
DIVERGING = LinearSegmentedColormap.from_list("blue, white, vermillion", [BLUE, "#F7F7F7", VERMILLION])

WIDTH = 6.4
_ROW, _FRAME = 0.24, 1.3
_FINE = 2


class Paper(Figure):
    """A figure that a notebook shows by itself, once, without pyplot. `savefig("name.pdf")` keeps it for a paper."""

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        picture = BytesIO()
        self.savefig(picture, format="png", dpi=_FINE * self.dpi)
        width, height = (round(inches * self.dpi) for inches in self.get_size_inches())
        return picture.getvalue(), {"width": width, "height": height}


def panel(ax: Axes | None, height: float, width: float = WIDTH) -> tuple[Figure, Axes]:
    """A panel, the one that is given or one in a figure of its own, of so many inches."""
    if ax is None:
        figure, panels = paper(1, height, width)
        return figure, panels[0]
    around = ax.get_figure(root=True)
    assert around is not None
    return around, cleared(ax)


def paper(number: int, height: float, width: float = WIDTH, columns: int = 1, **kinds: Any) -> tuple[Paper, list[Axes]]:
    """A figure of so many inches with so many panels, row by row.

    Args:
        number: of panels.
        height: inches.
        width: inches.
        columns: of panels.
        kinds: what `Figure.subplots` takes.
    """
    figure = Paper(figsize=(width, height), layout="constrained")
    panels = figure.subplots(-(-number // columns), columns, squeeze=False, **kinds).ravel().tolist()
    for empty in panels[number:]:
        empty.remove()
    return figure, [cleared(ax) for ax in panels[:number]]


def cleared(ax: Axes) -> Axes:
    """Without the lines at the top and on the right."""
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def ink(ax: Axes) -> Any:
    """The colour that a panel's own lines have, which is white where a style has made the paper black."""
    return ax.spines["left"].get_edgecolor()


def height_of(rows: int) -> float:
    """Inches of a panel of so many named rows."""
    return _FRAME + _ROW * max(rows, 1)


def name_rows(ax: Axes, names: Sequence[str]) -> None:
    """Names the rows 0, 1, ... from the top."""
    ax.set_yticks(range(len(names)), [plain(name) for name in names])
    ax.set_ylim(max(len(names), 1) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)


def plain(text: str) -> str:
    """Text as it is: a dollar sign begins no formula, and no character goes unseen."""
    return visible(text, spaces=False).replace("$", r"\$")


def shortened(text: str, length: int) -> str:
    """The beginning of a text."""
    return text if len(text) <= length else text[: length - 1] + "…"


def key(marks: Iterable[tuple[str, Mark]]) -> list[Line2D]:
    """Marks for a legend: each a name, and what `Line2D` takes."""
    return [Line2D([], [], linestyle="none", label=plain(name), **mark) for name, mark in marks]


def legend(ax: Axes, **kinds: Any) -> None:
    """A small legend that stays readable over what it covers, if there is anything to tell."""
    if kinds.get("handles") or ax.get_legend_handles_labels()[0]:
        ax.legend(fontsize="small", framealpha=0.85, edgecolor="none", **kinds)


def say(ax: Axes, message: str) -> None:
    """Says in the middle of a panel why it is empty."""
    ax.text(0.5, 0.5, plain(message), transform=ax.transAxes, ha="center", va="center", color=GREY, wrap=True)
