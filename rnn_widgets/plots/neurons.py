"""Neurons beside each other: what they respond to, and what they are used for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from rnn_widgets.plots.figure import (
    BLUE,
    GREEN,
    GREY,
    LIGHT,
    RING,
    SKY,
    VERMILLION,
    WIDTH,
    Axes,
    Figure,
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

MARKS: Mapping[str, Mark] = MappingProxyType(
    {
        "used": {"color": VERMILLION, "marker": "o"},
        "encoded": {"color": BLUE, "marker": "s"},
        "responds": {"color": GREEN, "marker": "D"},
        "inherited": {"color": SKY, "marker": "^"},
        "chance": {"color": GREY, "marker": "x"},
        "too little evidence": {"color": LIGHT, "marker": "x"},
    }
)
"""How each verdict on a finding is drawn: told apart without colours too."""


def relevance(scores: Reals, top: Sequence[int], title: str, unit: str, ax: Axes | None) -> Figure:
    """All neurons by number, the top ones named."""
    figure, ax = panel(ax, 3.2)
    neurons = np.arange(len(scores))
    chosen = np.isin(neurons, top)
    for which, colour, width in ((~chosen, LIGHT, 1), (chosen, BLUE, 1.6)):
        ax.vlines(neurons[which], 0, scores[which], color=colour, linewidth=width)
    ax.plot(neurons[chosen], scores[chosen], ".", color=BLUE)
    for neuron in top:
        up = scores[neuron] >= 0
        ax.annotate(
            str(neuron),
            (neuron, scores[neuron]),
            xytext=(0, 3 if up else -3),
            textcoords="offset points",
            ha="center",
            va="bottom" if up else "top",
            fontsize="small",
        )
    ax.axhline(0, color=ink(ax), linewidth=0.8)
    ax.margins(x=0.02, y=0.12)
    ax.set(xlabel="neuron", ylabel=unit, title=plain(title))
    return figure


def findings(
    rows: Sequence[str],
    effect: Reals,
    beyond: Reals,
    verdicts: Sequence[str],
    clamped: tuple[Reals, Reals, Reals] | None,
    title: str,
) -> Figure:
    """One row a neuron and feature: the effect, that beyond the token, and beside it what the clamp costs.

    Args:
        rows: their names.
        effect: (R,), -1..1,
        beyond: (R,), and that beyond the token, NaN where there is none.
        verdicts: of each.
        clamped: bits (R,) and the ends of their intervals; None where nothing was clamped.
        title: of the figure.
    """
    number, width = (1, WIDTH) if clamped is None else (2, 1.3 * WIDTH)
    figure, panels = paper(number, height_of(len(rows)) + 0.5, width, number, sharey=True)
    first = panels[0]
    name_rows(first, rows)
    first.axvline(0, color=ink(first), linewidth=0.8)
    first.plot(beyond, np.arange(len(rows)), linestyle="none", **RING)
    _by_verdict(first, effect, verdicts)
    first.set(xlabel="effect, 2 AUC − 1", xlim=(-1.05, 1.05))
    if clamped is not None:
        bits, low, high = clamped
        second = panels[1]
        second.axvline(0, color=ink(second), linewidth=0.8)
        second.hlines(np.arange(len(rows)), low, high, color=GREY)
        _by_verdict(second, bits, verdicts)
        second.set(xlabel="bits that a clamp costs the feature")
        second.tick_params(axis="y", length=0)
    figure.suptitle(plain(title))
    marks = [(verdict, mark) for verdict, mark in MARKS.items() if verdict in verdicts]
    marks.append(("beyond the token", RING))
    figure.legend(handles=key(marks), loc="outside lower center", ncols=len(marks), frameon=False)
    if not rows:
        say(first, "nothing was looked at")
    return figure


def clamps(
    rows: Sequence[str],
    effect: Reals,
    low: Reals,
    high: Reals,
    exact: Mask,
    title: str,
    ax: Axes | None,
) -> Figure:
    """One row a neuron: the bits that its clamp costs a feature, with their interval; hollow where estimated."""
    figure, ax = panel(ax, height_of(len(rows)))
    name_rows(ax, rows)
    places = np.arange(len(rows))
    ax.axvline(0, color=ink(ax), linewidth=0.8)
    ax.hlines(places, low, high, color=GREY)
    ax.plot(effect[exact], places[exact], "o", color=VERMILLION, label="clamped")
    if not exact.all():
        ax.plot(effect[~exact], places[~exact], "o", color=VERMILLION, markerfacecolor="none", label="estimated")
        legend(ax)
    ax.set(xlabel="effect, bits more at the feature than elsewhere", ylabel="neuron", title=plain(title))
    return figure


def _by_verdict(ax: Axes, values: Reals, verdicts: Sequence[str]) -> None:
    for verdict, mark in MARKS.items():
        at = np.flatnonzero(np.array(verdicts) == verdict)
        ax.plot(values[at], at, linestyle="none", markersize=5, **mark)
