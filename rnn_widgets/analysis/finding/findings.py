"""What was found, neuron by neuron and feature by feature, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import Doubles, freeze
from rnn_widgets.analysis.finding.evidence import FEWEST_RUNS
from rnn_widgets.analysis.finding.twins import FEWEST_TWINS, LEAST_DEVIATIONS, LEAST_EXCESS
from rnn_widgets.analysis.finding.use import Use
from rnn_widgets.analysis.windows import best_first

if TYPE_CHECKING:
    import pandas as pd

    from rnn_widgets.plots import Figure

VERDICTS = ("used", "encoded", "responds", "inherited", "chance", "too little evidence")
"""From the strongest to the weakest.

- used: clamping the neuron makes the feature's tokens more surprising, beyond others and beyond random tokens.
- encoded: learned, as untrained networks do not respond so, but clamping the neuron does nothing to the feature.
- responds: more than chance; what was given does not tell more.
- inherited: an untrained network responds as much.
"""

_SHOWN = 20


@dataclass(frozen=True, eq=False)
class Findings:
    """Whether each of N neurons of a layer responds to each of F features.

    Attributes:
        features: their names.
        neurons: int (N,), the numbers of those that were looked at, ascending or as they were asked for.
        hidden: the number of neurons of the layer.
        effect: float64 (F, N), -1..1, 2 AUC - 1 at the best lag, measured where it was not chosen: in the documents
            that confirm. NaN where these never or always have the feature.
        beyond_token: (F, N), the same among tokens that are alike; NaN where no token tells more than what it is.
        lag: int (F, N), tokens by which the neuron comes after the feature; below 0 it comes before.
        p_screen: (F, N), of the documents in which candidates are sought, over all lags; NaN with too little evidence.
        p_confirm: (F, N), of the others; NaN of what was no candidate.
        adjusted: (F, N), corrected for all neurons and features: what is at most `q` is a finding.
        runs: int (F,), separate runs of each feature.
        largest_of_twins: (twins, F, N), the largest size of an effect in each untrained twin at the lag of the neuron;
            None without twins.
        use: what clamping the neurons that were found does; None without a model.
        q: the share of findings that may be chance.
        signal, layer: whose neurons.
        notes: what was not given, or has to be known.
    """

    features: tuple[str, ...]
    neurons: NDArray[np.int64]
    hidden: int
    effect: Doubles
    beyond_token: Doubles
    lag: NDArray[np.int64]
    p_screen: Doubles
    p_confirm: Doubles
    adjusted: Doubles
    runs: NDArray[np.int64]
    largest_of_twins: Doubles | None
    use: Use | None
    q: float
    signal: str
    layer: int
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        freeze(self)

    @cached_property
    def learned_excess(self) -> Doubles:
        """By how many standard deviations each effect's size lies above that of untrained twins at its lag, (F, N)."""
        if self.largest_of_twins is None or len(self.largest_of_twins) < 2:
            return np.full(self.effect.shape, np.nan)
        excess, deviation = self._above_twins()
        scaled: Doubles = np.divide(excess, deviation, out=np.full(excess.shape, np.nan), where=deviation > 0)
        scaled.flags.writeable = False
        return scaled

    @property
    def untold(self) -> NDArray[np.bool_]:
        """The features of which there is too little evidence, (F,)."""
        return np.array([np.isnan(p).all() for p in self.p_screen])

    @cached_property
    def verdicts(self) -> NDArray[np.str_]:
        """One of `VERDICTS` for each, (F, N)."""
        found = self.adjusted <= self.q
        verdicts = np.where(found, "responds", "chance").astype(f"<U{max(map(len, VERDICTS))}")
        if self.largest_of_twins is not None and len(self.largest_of_twins) >= FEWEST_TWINS:
            excess, deviation = self._above_twins()
            learned = (excess >= LEAST_EXCESS) & (excess >= LEAST_DEVIATIONS * deviation)
            verdicts[found & ~learned] = "inherited"
            if self.use is not None:
                verdicts[found & learned & np.isfinite(self.use.low)] = "encoded"
        if self.use is not None:
            verdicts[found & self.use.used(self.q)] = "used"
        verdicts[self.untold] = "too little evidence"
        verdicts.flags.writeable = False
        return verdicts

    def top(self, n: int, feature: str | None = None) -> list[int]:
        """The n neurons found for a feature that have the largest effects, largest first; no neuron of chance.

        Raises:
            KeyError: if there is no such feature.
            ValueError: if n is below 0.
        """
        row = self._row(feature)
        sizes = np.where(self.adjusted[row] <= self.q, np.abs(self.effect[row]), -1.0)
        return [int(self.neurons[place]) for place in best_first(sizes, n) if sizes[place] >= 0]

    def to_frame(self) -> pd.DataFrame:
        """One row a neuron and feature, findings first, the largest effects first among them."""
        import pandas as pd

        clamped = {} if self.use is None else {f"ablation_{name}": one.ravel() for name, one in vars(self.use).items()}
        columns = ("effect", "beyond_token", "lag", "p_screen", "p_confirm", "adjusted", "learned_excess", "verdicts")
        frame = pd.DataFrame(
            {
                "neuron": np.tile(self.neurons, len(self.features)),
                "feature": np.repeat(np.array(self.features, object), len(self.neurons)),
                **{column: getattr(self, column).ravel() for column in columns},
                **clamped,
                "runs": np.repeat(self.runs, len(self.neurons)),
            }
        ).rename(columns={"adjusted": "q", "verdicts": "verdict"})
        strength = frame["verdict"].map(VERDICTS.index)
        order = np.lexsort([-frame["effect"].abs().fillna(0), strength])
        return frame.iloc[order].reset_index(drop=True)

    def plot(self, n: int = 20) -> Figure:
        """A matplotlib figure: the first `n` rows of `to_frame` with their effects, verdicts and what a clamp costs.

        The bits of a clamp, with their intervals, stand beside if a model was given.

        Raises:
            ImportError: if there is no matplotlib, which `rnn-widgets[plot]` brings.
        """
        from rnn_widgets.plots import findings

        frame = self.to_frame().head(max(n, 0))
        alone = len(self.features) == 1
        rows = [str(row.neuron) if alone else f"{row.neuron} · {row.feature}" for row in frame.itertuples()]
        clamped = None
        if self.use is not None:
            bits, low, high = (frame[f"ablation_{name}"].to_numpy() for name in ("effect", "low", "high"))
            clamped = bits, low, high
        title = f"{self.features[0]}: " if alone else ""
        title += f"{self.signal}, layer {self.layer}, q = {self.q:g}"
        effect, beyond = frame["effect"].to_numpy(), frame["beyond_token"].to_numpy()
        return findings(rows, effect, beyond, frame["verdict"].tolist(), clamped, title)

    def explain(self, neuron: int, feature: str | None = None) -> str:
        """What is known of a neuron, in plain sentences.

        Raises:
            IndexError: if this neuron was not looked at.
            KeyError: if there is no such feature.
        """
        if neuron not in self.neurons:
            whole = len(self.neurons) == self.hidden
            looked_at = f"0..{self.hidden - 1}" if whole else ", ".join(map(str, self.neurons))
            raise IndexError(f"Looked at were the neurons {looked_at}, got {neuron!r}.")
        rows = range(len(self.features)) if feature is None else [self._row(feature)]
        return "\n".join([*(self._sentence(row, neuron) for row in rows), *self.notes])

    def _sentence(self, row: int, number: int) -> str:
        name, neuron = f"Neuron {number} and {self.features[row]}", int(np.flatnonzero(self.neurons == number)[0])
        verdict = self.verdicts[row, neuron]
        if verdict == "too little evidence":
            few = f", with {self.runs[row]} separate runs of the feature" if self.runs[row] < FEWEST_RUNS else ""
            return f"{name}: too little evidence{few}."
        if verdict == "chance":
            why = "in other documents it did not hold" if self.p_confirm[row, neuron] >= 0 else "nothing stood out"
            return f"{name}: chance, {why}."
        effect, lag = self.effect[row, neuron], int(self.lag[row, neuron])
        after = (
            f"{lag} token{'s' if lag > 1 else ''} after" if lag > 0 else f"{-lag} token{'s' if lag < -1 else ''} before"
        )
        when = after if lag else "at"
        rise = "higher" if effect > 0 else "lower"
        sentence = (
            f"{name}: {verdict}. {when.capitalize()} the feature it is {rise} than elsewhere in "
            f"{(1 + abs(effect)) / 2:.0%} of pairs of tokens (q = {self.adjusted[row, neuron]:.2g})"
        )
        beyond = self.beyond_token[row, neuron]
        if np.isfinite(beyond):
            sentence += f", and among tokens that are alike in {(1 + abs(beyond)) / 2:.0%}"
            sentence += "" if np.sign(beyond) == np.sign(effect) else ", the other way round"
        excess = self.learned_excess[row, neuron]
        if np.isfinite(excess):
            side = "above" if excess > 0 else "below"
            sentence += f"; its effect lies {abs(excess):.1f} standard deviations {side} the largest of untrained twins"
        if self.use is not None and np.isfinite(self.use.effect[row, neuron]):
            sentence += "; " + self._said_of_use(row, neuron)
        return sentence + "."

    def _said_of_use(self, row: int, neuron: int) -> str:
        assert self.use is not None
        bits, low, high, rank, chance = (float(values[row, neuron]) for values in vars(self.use).values())
        between = f" (95 %: {low:+.3f} to {high:+.3f})" if np.isfinite(low) else ""
        random = "do not lose as much" if chance <= self.q else "may lose as much"
        return (
            f"holding it at its mean costs the feature's tokens {bits:+.3f} bits more than others{between}, rank "
            f"{rank:.0f} of {self.hidden} neurons; as many random tokens {random} (q = {chance:.2g})"
        )

    def _above_twins(self) -> tuple[Doubles, Doubles]:
        """By how much each effect's size lies above the mean of the twins' largest, and these' standard deviation."""
        assert self.largest_of_twins is not None
        mean, deviation = self.largest_of_twins.mean(axis=0), self.largest_of_twins.std(axis=0, ddof=1)
        return np.abs(self.effect) - mean, deviation

    def _row(self, feature: str | None) -> int:
        if feature is None and len(self.features) == 1:
            return 0
        if feature not in self.features:
            raise KeyError(f"There is no feature {feature!r}. Looked for were: {', '.join(self.features)}.")
        return self.features.index(feature)

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes)
        shown = self.to_frame().head(_SHOWN).dropna(axis=1, how="all")
        table: str = shown.to_html(index=False, float_format="{:.3g}".format, na_rep="–")
        return f"<p>{escape(repr(self))}</p>{table}{notes}"

    def __repr__(self) -> str:
        found = (self.adjusted <= self.q).sum(axis=1).astype(object)
        found[self.untold] = "too little evidence"
        listed = ", ".join(f"{name}: {count}" for name, count in zip(self.features, found, strict=True))
        asked = f"{len(self.neurons)} neurons x {len(self.features)} features"
        return f"Findings({self.signal!r}, layer={self.layer}, {asked}; found {listed}; q={self.q})"
