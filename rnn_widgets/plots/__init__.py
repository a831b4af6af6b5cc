"""Results as matplotlib figures for papers: numbers and names in, a figure out. Knows neither a result nor a network.

What a figure shows, each result's `plot` says. `rnn-widgets[plot]` brings matplotlib.

Raises:
    ImportError: on import, if there is no matplotlib.
"""

from importlib.util import find_spec

if find_spec("matplotlib") is None:
    raise ImportError("A figure is drawn by matplotlib. Install it with: pip install 'rnn-widgets[plot]'")

from rnn_widgets.plots.figure import Axes, Figure
from rnn_widgets.plots.neurons import clamps, findings, relevance
from rnn_widgets.plots.portrait import Portrait, portrait
from rnn_widgets.plots.rhythms import Peak, coherence, lines, origins, spectrogram, spectrum
from rnn_widgets.plots.states import correlations, projection, together
from rnn_widgets.plots.training import Choice, learning_curve, trials

__all__ = [
    "Axes",
    "Choice",
    "Figure",
    "Peak",
    "Portrait",
    "clamps",
    "coherence",
    "correlations",
    "findings",
    "learning_curve",
    "lines",
    "origins",
    "portrait",
    "projection",
    "relevance",
    "spectrogram",
    "spectrum",
    "together",
    "trials",
]
