"""Controls for what is chosen."""

from __future__ import annotations

import traitlets as t

from rnn_widgets.widgets.base import bundle
from rnn_widgets.widgets.view import View


class Toolbar(View):
    """Chooses feature, signal and layer, adds a feature from a regular expression, and names what is selected.

    `Toolbar(acts, selection=None, features=[...])`. A new expression is matched in the kernel; choosing works without.

    Attributes:
        colours: whether to offer the colour maps. Choosing one sets `palette`, to which an explorer links its views.
    """

    _esm = bundle("toolbar.js")

    colours = t.Bool(False).tag(sync=True)
