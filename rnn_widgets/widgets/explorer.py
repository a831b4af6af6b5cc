"""The explorer: the three views, their controls and the companion, linked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets

from rnn_widgets.activations import Activations
from rnn_widgets.features import Feature
from rnn_widgets.widgets.companion import NeuronCompanion
from rnn_widgets.widgets.fourier_surface import FourierSurface
from rnn_widgets.widgets.options import OwnsLayout, box_choices
from rnn_widgets.widgets.recording import Recording
from rnn_widgets.widgets.relevance_heatmap import RelevanceHeatmap
from rnn_widgets.widgets.selection import Selection
from rnn_widgets.widgets.text_highlighter import TextHighlighter
from rnn_widgets.widgets.toolbar import Toolbar

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
        **options: Any,
    ) -> None:
        choices = box_choices(type(self), options, "features", "selection")
        self.heatmap = RelevanceHeatmap(acts, features=features, selection=selection, **choices)
        self.selection = self.heatmap.selection
        self.toolbar = Toolbar(acts, selection=self.selection, layout={"margin": "0 0 12px 0"})
        self.text = TextHighlighter(acts, selection=self.selection, height=_TEXT_HEIGHT)
        self.surface = FourierSurface(acts, selection=self.selection)
        self.companion = NeuronCompanion(acts, selection=self.selection)
        views = (self.text, self.heatmap, self.surface, self.companion)
        grid = ipywidgets.GridBox(
            views,
            layout=ipywidgets.Layout(grid_template_columns=_COLUMNS, grid_gap="12px", width="100%"),
        )
        super().__init__([self.toolbar, grid], **options)
        self._parts = (self.toolbar, *views, grid, grid.layout)

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
        options: `selection=` to share one with other views, the first choice (neuron, token, feature, signal, layer,
            band), `layout`, and ipywidgets' own.

    Raises:
        TypeError: for something else than activations and features, or an unknown option; the message names the
            nearest one.
        ValueError: for a neuron, token, feature, signal or layer that is not in the recording.
    """
    return Explorer(acts, features, **options)
