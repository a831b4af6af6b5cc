"""What clamping changed: the result of ablation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import Doubles, Floats, freeze

if TYPE_CHECKING:
    import pandas as pd

    from rnn_widgets.plots import Axes, Figure


@dataclass(frozen=True, eq=False)
class Ablation:
    """What clamping each neuron changes, in bits of surprisal. Rows are sorted by neuron.

    The surprisal of token t is that of t itself, predicted from the tokens before it, and counts for the feature if
    the feature marks t. A document's first token has none.

    Attributes:
        neurons: int64 (N,), ascending.
        at_feature: (N,), mean change over the feature's tokens; positive where the clamped network predicts them worse.
        elsewhere: (N,), mean change over the other tokens.
        low, high: (N,), ends of the bootstrap interval of `effect`; NaN where there is none, see `message`.
        p_random: (N,), the share of draws of as many random tokens of each document at which the clamp does as much as
            at the feature's; NaN where `exact` is false.
        exact: bool (N,), whether the neuron was clamped; else its row is a first-order estimate.
        sums: (N, D, 2), the sum of the changes over the tokens of each of D documents, the feature's first and then
            the others; NaN where `exact` is false.
        counts: int64 (D, 2), how many tokens these are.
        feature, signal, layer: what was asked.
        value: what the neurons were clamped to: "mean", "zero" or a number.
        interval: the share of resamples between `low` and `high`.
        message: why there is no interval, else None.
        change: float32 (N, T), the change at each token, NaN where there is none; None unless it was asked for.
        network: which network the neurons belong to.
    """

    neurons: NDArray[np.int64]
    at_feature: Doubles
    elsewhere: Doubles
    low: Doubles
    high: Doubles
    p_random: Doubles
    exact: NDArray[np.bool_]
    sums: Doubles
    counts: NDArray[np.int64]
    feature: str
    signal: str
    layer: int
    value: str | float
    interval: float
    message: str | None = None
    change: Floats | None = None
    network: str = ""

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def effect(self) -> Doubles:
        """(N,), `at_feature` - `elsewhere`: how much more the feature's tokens lose than others."""
        return self.at_feature - self.elsewhere

    def top(self, n: int) -> list[int]:
        """The n neurons with the largest effect, the largest first; of equal ones the lower index first."""
        if n < 0:
            raise ValueError(f"n is how many neurons to name, from 0, got {n}.")
        return [int(neuron) for neuron in self.neurons[np.argsort(-self.effect, kind="stable")[:n]]]

    def rank(self, neuron: int) -> int:
        """The neuron's place in the order of `top`, from 1.

        Raises:
            ValueError: if the neuron is not in the table.
        """
        order = self.top(len(self.neurons))
        if neuron not in order:
            raise ValueError(f"Neuron {neuron!r} was not asked for. Ablated are {_listed(self.neurons)}.")
        return order.index(neuron) + 1

    def to_frame(self) -> pd.DataFrame:
        """One row a neuron, sorted by neuron: at_feature, elsewhere, effect, low and high in bits, p_random, exact."""
        import pandas as pd

        columns = ("at_feature", "elsewhere", "effect", "low", "high", "p_random", "exact")
        return pd.DataFrame({"neuron": self.neurons, **{name: getattr(self, name) for name in columns}})

    def plot(self, n: int = 20, ax: Axes | None = None) -> Figure:
        """A matplotlib figure: the `n` neurons of the largest effect, with its interval; hollow where it is estimated.

        Args:
            n: how many neurons.
            ax: where to draw; a figure of its own by default.

        Raises:
            ImportError: if there is no matplotlib, which `rnn-widgets[plot]` brings.
        """
        from rnn_widgets.plots import clamps

        names = self.top(n)
        rows = np.searchsorted(self.neurons, names)
        title = f"{self.feature}: {self.signal}, layer {self.layer}, clamped to {self.value}"
        shown = self.effect[rows], self.low[rows], self.high[rows], self.exact[rows]
        return clamps([str(neuron) for neuron in names], *shown, title, ax)

    def __len__(self) -> int:
        return len(self.neurons)

    def __repr__(self) -> str:
        at, elsewhere = self.counts.sum(axis=0)
        estimated = int((~self.exact).sum())
        how = f"{len(self) - estimated} exact, {estimated} estimated" if estimated else "exact"
        best = self.top(1)[0]
        row = int(np.flatnonzero(self.neurons == best)[0])
        ends = "" if np.isnan(self.low[row]) else f" [{self.low[row]:.4f}, {self.high[row]:.4f}]"
        note = f"; {self.message}" if self.message else ""
        return (
            f"Ablation({self.feature!r}, {self.signal!r}, layer={self.layer}, value={self.value!r}; "
            f"{len(self)} neurons ({how}), {at:,} tokens of the feature, {elsewhere:,} elsewhere, "
            f"documents={len(self.counts)}; largest effect {best}: {self.effect[row]:+.4f}{ends} bits{note})"
        )


def _listed(neurons: NDArray[np.int64]) -> str:
    if len(neurons) > 8:
        return f"{len(neurons)} neurons from {neurons[0]} to {neurons[-1]}"
    return ", ".join(map(str, neurons))
