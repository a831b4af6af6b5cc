"""How a training went, and the trials of a search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnn_widgets.plots.figure import (
    BLUE,
    GREY,
    LIGHT,
    VERMILLION,
    WIDTH,
    Axes,
    Figure,
    Mask,
    Reals,
    legend,
    panel,
    paper,
    plain,
    say,
)


def learning_curve(
    step: Reals, loss: Reals, held_out: Reals, best: tuple[float, float] | None, ax: Axes | None
) -> Figure:
    """Loss by update, of the training text and of the held-out one, whose best is marked."""
    figure, ax = panel(ax, 3.4)
    ax.plot(step, loss, color=BLUE, label="training text")
    measured = np.isfinite(held_out)
    if measured.any():
        told = "" if best is None else f", best {best[1]:.3f}"
        ax.plot(step[measured], held_out[measured], ".-", color=VERMILLION, label=f"held-out text{told}")
    if best is not None:
        ax.plot(*best, "o", color=VERMILLION, markerfacecolor="none", markersize=10)
    ax.set(xlabel="update", ylabel="loss, bits per token")
    if len(step):
        legend(ax)
    else:
        say(ax, "nothing was reported yet")
    return figure


class Choice(NamedTuple):
    """What the trials chose for a key: numbers, along a logarithm or not, or names."""

    key: str
    values: Sequence[float | str]
    log: bool


def trials(
    numbers: Sequence[int], losses: Reals, finished: Sequence[bool], choices: Sequence[Choice], title: str
) -> Figure:
    """The loss of each trial, with the lowest so far, and by what it chose for each key.

    Args:
        numbers: of the trials.
        losses: of each, NaN where it was never measured.
        finished: bool, whether each came to its end.
        choices: of each key.
        title: of the figure.
    """
    figure, axes = paper(1 + len(choices), 2.6 * -(-(1 + len(choices)) // 2), 1.4 * WIDTH, 2, sharey=True)
    first, *rest = axes
    done = np.asarray(finished, bool)
    _trials(first, np.asarray(numbers), losses, done)
    lowest = np.fmin.accumulate(np.where(done, losses, np.nan)) if len(losses) else losses
    first.step(numbers, lowest, where="post", color=VERMILLION, label="lowest so far")
    first.set(xlabel="trial")
    for ax in axes[::2]:
        ax.set_ylabel("held-out loss, bits")
    legend(first)
    for ax, (key, values, log) in zip(rest, choices, strict=True):
        names = sorted({value for value in values if isinstance(value, str)})
        places = np.array([names.index(value) if isinstance(value, str) else value for value in values], float)
        _trials(ax, places, losses, done)
        if names:
            ax.set_xticks(range(len(names)), [plain(name) for name in names])
        elif log:
            ax.set_xscale("log")
        ax.set(xlabel=plain(key))
    figure.suptitle(plain(title))
    if not len(losses):
        say(first, "no trial has ended yet")
    return figure


def _trials(ax: Axes, places: Reals, losses: Reals, done: Mask) -> None:
    ax.plot(places[~done], losses[~done], "x", color=GREY, label="pruned or failed")
    ax.plot(places[done], losses[done], "o", color=BLUE, markeredgecolor=LIGHT, label="finished")
