"""One neuron: what it stands for, and how it behaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle
from math import isfinite
from typing import NamedTuple

import numpy as np

from rnn_widgets.plots.figure import (
    BLUE,
    COLOURS,
    GREY,
    LIGHT,
    VERMILLION,
    WIDTH,
    Axes,
    Figure,
    Mask,
    Reals,
    ink,
    legend,
    name_rows,
    paper,
    plain,
    shortened,
)

_NAME, _LONG_NAME = 32, 48


class Portrait(NamedTuple):
    """What is drawn of a neuron.

    Attributes:
        features: names of F features, that of which it tells most first,
        bits: (F,), what it tells of each,
        found: bool (F,), and which of them it responds to.
        lags: numbers of L tokens,
        profiles: of some features, the effect at each lag, (L,).
        saturation: of each signal its name, and the shares of tokens in the lowest and the highest tenth.
        felt: how far the state is from the untouched one, from the token of a clamp on; None if nothing was clamped,
        time_constant: and the tokens after which it is felt by less than 1/e.
    """

    features: Sequence[str]
    bits: Reals
    found: Mask
    lags: Sequence[int]
    profiles: Sequence[tuple[str, Reals]]
    saturation: Sequence[tuple[str, float, float]]
    felt: Reals | None
    time_constant: float


def portrait(of: Portrait, title: str) -> Figure:
    """Panels of what is known: bits, lags, saturation, and how long a clamp is felt."""
    panels: list[Callable[[Axes, Portrait], None]] = [_bits, _lags]
    if of.saturation:
        panels.append(_saturation)
    if of.felt is not None:
        panels.append(_felt)
    figure, axes = paper(len(panels), 2.8 * -(-len(panels) // 2), 1.4 * WIDTH, 2)
    for draw, ax in zip(panels, axes, strict=True):
        draw(ax, of)
    figure.suptitle(plain(title))
    return figure


def _bits(ax: Axes, of: Portrait) -> None:
    colours = [BLUE if found else LIGHT for found in of.found]
    ax.barh(range(len(of.features)), np.nan_to_num(of.bits), color=colours)
    name_rows(ax, [shortened(name, _NAME) for name in of.features])
    ax.axvline(0, color=ink(ax), linewidth=0.8)
    ax.set(xlabel="bits told of the feature; grey: not found")


def _lags(ax: Axes, of: Portrait) -> None:
    ax.axhline(0, color=ink(ax), linewidth=0.8)
    ax.axvline(0, color=LIGHT, linewidth=0.8)
    for (name, profile), colour in zip(of.profiles, cycle(COLOURS), strict=False):
        ax.plot(of.lags, profile, ".-", color=colour, label=plain(shortened(name, _LONG_NAME)))
    # above the panel, where no curve is
    legend(ax, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0)
    ax.set(xlabel="tokens after the feature", ylabel="effect, 2 AUC − 1")


def _saturation(ax: Axes, of: Portrait) -> None:
    places = np.arange(len(of.saturation))
    name_rows(ax, [name.replace("_", " ") for name, _, _ in of.saturation])
    for part, colour, shift in ((1, BLUE, -0.2), (2, VERMILLION, 0.2)):
        shares = [float(one[part]) for one in of.saturation]
        ax.barh(places + shift, shares, 0.38, color=colour, label=("lowest tenth", "highest tenth")[part - 1])
    ax.set(xlabel="share of tokens near an end of the range", xlim=(0, 1))
    legend(ax)


def _felt(ax: Axes, of: Portrait) -> None:
    assert of.felt is not None
    ax.plot(of.felt, color=BLUE)
    if len(of.felt) and of.felt[0] > 0:
        ax.axhline(of.felt[0] / np.e, color=GREY, linewidth=0.8, linestyle="--", label="1/e of the first")
    if isfinite(of.time_constant):
        ax.axvline(of.time_constant, color=VERMILLION, linewidth=0.8, label=f"{of.time_constant:.0f} tokens")
    legend(ax)
    ax.set(xlabel="tokens after a clamp", ylabel="distance of the state", ylim=(0, None))
