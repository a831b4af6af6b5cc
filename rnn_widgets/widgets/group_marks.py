"""What a picture of groups is drawn with: the correlations in their order, the tree above them, their borders."""

from __future__ import annotations

import bqplot
import ipywidgets
import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import Doubles, Floats
from rnn_widgets.analysis import Groups
from rnn_widgets.widgets.palette import FEATURE, LABEL, MARKER, TRACE
from rnn_widgets.widgets.png import png

MOST_PIXELS = 1024
TREE = 0.2
"""Height of the tree as a share of that of the correlations."""
STRENGTHS = np.linspace(-1, 1, 17, dtype=np.float32)
"""The r whose colours stand in the key."""

_TREE_FROM, _TREE_TO = 1.02, 1 + TREE - 0.02
_ROOM_FOR_NUMBER = 0.06
_EMPTY = np.zeros(0)


class GroupMarks:
    """The marks of a figure, whose lowest part is the matrix of correlations: neuron after neuron, down as across.

    Both axes count the M neurons that change, in their order; the place of neuron i of them is i to i + 1, upwards
    M - i - 1 to M - i. The tree stands above M.
    """

    def __init__(self) -> None:
        self.x = bqplot.LinearScale(min=0.0, max=1.0)
        self.y = bqplot.LinearScale(min=0.0, max=1 + TREE)
        scales = {"x": self.x, "y": self.y}
        self._image = bqplot.Image(image=_picture(np.zeros((1, 1, 4), np.uint8)), scales=scales)
        self._within, self._above, self._borders = (
            bqplot.Lines(x=_EMPTY, y=_EMPTY, scales=scales, colors=[colour], stroke_width=width)
            for colour, width in ((TRACE, 1.0), (MARKER, 1.0), (LABEL, 1.5))
        )
        self.down, self.across = (
            bqplot.Lines(x=_EMPTY, y=_EMPTY, scales=scales, colors=[LABEL], stroke_width=1.5, line_style="dashed")
            for _ in range(2)
        )
        self.axes = [
            bqplot.Axis(
                scale=scale, side=side, label="group", label_offset=offset, label_color=LABEL, grid_lines="none"
            )
            for scale, side, offset in ((self.x, "bottom", "2.4em"), (self.y, "left", "2.4em"))
        ]
        self._heights = bqplot.Axis(scale=self.y, side="right", grid_lines="none")
        self.axes.append(self._heights)

    @property
    def all(self) -> list[bqplot.Mark]:
        return [self._image, self._above, self._within, self._borders, self.down, self.across]

    def draw(self, groups: Groups) -> None:
        """Puts these groups in place of those before."""
        order = _moving_order(groups)
        count = max(1, len(order))
        with self.x.hold_sync(), self.y.hold_sync():
            self.x.max, self.y.max = float(count), (1 + TREE) * count
        before = self._image.image
        with self._image.hold_sync():
            self._image.image = _picture(_coloured(groups.correlations[np.ix_(order, order)]))
            self._image.x = self._image.y = np.array([0.0, count])
        before.layout.close()
        before.close()
        starts = [order.index(groups.members(group)[0]) for group in range(len(groups))]
        self._draw_borders(np.array([*starts, count]), count)
        self._draw_tree(groups, count)

    def _draw_borders(self, ends: NDArray[np.intp], count: int) -> None:
        starts, stops = ends[:-1, np.newaxis], ends[1:, np.newaxis]
        with self._borders.hold_sync():
            self._borders.x = np.hstack([starts, stops, stops, starts, starts])
            self._borders.y = count - np.hstack([starts, starts, stops, stops, starts])
        centres = (ends[:-1] + ends[1:]) / 2
        shown: list[int] = []
        for group, centre in enumerate(centres):
            if not shown or centre - centres[shown[-1]] >= _ROOM_FOR_NUMBER * count:
                shown.append(group)
        for axis, places in zip(self.axes[:2], (centres, count - centres), strict=True):
            with axis.hold_sync():
                axis.tick_values = places[shown]
                axis.tick_labels = {f"{places[group]:.10g}": str(group) for group in shown}

    def _draw_tree(self, groups: Groups, count: int) -> None:
        below, above = _branches(groups, count)
        for lines, branches in ((self._within, below), (self._above, above)):
            with lines.hold_sync():
                lines.x, lines.y = branches
        farthest = groups.linkage[-1, 2] if len(groups.linkage) else 1.0
        ends = np.array([_TREE_FROM, _TREE_TO]) * count
        with self._heights.hold_sync():
            self._heights.tick_values = ends
            words = ("|r| 1", f"|r| {1 - farthest:.2f}")
            self._heights.tick_labels = {f"{end:.10g}": word for end, word in zip(ends, words, strict=True)}


