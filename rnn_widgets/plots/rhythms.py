"""Neurons by frequency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from math import pi
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from rnn_widgets.plots.figure import (
    BLUE,
    COLOURS,
    GREEN,
    GREY,
    LIGHT,
    RING,
    SKY,
    VERMILLION,
    Axes,
    Figure,
    Integers,
    Mark,
    Mask,
    Reals,
    height_of,
    ink,
    key,
    legend,
    name_rows,
    panel,
    paper,
    plain,
    say,
)

ORIGINS: Mapping[str, Mark] = MappingProxyType(
    {
        "made": {"color": VERMILLION, "marker": "o"},
        "from the text": {"color": GREEN, "marker": "D"},
        "inherited": {"color": SKY, "marker": "^"},
        "unexplained": {"color": GREY, "marker": "x"},
    }
)
"""How each verdict on a rhythm is drawn."""

KINDS: Mapping[str, Mark] = MappingProxyType(
    {
        "line": {"color": VERMILLION, "marker": "o"},
        "broad peak": {"color": BLUE, "marker": "s"},
        "background": RING,
    }
)
"""How the legend shows each kind of rhythm."""

_PERIODS = (2, 3, 4, 5, 7, 10, 20)
_APART, _DEPTH, _NOTHING = 400, 300, 1e-12
_CYCLES = "frequency, cycles per token"


def spectrum(
    frequencies: Reals,
    amplitude: Reals,
    neurons: Sequence[int],
    title: str,
    ax: Axes | None,
) -> Figure:
    """Amplitude by frequency, above 0, of some neurons, before the largest of all.

    Of frequencies that lie too close to be told apart on paper, the strongest is drawn.
    """
    figure, ax = panel(ax, 3.6)
    parts = np.arange(0, len(frequencies), -(-len(frequencies) // _APART))
    middles = (frequencies[parts] + frequencies[np.append(parts[1:], len(frequencies)) - 1]) / 2
    drawn = np.maximum.reduceat(amplitude, parts, axis=1)
    ax.fill_between(middles, _NOTHING, drawn.max(axis=0), color=LIGHT, linewidth=0, label="largest of all neurons")
    for neuron, colour in zip(neurons, cycle(COLOURS), strict=False):
        values = amplitude[neuron]
        period = f", period {1 / frequencies[values.argmax()]:.4g}" if values.any() else ""
        ax.plot(middles, drawn[neuron], color=colour, linewidth=1, label=f"neuron {neuron}{period}")
    ax.set(xlabel=_CYCLES, ylabel="amplitude", title=plain(title), xlim=(frequencies[0], frequencies[-1]))
    highest = float(drawn.max())
    if highest > 0:
        # what is far below the strongest line is noise, and would take most of a logarithmic axis
        ax.set(yscale="log", ylim=(highest / _DEPTH, 1.5 * highest))
    _periods_above(ax, frequencies)
    legend(ax, loc="upper right")
    return figure


class Peak(NamedTuple):
    """A rhythm of a neuron: a line with its interval, a broad peak with its ends, or the background's strongest."""

    row: int
    kind: str
    frequency: float
    low: float
    high: float


def lines(rows: Sequence[str], peaks: Sequence[Peak], title: str, ax: Axes | None) -> Figure:
    """One row a neuron: a dot for a line, a bar for a broad peak, a ring for what is background."""
    figure, ax = panel(ax, height_of(len(rows)) + 0.3)
    name_rows(ax, rows)
    for peak in peaks:
        if peak.kind == "background":
            ax.plot(peak.frequency, peak.row, linestyle="none", **RING)
        elif peak.kind == "line":
            ax.plot([peak.low, peak.high], [peak.row] * 2, color=VERMILLION)
            ax.plot(peak.frequency, peak.row, "o", color=VERMILLION)
        else:
            ax.plot([peak.low, peak.high], [peak.row] * 2, color=BLUE, linewidth=5, solid_capstyle="butt")
    there = [(kind, mark) for kind, mark in KINDS.items() if any(peak.kind == kind for peak in peaks)]
    legend(ax, handles=key(there))
    ax.set(xlabel=_CYCLES, ylabel="neuron", title=plain(title), xlim=(0, 0.5))
    _periods_above(ax, np.array([0, 0.5]))
    return figure


