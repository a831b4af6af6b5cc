"""The explorer: the three views, their controls and the companion, linked."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, TypeVar

import ipywidgets

from rnn_widgets.activations import Activations
from rnn_widgets.features import Feature
from rnn_widgets.widgets.base import described
from rnn_widgets.widgets.companion import NeuronCompanion
from rnn_widgets.widgets.fourier_surface import FourierSurface
from rnn_widgets.widgets.options import OwnsLayout, box_choices
from rnn_widgets.widgets.recording import Recording
from rnn_widgets.widgets.relevance_heatmap import RelevanceHeatmap
from rnn_widgets.widgets.selection import Selection
from rnn_widgets.widgets.text_highlighter import TextHighlighter
from rnn_widgets.widgets.toolbar import Toolbar
from rnn_widgets.widgets.view import PALETTES

Made = TypeVar("Made", bound=ipywidgets.Widget)

_TEXT_HEIGHT = 480
_COLUMNS = "repeat(auto-fit, minmax(min(100%, max(480px, 40%)), 1fr))"


class Explorer(OwnsLayout, ipywidgets.VBox):
    """Text, heat map, surface and the selected neuron's own pictures around one Selection.

    Attributes:
        selection: the choice that all views share.
        toolbar, text, heatmap, surface, companion: the parts, each usable alone.
    """

    _parts: tuple[ipywidgets.Widget, ...] = ()

    def __init__(
        self,
        acts: Activations | Recording,
        features: Sequence[Feature] = (),
        *,
        selection: Selection | None = None,
        palette: str = PALETTES[0],
        **options: Any,
    ) -> None:
        choices = box_choices(type(self), options, "features", "selection", "palette")
        with ExitStack() as undo:

            def made(widget: Made) -> Made:
                undo.callback(widget.close)
                return widget

            self.heatmap = made(
                RelevanceHeatmap(acts, features=features, selection=selection, palette=palette, **choices)
            )
            shared = self.selection = self.heatmap.selection
            bar = {"margin": "0 0 12px 0"}
            self.toolbar = made(Toolbar(acts, selection=shared, palette=palette, colours=True, layout=bar))
            self.text = made(TextHighlighter(acts, selection=shared, palette=palette, height=_TEXT_HEIGHT))
            self.surface = made(FourierSurface(acts, selection=shared, palette=palette))
            self.companion = made(NeuronCompanion(acts, selection=shared))
            views = (self.text, self.heatmap, self.surface, self.companion)
            colours = [
                made(ipywidgets.jslink((self.toolbar, "palette"), (view, "palette")))
                for view in (self.text, self.heatmap, self.surface)
            ]
            layout = made(ipywidgets.Layout(grid_template_columns=_COLUMNS, grid_gap="12px", width="100%"))
            grid = made(ipywidgets.GridBox(views, layout=layout))
            super().__init__([self.toolbar, grid], **options)
            undo.pop_all()
        self._parts = (*colours, self.toolbar, *views, grid, layout)

    def __repr__(self) -> str:
        return described(self, self.heatmap.recording.acts)

    def keep_all(self) -> None:
        """Sends every array now, not when it is first needed.

        A notebook that no browser has shown (executed by nbclient, papermill or nbconvert) then holds them in its saved
        widget state, and shows and changes its views without a kernel.
        """
        self.heatmap.keep_all()

    def close(self) -> None:
        """Takes all parts off every page."""
        for part in self._parts:
            part.close()
        super().close()


def explore(acts: Activations | Recording, features: Sequence[Feature] = (), **options: Any) -> Explorer:
    """The recording in three linked widgets with their controls.

    Args:
        acts: what `record` or `Activations.from_arrays` gave.
        features: what to look for; the first one is selected at the start. More can be typed into the toolbar.
        options: `selection=` to share one with other views, `palette=` ("orange-blue", "red-blue" or "purple-green"),
            the first choice (neuron, token, feature, signal, layer, band), `layout`, and ipywidgets' own.

    Raises:
        TypeError: for something else than activations and features, or an unknown option; the message names the
            nearest one.
        ValueError: for a neuron, token, feature, signal or layer that is not in the recording.
    """
    return Explorer(acts, features, **options)