def _branches(groups: Groups, count: int) -> tuple[tuple[Doubles, Doubles], tuple[Doubles, Doubles]]:
    """The places (N, 4) of the branches within groups, and of those that join them."""
    joined = len(groups.linkage)
    if not joined:
        return (_EMPTY, _EMPTY), (_EMPTY, _EMPTY)
    moving = np.array(groups.moving)
    # of each node of the tree, leaves first; scipy's own dendrogram fails where a tree is deep
    places, heights, labels = np.zeros(count + joined), np.zeros(count + joined), np.full(count + joined, -1)
    places[np.searchsorted(moving, _moving_order(groups))] = np.arange(count) + 0.5
    labels[:count] = groups.labels[moving]
    x, y = np.empty((joined, 4)), np.empty((joined, 4))
    for node, (one, other, height, _) in enumerate(groups.linkage, count):
        ends = sorted((int(one), int(other)), key=places.__getitem__)
        places[node], heights[node] = places[ends].mean(), height
        labels[node] = labels[ends[0]] if labels[ends[0]] == labels[ends[1]] else -1
        x[node - count] = np.repeat(places[ends], 2)
        y[node - count] = heights[ends[0]], height, height, heights[ends[1]]
    y = count * (_TREE_FROM + (_TREE_TO - _TREE_FROM) * y / max(heights.max(), 1e-12))
    within = labels[count:] >= 0
    return (x[within], y[within]), (x[~within], y[~within])


def _moving_order(groups: Groups) -> list[int]:
    return [neuron for neuron in groups.order.tolist() if groups.labels[neuron] >= 0]


def _coloured(correlations: Floats) -> NDArray[np.uint8]:
    """Pixels of r: orange above 0, blue below, as opaque as the root of |r|; of many neurons, the mean of several."""
    size = -(-len(correlations) // MOST_PIXELS)
    if size > 1:
        starts = np.arange(0, len(correlations), size)
        counts = np.diff(starts, append=len(correlations))
        summed = np.add.reduceat(np.add.reduceat(correlations, starts, axis=0), starts, axis=1)
        correlations = summed / np.outer(counts, counts)
    return _pixels(correlations) if len(correlations) else np.zeros((1, 1, 4), np.uint8)


def _pixels(r: Floats) -> NDArray[np.uint8]:
    blue, orange = (np.frombuffer(bytes.fromhex(colour[1:]), np.uint8) for colour in (TRACE, FEATURE))
    pixels = np.empty((*r.shape, 4), np.uint8)
    pixels[..., :3] = np.where((r > 0)[..., np.newaxis], orange, blue)
    pixels[..., 3] = np.rint(255 * np.sqrt(np.abs(r)))
    return pixels


def key_colours() -> list[str]:
    """The colours of `STRENGTHS` as CSS writes them."""
    pixels = _pixels(STRENGTHS).tolist()
    return [f"rgb({red} {green} {blue} / {opacity / 255:.3f})" for red, green, blue, opacity in pixels]


def _picture(pixels: NDArray[np.uint8]) -> ipywidgets.Image:
    return ipywidgets.Image(value=png(pixels), format="png")
