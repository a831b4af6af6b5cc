"""A neuron's portrait: what it stands for, and how it behaves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape
from math import isfinite, isnan
from typing import TYPE_CHECKING

import numpy as np

from rnn_widgets.activations import Doubles, freeze
from rnn_widgets.analysis.describing.behaviour import Context, Saturation
from rnn_widgets.analysis.finding.findings import Findings
from rnn_widgets.analysis.lines import Lines
from rnn_widgets.naming import visible

if TYPE_CHECKING:
    import pandas as pd

    from rnn_widgets.plots import Figure

_SHOWN = 10
_SAID = 3


@dataclass(frozen=True, eq=False)
class Description:
    """What one neuron stands for, among F features, and how it behaves.

    Attributes:
        neuron: its number.
        findings: of this neuron alone, whether it responds to each feature.
        bits: float64 (F,), what its activation tells of each at its best lag, 0..1, in the documents that confirm, less
            what independent tokens would (so it may be negative).
        lags: L numbers of tokens by which the neuron comes after a feature.
        profile: float64 (F, L), -1..1, its effect 2 AUC - 1 at each lag, in the documents that confirm.
        highest, lowest: where it is extreme; no token is shown twice.
        saturation: of each bounded signal of the neuron that is recorded.
        autocorrelation_time: tokens after which its autocorrelation has fallen to 1/e; infinite if it has not within
            half the longest document, NaN for a neuron that never changes.
        time_constant: tokens after which a clamp of the neuron at one token is felt in its layer by less than 1/e of
            what it was at first; infinite if it is for as long as was read, NaN without a model.
        felt: float64, the distance of the layer's state to the untouched one, first at the token of the clamp; None
            without a model.
        lines: the rhythms of the neuron; none are looked for in a text of fewer than 128 tokens.
    """

    neuron: int
    findings: Findings
    bits: Doubles
    lags: tuple[int, ...]
    profile: Doubles
    highest: tuple[Context, ...]
    lowest: tuple[Context, ...]
    saturation: tuple[Saturation, ...]
    autocorrelation_time: float
    time_constant: float
    felt: Doubles | None
    lines: Lines

    def __post_init__(self) -> None:
        freeze(self)

    @cached_property
    def found(self) -> tuple[str, ...]:
        """The features it responds to, that of which it tells most first."""
        there = np.flatnonzero(self.findings.adjusted[:, 0] <= self.findings.q)
        order = there[np.argsort(-self.bits[there], kind="stable")]
        return tuple(self.findings.features[row] for row in order)

    def to_frame(self) -> pd.DataFrame:
        """One row a feature: those found first, that of which the neuron tells most first among them."""
        frame = self.findings.to_frame()
        bits = dict(zip(self.findings.features, self.bits, strict=True))
        frame.insert(2, "bits", frame["feature"].map(bits))
        chance = ~frame["feature"].isin(self.found)
        return frame.iloc[np.lexsort([-frame["bits"].fillna(-1), chance])].reset_index(drop=True)

    def contexts(self) -> pd.DataFrame:
        """One row a context, the highest first and the lowest last, with the fields of `Context` as columns."""
        import pandas as pd

        return pd.DataFrame([*self.highest, *reversed(self.lowest)], columns=Context._fields)

    def plot(self, n: int = 8, profiles: int = 3) -> Figure:
        """A matplotlib figure: what the neuron tells of which features, how full it is, and how long it remembers.

        Args:
            n: how many features; those found first, that of which it tells most first among them.
            profiles: of how many of these the effect is drawn by lag.

        Raises:
            ImportError: if there is no matplotlib, which `rnn-widgets[plot]` brings.
        """
        from rnn_widgets.plots import Portrait, portrait

        names = self.to_frame()["feature"].tolist()[: max(n, 0)]
        rows = [self.findings.features.index(name) for name in names]
        drawn = Portrait(
            features=names,
            bits=self.bits[rows],
            found=np.isin(names, self.found),
            lags=self.lags,
            profiles=[(self.findings.features[row], self.profile[row]) for row in rows[: max(profiles, 0)]],
            saturation=self.saturation,
            felt=self.felt,
            time_constant=self.time_constant,
        )
        return portrait(drawn, f"neuron {self.neuron}, {self.findings.signal}, layer {self.findings.layer}")

    def explain(self) -> str:
        """What is known of the neuron, in plain sentences."""
        said = [self.findings.explain(self.neuron, name).split("\n")[0] for name in self.found[:_SAID]]
        if len(self.found) > _SAID:
            said.append(f"It responds to {len(self.found) - _SAID} more features: see to_frame().")
        if not said:
            said = [f"Neuron {self.neuron}: {self._nothing()}."]
        said.append(self._memory())
        if self.saturation:
            shares = ", ".join(f"{one.signal} {one.lowest:.0%} and {one.highest:.0%}" for one in self.saturation)
            said.append(f"Share of tokens in the lowest and in the highest tenth of the range: {shares}.")
        for line in self.lines:
            if line.kind != "background":
                said.append(
                    f"It has a {line.kind} at a period of {line.period:.3g} tokens, {line.share:.0%} of its variance."
                )
        return "\n".join([*said, *self.findings.notes])

    def _nothing(self) -> str:
        """What is said where no feature is found."""
        asked, told = len(self.bits), int((~self.findings.untold).sum())
        if not told:
            return f"too little evidence for any of {asked} features"
        if told == asked:
            return "no feature is more than chance"
        return (
            f"no feature of {told} is more than chance, and there is too little evidence for the other {asked - told}"
        )

    def _memory(self) -> str:
        if isnan(self.autocorrelation_time):
            return "It never changes."
        time = f"{self.autocorrelation_time:.2g}" if isfinite(self.autocorrelation_time) else "more than it was given"
        said = f"Its autocorrelation falls to 1/e in {time} tokens"
        if self.felt is not None and not isnan(self.time_constant):
            finite = isfinite(self.time_constant)
            felt = f"{self.time_constant:.0f}" if finite else f"more than {len(self.felt)}"
            said += f"; a clamp at one token is felt for {felt}"
        return said + "."

    def _repr_html_(self) -> str:
        columns = ["feature", "bits", "verdict", "effect", "lag", "q", "runs"]
        table: str = self.to_frame()[columns].head(_SHOWN).to_html(index=False, float_format="{:.3g}".format)
        notes = "".join(f"<p>{escape(line)}</p>" for line in self.explain().split("\n"))
        return (
            f"<p>{escape(repr(self))}</p>{table}"
            f"<h4>Highest</h4>{_as_html(self.highest)}<h4>Lowest</h4>{_as_html(self.lowest)}{notes}"
        )

    def __repr__(self) -> str:
        most = f"tells most of {self.found[0]!r}" if self.found else self._nothing()
        return (
            f"Description(neuron {self.neuron}, {self.findings.signal!r}, layer={self.findings.layer}, "
            f"{len(self.bits)} features: {len(self.found)} found, {most})"
        )


def _as_html(contexts: tuple[Context, ...]) -> str:
    rows = "".join(
        f"<tr><td>{one.activation:+.3f}</td><td style='text-align:right'>{_shown(one.before)}</td>"
        f"<td><mark>{_shown(one.at)}</mark></td><td style='text-align:left'>{_shown(one.after)}</td></tr>"
        for one in contexts
    )
    return f"<table style='white-space:pre;font-family:monospace'>{rows}</table>"


def _shown(text: str) -> str:
    return escape(visible(text, spaces=False))
