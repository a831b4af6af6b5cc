"""Activations of the neurons of interest at the tokens of a feature, and how relevant each is for it."""

from __future__ import annotations

import traitlets as t

from rnn_widgets.widgets.base import bundle
from rnn_widgets.widgets.view import View


class RelevanceHeatmap(View):
    """Neurons x tokens, with the relevance of each neuron in a column of its own scale.

    `RelevanceHeatmap(acts, features=[...], selection=None, neurons=None, **options)`. A click selects the neuron of the
    row and the token of the column; the arrow keys move on. Ctrl and the wheel, or + and -, zoom; what is zoomed is
    dragged. Shift and a click on a row, or P, pins its neuron. Where a pixel covers several cells it shows the one
    farthest from its neuron's mean.

    Attributes:
        top: how many neurons are proposed.
        radius: how many neighbours are shown on either side of each.
        rows: "proposed" neurons with their neighbours, the "pinned" ones (`selection.neurons`), or "all".
        order: by "relevance" for the feature, by largest "amplitude" within the selected band, by "cluster" (alike
            ones side by side), or by "index". Windows of neighbours stay together, in the order of their first.
        columns: tokens that have the "feature", or "all".
        scale: of the colours: the whole range of the "signal", the range of what is "shown", or that of each "neuron".
        height: of the picture, in CSS pixels; 0 chooses one that fits the rows.
    """

    _esm = bundle("relevance_heatmap.js")

    top = t.Int(4, min=1).tag(sync=True)
    radius = t.Int(1, min=0).tag(sync=True)
    rows = t.Enum(["proposed", "pinned", "all"], "proposed").tag(sync=True)
    order = t.Enum(["index", "relevance", "amplitude", "cluster"], "relevance").tag(sync=True)
    columns = t.Enum(["feature", "all"], "feature").tag(sync=True)
    scale = t.Enum(["signal", "shown", "neuron"], "signal").tag(sync=True)
    height = t.Int(0, min=0).tag(sync=True)

    arrays = ("values", "relevance")
