"""The text, coloured by what a neuron did at each token."""

from __future__ import annotations

import traitlets as t

from rnn_widgets.widgets.base import bundle
from rnn_widgets.widgets.view import View


class TextHighlighter(View):
    """The text with each token on the colour of the chosen neuron's activation at it.

    `TextHighlighter(acts, selection=None, neurons=None, **options)`. Pinned neurons (`selection.neurons`), or those of
    `neurons=`, each have a block of text of their own. A click on a token selects it; the arrow keys move on.

    Attributes:
        height: largest height of the text, in CSS pixels; longer text scrolls.
    """

    _esm = bundle("text_highlighter.js")

    height = t.Int(360, min=60).tag(sync=True)

    arrays = ("values",)
