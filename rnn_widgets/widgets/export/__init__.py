"""Widgets outside a notebook: as one HTML file that needs no kernel and no network, and as pictures."""

from rnn_widgets.widgets.export.html import Exported, to_html
from rnn_widgets.widgets.export.pictures import to_png, to_svg

__all__ = ["Exported", "to_html", "to_png", "to_svg"]
