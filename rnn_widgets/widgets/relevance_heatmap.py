"""Activations of the neurons of interest at the tokens of a feature, and how relevant each is for it."""

from __future__ import annotations

import traitlets as t

from rnn_widgets.widgets.base import bundle
from rnn_widgets.widgets.view import View


class RelevanceHeatmap(View):
    """Neurons x tokens, with the relevance of each neuron in a column of its own scale.

    `RelevanceHeatmap(acts, features=[...], selection=None, neurons=None, **options)`. A click selects the neuron of the
    row and the token of the column; the arrow keys move on.

    Attributes:
        top: how many neurons are proposed.
        radius: how many neighbours are shown on either side of each.
        rows: "proposed" neurons with their neighbours, or "all".
        order: of all neurons: by "index" or by "relevance".
        columns: tokens that have the "feature", or "all".
        height: of the picture, in CSS pixels; 0 chooses one that fits the rows.
    """

    _esm = bundle("relevance_heatmap.js")

    top = t.Int(4, min=1).tag(sync=True)
    radius = t.Int(1, min=0).tag(sync=True)
    rows = t.Enum(["proposed", "all"], "proposed").tag(sync=True)
    order = t.Enum(["index", "relevance"], "index").tag(sync=True)
    columns = t.Enum(["feature", "all"], "feature").tag(sync=True)
    height = t.Int(0, min=0).tag(sync=True)

    arrays = ("values", "relevance")
