"""Many neurons at once: states in a plane, neurons in groups, and neurons that are on together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axis import Axis
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap
from scipy.cluster.hierarchy import dendrogram

from rnn_widgets.naming import names_apart, visible
from rnn_widgets.plots.figure import (
    BLUE,
    DIVERGING,
    VERMILLION,
    Axes,
    Figure,
    Mask,
    Paper,
    Reals,
    height_of,
    ink,
    name_rows,
    panel,
    plain,
    say,
    shortened,
)

# of a picture: its empty edge, and of a name a letter, its height, and where it starts beside its dot
_MARGIN, _LETTER, _HEIGHT, _BESIDE = 0.06, 0.016, 0.035, 0.007
_LOOKED_AT = 5_000
_LABEL, _COLUMNS, _NUMBERS = 34, 16, 24


def projection(
    points: Reals, labels: Sequence[str], explained: Sequence[float], named: int, title: str, ax: Axes | None
) -> Figure:
    """Points in a plane, or along the text where there is one dimension; the farthest are named, without overlap.

    Args:
        points: (T, 1) or (T, 2).
        labels: the T tokens.
        explained: the share of the variance along each dimension.
        named: how many names at most.
        title: of the figure.
        ax: where to draw.
    """
    figure, ax = panel(ax, 4.8)
    alone = points.shape[1] == 1
    at = np.column_stack([np.arange(len(points)), points[:, 0]]) if alone else points
    ax.scatter(at[:, 0], at[:, 1], s=6, color=BLUE, alpha=float(np.clip(6 / np.sqrt(len(at)), 0.1, 0.7)), linewidth=0)
    along = [f"component {number}, {share:.0%} of the variance" for number, share in enumerate(explained, 1)]
    ax.set(title=plain(title), xlabel="token" if alone else along[0], ylabel=along[0] if alone else along[1])
    ax.margins(_MARGIN)
    names = [visible(label) for label in labels]
    far = np.square(points - points.mean(axis=0)).sum(axis=1)
    for place in _named(at, names, far, named):
        ax.annotate(
            plain(names[place]),
            at[place],
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize="small",
        )
    return figure


def _named(points: Reals, names: Sequence[str], far: Reals, most: int) -> list[int]:
    """Points whose names have room, the farthest first, each name once."""
    farthest = np.argsort(-far, kind="stable")[:_LOOKED_AT]
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    places = (points[farthest] - low) / np.where(extent > 0, extent, 1)
    places = (places + _MARGIN) / (1 + 2 * _MARGIN)
    asked = ((names[place], *at) for place, at in zip(farthest.tolist(), places.tolist(), strict=True))
    return [int(farthest[name]) for name in names_apart(asked, most, _LETTER, _HEIGHT, _BESIDE, once=True)]


def correlations(
    values: Reals, tree: Reals, moving: int, borders: Sequence[int], neurons: Sequence[int], title: str
) -> Figure:
    """Correlations of neurons like beside like, with their tree above and the borders of the groups.

    Args:
        values: (H, H), in this order.
        tree: (M - 1, 4), as scipy's `dendrogram` takes it, of the first M of them.
        moving: M.
        borders: before which of them a group begins, but for the first.
        neurons: their numbers, in this order.
        title: of the figure.
    """
    figure = Paper(figsize=(5.6, 6.4), layout="constrained")
    above, ax = figure.subplots(2, 1, height_ratios=[1, 5], sharex=True)
    image = ax.imshow(values, cmap=DIVERGING, vmin=-1, vmax=1, interpolation="nearest", aspect="auto")
    for border in borders:
        ax.axvline(border - 0.5, color="black", linewidth=0.6)
        ax.axhline(border - 0.5, color="black", linewidth=0.6)
    _number_neurons(ax.xaxis, neurons, rotation=90)
    _number_neurons(ax.yaxis, neurons)
    ax.set(xlabel="neuron, like beside like", ylabel="neuron")
    figure.colorbar(image, ax=ax, label="Pearson's r", location="bottom", shrink=0.6)
    above.axis("off")
    above.set_title(plain(title))
    if len(tree):
        drawn = dendrogram(tree, no_plot=True)
        # scipy sets leaves 10 apart, from 5 on
        joints = [
            np.column_stack([(np.array(x) - 5) / 10, y]) for x, y in zip(drawn["icoord"], drawn["dcoord"], strict=True)
        ]
        above.add_collection(LineCollection(joints, colors=ink(above), linewidths=0.5))
        above.set_ylim(0, 1.05 * float(tree[:, 2].max()) or 1)
    ax.set_xlim(-0.5, len(values) - 0.5)
    if not moving:
        say(ax, "no neuron changes")
    return figure


def together(
    rows: Sequence[tuple[str, str]], neurons: Sequence[int], on: Mask, title: str, message: str | None, ax: Axes | None
) -> Figure:
    """One row a range of tokens, the marked one first, and a square for each neuron that is on throughout.

    Args:
        rows: the text of each of R ranges, and where it is.
        neurons: the numbers of the N neurons.
        on: bool (R, N).
        title: of the figure.
        message: why there are none.
        ax: where to draw.
    """
    figure, ax = panel(ax, height_of(len(rows)) + 0.3)
    if message or not len(neurons):
        ax.axis("off")
        ax.set_title(plain(title))
        say(ax, message or "no neuron is on")
        return figure
    shade = np.where(on, 1, 0)
    shade[0] *= 2
    ax.imshow(
        shade,
        cmap=ListedColormap(["#F2F2F2", BLUE, VERMILLION]),
        vmin=0,
        vmax=2,
        interpolation="nearest",
        aspect="auto",
    )
    name_rows(ax, [f"“{shortened(text, _LABEL)}”  {where}" for text, where in rows])
    _number_neurons(ax.xaxis, neurons, rotation=90)
    ax.hlines(np.arange(len(rows) + 1) - 0.5, -0.5, len(neurons) - 0.5, color="white", linewidth=2)
    ax.vlines(np.arange(len(neurons) + 1) - 0.5, -0.5, len(rows) - 0.5, color="white", linewidth=1)
    ax.spines[:].set_visible(False)
    ax.set(xlabel="neuron", xlim=(-0.5, max(len(neurons), _COLUMNS) - 0.5), title=plain(title))
    return figure


def _number_neurons(axis: Axis, neurons: Sequence[int], **kinds: Any) -> None:
    """Numbers at an axis' places 0, 1, ..., so many as have room."""
    at = range(0, len(neurons), max(1, -(-len(neurons) // _NUMBERS)))
    axis.set_ticks(at, [str(neurons[place]) for place in at], fontsize="small", **kinds)
