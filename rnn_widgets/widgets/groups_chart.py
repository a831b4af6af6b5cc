"""Neurons that behave alike as a bqplot picture, linked to a Selection."""

from __future__ import annotations

from typing import Any

import anywidget
import bqplot
import ipywidgets
import numpy as np
import traitlets as t

from rnn_widgets.activations import Activations, SignalKey
from rnn_widgets.analysis import Groups, groups
from rnn_widgets.widgets.base import bundle
from rnn_widgets.widgets.encoding import encode
from rnn_widgets.widgets.group_marks import GroupMarks, key_colours
from rnn_widgets.widgets.linked_pictures import LinkedPictures, SignalDriver
from rnn_widgets.widgets.recording import Recording
from rnn_widgets.widgets.selection import Selection

_NEAREST = 3


class GroupsDriver(SignalDriver):
    """The caption above the picture. Its browser side marks the selected neuron, also without a kernel.

    Attributes:
        order: bytes written by `encode`, (1, H): neurons as they stand in the picture, then those that never change.
        labels: bytes written by `encode`, (1, H): each neuron's group, -1 for those that never change.
        nearest: bytes written by `encode`, (H, 6): of each neuron the three most like it, then their r.
        key: the colours of r from -1 to 1.
    """

    _esm = bundle("groups_driver.js")

    order = t.Bytes().tag(sync=True)
    labels = t.Bytes().tag(sync=True)
    nearest = t.Bytes().tag(sync=True)
    key = t.List(t.Unicode()).tag(sync=True)

    down_mark = anywidget.WidgetTrait().tag(sync=True)
    across_mark = anywidget.WidgetTrait().tag(sync=True)

    def __init__(
        self, acts: Activations | Recording, selection: Selection | None, marks: GroupMarks, n: int, **options: Any
    ) -> None:
        self.groups: Groups | None = None
        self._marks = marks
        self._n = n
        drawn = {"down_mark": marks.down, "across_mark": marks.across, "key": key_colours()}
        super().__init__(acts, selection, **drawn, **options)

    def show(self, key: SignalKey) -> None:
        """Groups the neurons of this signal and layer."""
        found = self.groups = groups(self.recording.acts, *key, n=self._n)
        self._marks.draw(found)
        with self.hold_sync():
            self.order, self.labels = encode(found.order[np.newaxis]), encode(found.labels[np.newaxis])
            self.nearest = encode(_nearest(found))


class GroupsChart(LinkedPictures):
    """The neurons of a layer in groups of those that behave alike, linked to a Selection.

    Like stands beside like. In the matrix a dot is the correlation r of two neurons: orange where they rise and fall
    together, blue where one rises as the other falls, as opaque as the root of |r|; a frame is around each group. The
    tree above joins groups at the mean |r| of their neurons. A click selects the neuron of that column, which a dashed
    line marks. It works without a kernel, another signal or layer needs it.

    Args:
        acts: the activations, or the recording that other views show.
        selection: share that of another view; a new one if not given.
        n: how many groups, as in `groups`.
        options: the first choice (neuron, token, feature, signal, layer, band), `layout`, and ipywidgets' own.

    Raises:
        TypeError: for an unknown option; the message names the nearest one.
        ValueError: if n is not a whole number from 1.
    """

    def __init__(
        self, acts: Activations | Recording, selection: Selection | None = None, n: int = 8, **options: Any
    ) -> None:
        marks = GroupMarks()
        figure = bqplot.Figure(
            marks=marks.all,
            axes=marks.axes,
            fig_margin={"top": 8, "bottom": 48, "left": 52, "right": 56},
            padding_x=0,
            padding_y=0,
            display_toolbar=False,
            layout=ipywidgets.Layout(width="100%", max_width="466px", height="484px", min_width="320px"),
        )
        super().__init__(
            lambda choices: GroupsDriver(acts, selection, marks, n, **choices), [figure], ("n",), **options
        )
        self.figure = figure

    @property
    def groups(self) -> Groups:
        """What the picture shows."""
        found: Groups = self._driver.groups
        return found


def _nearest(groups: Groups) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Of each neuron the three with the largest |r| and their r, (H, 6); -1 and 0 where there are no more."""
    count = len(groups.labels)
    found = np.zeros((count, 2 * _NEAREST), np.float32)
    found[:, :_NEAREST] = -1
    sizes = np.abs(groups.correlations)
    np.fill_diagonal(sizes, -1)
    best = np.argsort(-sizes, axis=1, kind="stable")[:, : min(_NEAREST, count - 1)]
    r = np.take_along_axis(groups.correlations, best, axis=1)
    found[:, : best.shape[1]] = np.where(r == 0, -1, best)
    found[:, _NEAREST : _NEAREST + best.shape[1]] = r
    return found
