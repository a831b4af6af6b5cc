"""What a figure of trials is drawn with: a mark for each way to end, a line, and axes with round numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import bqplot
import numpy as np
from numpy.typing import NDArray

from rnn_widgets.widgets.palette import FAILED, FINISHED, LABEL, PRUNED
from rnn_widgets.widgets.round_numbers import round_numbers

if TYPE_CHECKING:
    import pandas as pd

TRIAL = "trial"

# failed trials have no loss: they stand in a strip above all losses, on a scale of their own from 0 to 1
_STRIP, _ROOM_FOR_STRIP, _ROOM = 0.94, 0.22, 0.06
_FEW_DECADES = 4


class Look(NamedTuple):
    """How trials of one state are drawn, and the sign that stands for them in the key."""

    marker: str
    colour: str
    sign: str


LOOKS = {
    "finished": Look("circle", FINISHED, "●"),
    "pruned": Look("triangle-down", PRUNED, "▼"),
    "failed": Look("cross", FAILED, "✚"),
}


class SearchedRange(Protocol):
    """The range of one searched key: its two ends, or its choices."""

    @property
    def ends(self) -> tuple[float, float] | None: ...

    @property
    def choices(self) -> tuple[Any, ...] | None: ...

    @property
    def log(self) -> bool: ...


class TrialMarks:
    """The marks and axes in an empty figure, whose x axis is that of the searched range, or of the trials."""

    def __init__(self, figure: bqplot.Figure, across: str, searched: SearchedRange | None) -> None:
        self._across = across
        self._ordinal = searched is not None and searched.choices is not None
        x, self._y = _across_scale(searched), bqplot.LinearScale()
        strip = bqplot.LinearScale(min=0.0, max=1.0)
        self._strip_axis = bqplot.Axis(
            scale=strip,
            side="left",
            grid_lines="none",
            tick_values=np.array([_STRIP]),
            tick_labels={str(_STRIP): "failed"},
            visible=False,
        )
        self._lowest = bqplot.Lines(
            x=np.zeros(0), y=np.zeros(0), scales={"x": x, "y": self._y}, colors=[FINISHED], interpolation="step-after"
        )
        self._scatters = {
            state: _scatter(look, {"x": x, "y": strip if state == "failed" else self._y})
            for state, look in LOOKS.items()
        }
        self._x_axis = _axis(x, across, "bottom", "2.4em", _ticks(searched))
        self._y_axis = _axis(self._y, "held-out bits per token", "left", "3.4em", round_numbers(0, 1))
        figure.axes = [self._x_axis, self._y_axis, self._strip_axis]
        figure.marks = [self._lowest, *self._scatters.values()]

    def draw(self, frame: pd.DataFrame, tooltips: Sequence[str]) -> None:
        """Puts a frame's trials into the marks, with a tooltip for each."""
        names = np.array(tooltips, np.str_)
        for state, mark in self._scatters.items():
            chosen = (frame["state"] == state).to_numpy(bool)
            shown = frame[chosen]
            with mark.hold_sync():
                mark.names = names[chosen]
                mark.x = np.array([*map(word, shown[self._across])], np.str_) if self._ordinal else self._numbers(shown)
                mark.y = np.full(len(shown), _STRIP) if state == "failed" else _floats(shown["held_out_loss"])
        self._fit(frame)
        if self._across == TRIAL:
            finished = frame[frame["state"] == "finished"]
            with self._lowest.hold_sync():
                self._lowest.x = self._numbers(finished)
                self._lowest.y = _floats(finished["held_out_loss"].cummin())

    def _numbers(self, frame: pd.DataFrame) -> NDArray[np.float64]:
        return _floats(frame[self._across])

    def _fit(self, frame: pd.DataFrame) -> None:
        """Makes room for all trials, and puts round numbers at the axes."""
        losses = _floats(frame["held_out_loss"].dropna())
        low, high = (losses.min(), losses.max()) if len(losses) else (0.0, 1.0)
        span = high - low or 1.0
        failed = bool((frame["state"] == "failed").any())
        low, high = low - _ROOM * span, high + _ROOM * span
        with self._y.hold_sync():
            self._y.min = float(low)
            self._y.max = float(high + _ROOM_FOR_STRIP * span * failed)
        self._strip_axis.visible = failed
        self._y_axis.tick_values = round_numbers(low, high)
        if self._across == TRIAL:
            last = max(len(frame) - 1, 1)
            with self._x_axis.scale.hold_sync():
                self._x_axis.scale.min, self._x_axis.scale.max = 0.0, float(last)
            self._x_axis.tick_values = round_numbers(0, last, whole=True)


def word(value: object) -> str:
    """A value as it is written beside an axis and in a tooltip."""
    if isinstance(value, (bool, np.bool_)):
        return str(value).lower()
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _floats(column: pd.Series[Any]) -> NDArray[np.float64]:
    return column.to_numpy(np.float64)


def _scatter(look: Look, scales: dict[str, bqplot.Scale]) -> bqplot.Scatter:
    return bqplot.Scatter(
        x=np.zeros(0),
        y=np.zeros(0),
        scales=scales,
        marker=look.marker,
        colors=[look.colour],
        default_size=70,
        names=np.array([], np.str_),
        display_names=False,
        tooltip=bqplot.Tooltip(fields=["name"], show_labels=False),
        tooltip_style={"opacity": 1, "white-space": "pre", "color": LABEL},
    )


def _axis(scale: bqplot.Scale, label: str, side: str, offset: str, ticks: NDArray[np.float64]) -> bqplot.Axis:
    """An axis with a line at each tick only where it counts losses."""
    options = {"side": side, "label": label, "label_offset": offset, "label_color": LABEL}
    if isinstance(scale, bqplot.OrdinalScale):
        return bqplot.Axis(scale=scale, grid_lines="none", **options)
    lines = "solid" if side == "left" else "none"
    return bqplot.Axis(scale=scale, grid_lines=lines, tick_values=ticks, tick_format=".4~g", **options)


def _across_scale(searched: SearchedRange | None) -> bqplot.Scale:
    if searched is None:
        return bqplot.LinearScale(min=0.0, max=1.0)
    if searched.ends is None:
        return bqplot.OrdinalScale(domain=[word(choice) for choice in searched.choices or ()])
    low, high = searched.ends
    return (bqplot.LogScale if searched.log else bqplot.LinearScale)(min=float(low), max=float(high))


def _ticks(searched: SearchedRange | None) -> NDArray[np.float64]:
    if searched is None:
        return round_numbers(0, 1, whole=True)
    if searched.ends is None:
        return np.zeros(0)
    low, high = searched.ends
    decades = range(floor(log10(low)), ceil(log10(high)) + 1) if searched.log else range(0)
    steps = (1, 2, 5) if len(decades) < _FEW_DECADES else (1,)
    ticks = [step * 10.0**decade for decade in decades for step in steps if low <= step * 10.0**decade <= high]
    return np.array(ticks) if len(ticks) > 1 else round_numbers(low, high, whole=isinstance(low, int))
