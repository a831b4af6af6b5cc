"""The trials of a search as a bqplot picture that follows it."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import bqplot
import ipywidgets

from rnn_widgets.widgets.figures import close_marks
from rnn_widgets.widgets.following import FollowingPictures, Growing
from rnn_widgets.widgets.palette import FINISHED
from rnn_widgets.widgets.trial_marks import LOOKS, TRIAL, SearchedRange, TrialMarks, word

if TYPE_CHECKING:
    import pandas as pd


class ObservableSearch(Growing, Protocol):
    """A search: a frame with the columns trial, state, held_out_loss, each searched key, reason."""

    @property
    def space(self) -> Mapping[str, SearchedRange]: ...


class TrialsChart(FollowingPictures):
    """The held-out loss (bits per token) of every trial of a search, against the trial or against a searched key.

    A disc is a trial that finished; a triangle one that was pruned, at the lowest loss it had reached; a cross, in the
    strip above all losses, one that failed. The line is the lowest loss of those that had finished by then. Point at a
    trial to see its values.

    It follows the search while it grows, until it is closed. To see a search while it runs, show a chart without one,
    and give the chart's `update` to the search as `on_trial`. Options are `layout` and ipywidgets' own.

    Raises:
        TypeError: for an unknown option; the message names the nearest one.
    """

    def __init__(self, search: ObservableSearch | None = None, **options: Any) -> None:
        self._search: ObservableSearch | None = None
        self._across = ipywidgets.Dropdown(
            options=[TRIAL],
            description="Across",
            layout=ipywidgets.Layout(width="auto", max_width="100%"),
            style={"description_width": "initial"},
        )
        self._across.observe(self._draw_anew, "value")
        self._key = ipywidgets.HTML(_key({}, "lowest so far", line=True))
        self._figure = bqplot.Figure(
            fig_margin={"top": 16, "bottom": 52, "left": 64, "right": 24},
            padding_x=0.025,
            padding_y=0.0,
            display_toolbar=False,
            layout=ipywidgets.Layout(width="100%", max_width="720px", height="340px", min_width="320px"),
        )
        self._marks = TrialMarks(self._figure, TRIAL, None)
        layout = {"display": "flex", "flex_flow": "column", "align_items": "flex-start"}
        super().__init__(search, [self._figure], [self._across, self._key], **{"layout": layout, **options})

    def update(self, search: ObservableSearch) -> None:
        """Draws what the search holds now."""
        self._search = search
        known = (TRIAL, *search.space)
        if self._across.options != known:
            self._across.options = known
        self._draw(search)

    def _draw_anew(self, _change: object) -> None:
        across = self._across.value
        close_marks(self._figure)
        self._marks = TrialMarks(self._figure, across, None if self._search is None else self._search.space.get(across))
        if self._search is not None:
            self._draw(self._search)

    def _draw(self, search: ObservableSearch) -> None:
        frame = search.to_frame()
        self._marks.draw(frame, [_told(trial, search.space) for _, trial in frame.iterrows()])
        over_time = self._across.value == TRIAL
        best = frame[frame["state"] == "finished"].sort_values("held_out_loss", kind="stable").head(1)
        lowest = "lowest so far" if over_time else "lowest"
        for loss, trial in zip(best["held_out_loss"], best[TRIAL], strict=True):
            lowest += f": {loss:.3f} in trial {trial}"
        self._key.value = _key(Counter(frame["state"]), lowest, line=over_time)


def _key(counts: Mapping[str, int], lowest: str, *, line: bool) -> str:
    """The key to the marks, as HTML that holds nothing of a user's."""
    parts = [(look.colour, look.sign, f"{counts.get(state, 0)} {state}") for state, look in LOOKS.items()]
    parts.append((FINISHED, "━" if line else "", lowest))
    return " &ensp;".join(_signed(parts))


def _signed(parts: Iterable[tuple[str, str, str]]) -> Iterable[str]:
    for colour, sign, words in parts:
        yield f'<span style="white-space: nowrap"><span style="color: {colour}">{sign}</span> {words}</span>'


def _told(trial: pd.Series[Any], space: Mapping[str, SearchedRange]) -> str:
    """A trial's tooltip."""
    loss = trial["held_out_loss"]
    reached = [f"{loss:.3f} bits per token"] if loss == loss else []
    values = [f"{key.partition('.')[2]} = {word(trial[key])}" for key in space]
    reason = [textwrap.fill(trial["reason"], 60)] if trial["reason"] else []
    return "\n".join([f"Trial {trial[TRIAL]} {trial['state']}", *reached, *values, *reason])