def coherence(frequencies: Reals, values: Reals, phase: Reals, found: Mask, level: float, title: str) -> Figure:
    """Coherence by frequency over the level of chance, and below it the phase where it is more than chance.

    Args:
        frequencies: (K,), cycles per token.
        values: (K,), 0..1.
        phase: (K,), radians.
        found: bool (K,), where the coherence is more than chance, corrected for all frequencies.
        level: what chance exceeds at one frequency in 5 % of texts.
        title: of the figure.
    """
    figure, (first, second) = paper(2, 4.6, sharex=True)
    first.plot(frequencies, values, color=GREY, linewidth=0.8)
    first.plot(frequencies[found], values[found], ".", color=VERMILLION, markersize=4, label="more than chance")
    first.axhline(
        level, color=ink(first), linewidth=0.8, linestyle="--", label="exceeded by chance at 5% of frequencies"
    )
    first.set(ylabel="coherence", ylim=(0, 1.02), title=plain(title))
    legend(first, loc="upper right")
    second.axhline(0, color=ink(second), linewidth=0.8)
    second.plot(frequencies[found], phase[found], ".", color=VERMILLION, markersize=4)
    second.set(xlabel=_CYCLES, ylabel="phase, neuron after feature", xlim=(0, 0.5), ylim=(-pi, pi))
    second.set_yticks([-pi, -pi / 2, 0, pi / 2, pi], ["−π", "−π/2", "0", "π/2", "π"])
    if not found.any():
        say(second, "no more than chance")
    _periods_above(first, frequencies)
    return figure


def spectrogram(
    tokens: Integers,
    frequencies: Reals,
    amplitude: Reals,
    title: str,
    ax: Axes | None,
) -> Figure:
    """Amplitude by place in the text and frequency."""
    figure, ax = panel(ax, 3.6)
    mesh = ax.pcolormesh(tokens, frequencies, amplitude.T, shading="nearest", cmap="viridis", vmin=0, rasterized=True)
    figure.colorbar(mesh, ax=ax, label="amplitude")
    ax.set(xlabel="token", ylabel=_CYCLES, title=plain(title))
    return figure


def origins(
    rows: Sequence[str], strength: Reals, twins: Reals, verdicts: Sequence[str], title: str, ax: Axes | None
) -> Figure:
    """One row a rhythm: how strong it is, and how strong in untrained twins."""
    figure, ax = panel(ax, height_of(len(rows)) + 0.3)
    name_rows(ax, rows)
    for row, verdict in enumerate(verdicts):
        ax.plot([twins[row], strength[row]], [row, row], color=LIGHT, zorder=1)
        ax.plot(strength[row], row, linestyle="none", **ORIGINS[verdict])
    ax.plot(twins, np.arange(len(rows)), linestyle="none", **RING)
    marks = [(verdict, mark) for verdict, mark in ORIGINS.items() if verdict in verdicts]
    if np.isfinite(twins).any():
        marks.append(("strongest of untrained twins", RING))
    legend(ax, handles=key(marks))
    ax.set(xlabel="strength, root of the share of the variance", title=plain(title), xlim=(0, 1.02))
    if not rows:
        say(ax, "no rhythm is more than background")
    return figure


def _periods_above(ax: Axes, frequencies: Reals) -> None:
    """A second axis at the top, with periods in tokens, those whose numbers have room."""
    low, high = float(frequencies.min()), float(frequencies.max())
    span = high - low
    chosen: list[float] = []
    decades = [period * factor for factor in (1, 10, 100, 1000, 10_000) for period in (*_PERIODS, 50)]
    for period in sorted(decades):
        frequency = 1 / period
        free = all(abs(frequency - other) >= 0.05 * span for other in chosen)
        if low <= frequency <= high and free:
            chosen.append(frequency)
    above = ax.secondary_xaxis("top")
    above.set_xticks(chosen, [f"{1 / frequency:.4g}" for frequency in chosen])
    above.set_xlabel("period, tokens")
    above.tick_params(labelsize="small")
