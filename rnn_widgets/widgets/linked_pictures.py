"""bqplot pictures below a caption that links them to a Selection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

import bqplot
import ipywidgets
import traitlets as t

from rnn_widgets.activations import Activations, SignalKey
from rnn_widgets.widgets.base import described
from rnn_widgets.widgets.figures import close_figure
from rnn_widgets.widgets.options import OwnsLayout, box_choices
from rnn_widgets.widgets.recording import Recording
from rnn_widgets.widgets.selection import Selection
from rnn_widgets.widgets.view import View


class LinkedPictures(OwnsLayout, ipywidgets.VBox):
    """Figures, and above them the view whose browser side moves their marks.

    Args:
        driver: makes that view, given the first choice.
        figures: in their order on the page; they are closed with the box, or if it cannot be made.
        others: names of further parameters, for the hint at an unknown option.
        options: the first choice, `layout`, and ipywidgets' own.

    Raises:
        TypeError: for an unknown option; the message names the nearest one.
    """

    _figures: tuple[bqplot.Figure, ...] = ()

    def __init__(
        self,
        driver: Callable[[dict[str, Any]], View],
        figures: Sequence[bqplot.Figure],
        others: Sequence[str] = (),
        **options: Any,
    ) -> None:
        with ExitStack() as undo:
            for figure in figures:
                undo.callback(close_figure, figure)
            choices = box_choices(type(self), options, "selection", *others)
            self._driver = driver(choices)
            undo.callback(self._driver.close)
            super().__init__((self._driver, *figures), **options)
            undo.pop_all()
        self._figures = tuple(figures)
        self.add_class("rw-pictures")

    def __repr__(self) -> str:
        return described(self, self._driver.recording.acts)

    def close(self) -> None:
        """Takes the caption and the pictures off every page."""
        if self._figures:
            self._driver.close()
        for figure in self._figures:
            close_figure(figure)
        super().close()

    @property
    def selection(self) -> Selection:
        selection: Selection = self._driver.selection
        return selection


class SignalDriver(View):
    """The caption of pictures that Python computes from one signal of one layer, anew when another one is chosen.

    Attributes:
        shown_signal, shown_layer: from which; without a kernel it stays so, and the caption says it.
    """

    shown_signal = t.Unicode().tag(sync=True)
    shown_layer = t.Int(-1).tag(sync=True)

    _followed: Selection | None = None

    def __init__(self, acts: Activations | Recording, selection: Selection | None = None, **options: Any) -> None:
        super().__init__(acts, selection, **options)
        try:
            self._follow()
        except Exception:
            self.close()
            raise
        self._followed = self.selection
        self._followed.observe(self._follow, ["signal", "layer"])

    def show(self, key: SignalKey) -> None:
        """Draws what is computed from this signal and layer."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends following, and takes the caption off every page."""
        if self._followed is not None:
            self._followed.unobserve(self._follow, ["signal", "layer"])
            self._followed = None
        super().close()

    def _follow(self, _change: object = None) -> None:
        key = self.selection.signal, self.selection.layer
        if key != (self.shown_signal, self.shown_layer) and key in self.recording.acts:
            self.show(key)
            with self.hold_sync():
                self.shown_signal, self.shown_layer = key
