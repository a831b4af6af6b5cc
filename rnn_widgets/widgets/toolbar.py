"""Controls for what is chosen."""

from __future__ import annotations

from rnn_widgets.widgets.base import bundle
from rnn_widgets.widgets.view import View


class Toolbar(View):
    """Chooses feature, signal and layer, adds a feature from a regular expression, and names what is selected.

    `Toolbar(acts, selection=None, features=[...])`. A new expression is matched in the kernel; choosing works without.
    """

    _esm = bundle("toolbar.js")
