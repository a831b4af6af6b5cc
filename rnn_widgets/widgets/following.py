"""Pictures that follow something which grows: a training, a search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol

import bqplot
import ipywidgets

from rnn_widgets.widgets.figures import close_control, close_figure
from rnn_widgets.widgets.options import QUIET, OwnsLayout, public_traits, refuse_unknown

if TYPE_CHECKING:
    import pandas as pd


class Growing(Protocol):
    """What tells its observers whenever it has grown."""

    def to_frame(self) -> pd.DataFrame: ...

    def observe(self, observer: Callable[[Any], None]) -> Callable[[], None]: ...


class FollowingPictures(OwnsLayout, ipywidgets.Box):
    """Figures, and controls before them, that are drawn anew whenever what they show has grown, until closed.

    Raises:
        TypeError: for an unknown option; the message names the nearest one.
    """

    _stop: Callable[[], None] | None = None
    _figures: Sequence[bqplot.Figure] = ()
    _controls: Sequence[ipywidgets.DOMWidget] = ()

    def __init__(
        self,
        followed: Growing | None,
        figures: Sequence[bqplot.Figure],
        controls: Sequence[ipywidgets.DOMWidget] = (),
        **options: Any,
    ) -> None:
        known = public_traits(type(self)) - {"children"}
        with ExitStack() as undo:
            for figure in figures:
                undo.callback(close_figure, figure)
            for control in controls:
                undo.callback(close_control, control)
            refuse_unknown(type(self), options, known, known - QUIET)
            super().__init__([*controls, *figures], **options)
            if followed is not None:
                self.update(followed)
            undo.pop_all()
        self._figures, self._controls = figures, controls
        if followed is not None:
            self._stop = followed.observe(self.update)

    def update(self, followed: Any) -> None:
        """Draws what is there now."""
        raise NotImplementedError

    def close(self) -> None:
        """Ends following, and takes every picture and control off every page."""
        if self._stop is not None:
            self._stop()
            self._stop = None
        for figure in self._figures:
            close_figure(figure)
        for control in self._controls:
            close_control(control)
        super().close()
