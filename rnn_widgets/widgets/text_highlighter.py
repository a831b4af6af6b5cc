"""The text, coloured by what a neuron did at each token."""

from __future__ import annotations

import traitlets as t

from rnn_widgets.widgets.base import bundle
from rnn_widgets.widgets.view import View


class TextHighlighter(View):
    """The text with each token on the colour of the chosen neuron's activation at it.

    `TextHighlighter(acts, selection=None, neurons=None, **options)`. Pinned neurons (`selection.neurons`), or those of
    `neurons=`, each have the text once more, to compare. A click on a token selects it; the arrow keys move on. A drag,
    or Shift with the arrow keys, marks a stretch of tokens, which can be copied exactly as it is written and made a
    feature.

    Attributes:
        colour: what the colours show: the "activation"; its part within the selected "band" of frequencies, as
            `analysis.filtering.band_filtered` defines it, on one scale for all neurons shown; or the "surprisal" of
            each token in bits, from 0 to its 99 % quantile.
        arrangement: of several neurons' texts: "stacked" or "side by side".
        height: largest height of the text, in CSS pixels; longer text scrolls.
    """

    _esm = bundle("text_highlighter.js")

    colour = t.Enum(["activation", "band", "surprisal"], "activation").tag(sync=True)
    arrangement = t.Enum(["stacked", "side by side"], "stacked").tag(sync=True)
    height = t.Int(360, min=60).tag(sync=True)

    arrays = ("values",)
