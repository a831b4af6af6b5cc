"""The words of an embedding as a bqplot picture."""

from __future__ import annotations

from typing import Any

import bqplot
import ipywidgets
import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import Doubles
from rnn_widgets.analysis import Projection
from rnn_widgets.naming import names_apart, visible
from rnn_widgets.widgets.figures import close_figure
from rnn_widgets.widgets.options import QUIET, OwnsLayout, public_traits, refuse_unknown
from rnn_widgets.widgets.palette import FEATURE, LABEL, TRACE
from rnn_widgets.widgets.projection_chart import MOST_TOKENS, dots, empty_figure, fit, names

_SIZE = 12
# of a name, in shares of the picture as it is on a laptop: a letter, its height, and where it starts beside its dot
_LETTER, _HEIGHT, _BESIDE = 0.0105, 0.042, 0.013


class EmbeddingChart(OwnsLayout, ipywidgets.Box):
    """The words of an embedding along the two directions in which they differ most, the commonest ones named.

    The named words have an orange dot; a name that would cover that of a commoner word is left out. Point at a dot to
    see its word. It shows the commonest 2,000 words, and says so where there are more; it works without a kernel.

    Args:
        projection: what `project_embedding` gave, commonest words first as in a `Vocabulary`; of more than two
            components, the first two.
        named: how many of the commonest words may be named.
        options: `layout`, and ipywidgets' own.

    Raises:
        TypeError: for something else than a projection, or an unknown option; the message names the nearest one.
    """

    figure: bqplot.Figure | None = None

    def __init__(self, projection: Projection, named: int = 60, **options: Any) -> None:
        if not isinstance(projection, Projection):
            raise TypeError(f"EmbeddingChart takes what project_embedding gives, got {type(projection).__name__}.")
        known = public_traits(type(self)) - {"children"}
        refuse_unknown(type(self), options, known, known - QUIET, also=("named",))
        shown = np.zeros((2, min(len(projection.labels), MOST_TOKENS)))
        two = projection.coordinates[: shown.shape[1], :2].T
        shown[: len(two)] = two
        figure = empty_figure()
        limits = fit(figure, shown, projection)
        scales = {"x": figure.axes[0].scale, "y": figure.axes[1].scale}
        words = np.array([visible(word) for word in projection.labels[: shown.shape[1]]], np.str_)
        chosen = _apart(shown, limits, [str(word) for word in words[:named]])
        rest = np.setdiff1d(np.arange(len(words)), chosen)
        others, commonest = dots(scales, TRACE, 24, opacities=[0.4]), dots(scales, FEATURE, 34)
        labels = names(scales, _SIZE)
        for mark, members in ((others, rest), (commonest, chosen), (labels, chosen)):
            mark.x, mark.y = shown[:, members]
        others.names, commonest.names, labels.text = words[rest], words[chosen], words[chosen]
        figure.marks = [others, commonest, labels]
        figure.title = _title(len(words), len(projection.labels))
        figure.title_style = {"fill": LABEL, "font-size": "15px"}
        figure.fig_margin = {**figure.fig_margin, "top": 40}
        try:
            super().__init__([figure], **options)
        except Exception:
            close_figure(figure)
            raise
        self.figure = figure

    def close(self) -> None:
        """Takes the picture off every page."""
        if self.figure is not None:
            close_figure(self.figure)
        super().close()


def _title(shown: int, words: int) -> str:
    return f"{words:,} words" if shown == words else f"The commonest {shown:,} of {words:,} words"


def _apart(shown: Doubles, limits: list[float], words: list[str]) -> NDArray[np.intp]:
    """Which of the words can be named, commonest first, without a name upon another or over the edge."""
    low, high = np.array(limits).reshape(2, 2).T
    places = ((shown.T - low) / (high - low))[: len(words)]
    named = [(word, *place) for word, place in zip(words, places.tolist(), strict=True)]
    return np.array(names_apart(named, len(named), _LETTER, _HEIGHT, _BESIDE), np.intp)
