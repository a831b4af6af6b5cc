"""Where the rhythms of a neuron come from: the text, the architecture, or what the network has learned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import scipy.fft

from rnn_widgets.activations import Activations, Doubles, Floats
from rnn_widgets.analysis.finding.evidence import named
from rnn_widgets.analysis.finding.find import check
from rnn_widgets.analysis.finding.twins import (
    FEWEST_TWINS,
    LEAST_DEVIATIONS,
    LEAST_EXCESS,
    require_same_text,
    seeds_of,
)
from rnn_widgets.analysis.finding.use import Model
from rnn_widgets.analysis.lines import Line, find_lines
from rnn_widgets.analysis.multitaper import standard
from rnn_widgets.analysis.rows import key_of, neurons_by_tokens, one_neuron
from rnn_widgets.features import Feature, library

if TYPE_CHECKING:
    import pandas as pd

    from rnn_widgets.plots import Axes, Figure

Origin = Literal["from the text", "inherited", "made", "unexplained"]

_ROWS_AT_ONCE = 16


class RhythmOrigin(NamedTuple):
    """A rhythm of a neuron, and where it comes from.

    Attributes:
        kind: `line` or `broad peak`, as in `Line`.
        frequency: in cycles per token.
        period: in tokens.
        strength: 0..1, the root of the share of the neuron's variance that lies in the rhythm's band.
        q: of the rhythm, corrected for all frequencies.
        feature: the one that has the same rhythm most strongly, None if none has.
        feature_frequency: of that feature's rhythm, else NaN,
        feature_share: its share of the feature's variance,
        feature_q: and how likely chance is, corrected for all features and frequencies.
        twins_strength: the strength of the strongest neuron of an untrained twin in that band, on average over twins;
            NaN without twins.
        learned_excess: by how many standard deviations of these the neuron is stronger; NaN without two twins.
        verdict: `from the text` if a feature has the rhythm too; else `inherited` if an untrained twin has a neuron as
            strong; else `made`, by a network that has learned it; `unexplained` if no feature has it and there were too
            few twins.
    """

    kind: str
    frequency: float
    period: float
    strength: float
    q: float
    feature: str | None
    feature_frequency: float
    feature_share: float
    feature_q: float
    twins_strength: float
    learned_excess: float
    verdict: Origin


@dataclass(frozen=True)
class RhythmOrigins:
    """The rhythms of a neuron that are more than background, the strongest first, and where each comes from.

    Attributes:
        origins: one a rhythm, lines first.
        neuron, signal, layer: whose.
        tokens: T.
        features: how many were looked at.
        twins: how many untrained networks were.
        q: the share of rhythms that may be chance.
    """

    origins: tuple[RhythmOrigin, ...]
    neuron: int
    signal: str
    layer: int
    tokens: int
    features: int
    twins: int
    q: float

    def explain(self) -> str:
        """Each rhythm's origin in plain sentences, with the numbers that tell it."""
        if not self.origins:
            return f"Neuron {self.neuron} has no rhythm that is more than background in these {self.tokens:,} tokens."
        return "\n".join(self._sentences(origin) for origin in self.origins)

    def _sentences(self, origin: RhythmOrigin) -> str:
        said = [
            f"Neuron {self.neuron} has a {origin.kind} at a period of {origin.period:.4g} tokens "
            f"(strength {origin.strength:.2f}, q = {origin.q:.2g}): {origin.verdict}."
        ]
        if origin.feature is None:
            said.append(f"None of the {self.features} features looked at has it.")
        else:
            said.append(
                f"{origin.feature} has it too, at a period of {1 / origin.feature_frequency:.4g} tokens "
                f"({origin.feature_share:.0%} of its variance, q = {origin.feature_q:.2g})."
            )
        if self.twins:
            below = "" if isnan(excess := origin.learned_excess) else f", {abs(excess):.1f} deviations "
            said.append(
                f"The strongest neuron of each of {self.twins} untrained twins reaches {origin.twins_strength:.2f} on "
                f"average{below and below + ('less' if excess >= 0 else 'more')}."
            )
        else:
            said.append("No untrained twins were given, so nothing is said of what was learned.")
        if 0 < self.twins < FEWEST_TWINS:
            said.append(f"What was learned takes {FEWEST_TWINS} twins or more.")
        return " ".join(said)

    def plot(self, ax: Axes | None = None) -> Figure:
        """A matplotlib figure: each rhythm's strength and verdict, and how strong untrained twins have it.

        Args:
            ax: where to draw; a figure of its own by default.

        Raises:
            ImportError: if there is no matplotlib, which `rnn-widgets[plot]` brings.
        """
        from rnn_widgets.plots import origins

        strength = np.array([origin.strength for origin in self.origins])
        twins = np.array([origin.twins_strength for origin in self.origins])
        rows = [f"{origin.kind}, period {origin.period:.4g}" for origin in self.origins]
        title = f"neuron {self.neuron}: {self.signal}, layer {self.layer}"
        return origins(rows, strength, twins, [origin.verdict for origin in self.origins], title, ax)

    def to_frame(self) -> pd.DataFrame:
        """One row a rhythm, with the fields of `RhythmOrigin` as columns."""
        import pandas as pd

        return pd.DataFrame(list(self.origins), columns=RhythmOrigin._fields)

    def __iter__(self) -> Iterator[RhythmOrigin]:
        return iter(self.origins)

    def __len__(self) -> int:
        return len(self.origins)

    def __repr__(self) -> str:
        shown = ", ".join(f"{origin.period:.4g} {origin.verdict}" for origin in self.origins) or "none"
        return (
            f"RhythmOrigins({self.signal!r}, layer={self.layer}, neuron={self.neuron}, {self.tokens} tokens, "
            f"{self.features} features, {self.twins} twins; periods: {shown}; q={self.q})"
        )


def rhythm_origins(
    acts: Activations,
    neuron: int,
    features: Feature | Iterable[Feature] | None = None,
    *,
    model: Model | None = None,
    twins: Sequence[Activations] | int | None = None,
    q: float = 0.05,
    seed: int = 0,
    signal: str = "hidden",
    layer: int = -1,
) -> RhythmOrigins:
    """Tells for each rhythm of a neuron whether it is in the text, there without learning, or made by the network.

    A feature has the same rhythm as the neuron if it has a line less than one cycle over the whole text away, or a
    broad peak that shares half of the narrower band (lines and broad peaks are those of `Spectrum.lines`). Whether the
    rhythm was learned is told as by `find_neurons`: its strength must exceed by 0.05, and by three standard deviations,
    the mean of the largest in each of 20 or more untrained networks that read the same text. A text that the network
    itself has written also holds the rhythms that the network has made in it.

    Args:
        acts: the recording; its text is taken as one sequence, as everywhere in a spectrum.
        neuron: index of the neuron in its layer.
        features: which may have its rhythms; by default those of `features.library`, without pairs of tokens.
        model: the network of the recording, a `LanguageModel`, to make twins.
        twins: recordings of untrained networks that have read the same text; or how many of them the model shall make,
            20 by default.
        q: the share of rhythms that may be chance, of the neuron and of the features.
        seed: of the twins that the model makes.
        signal: which signal of the neuron,
        layer: and which layer.

    Raises:
        KeyError: for an unknown signal or layer.
        TypeError: if a feature is not a Feature.
        ValueError: if there is no such neuron, no feature, or fewer than 128 tokens, q is not between 0 and 1, or
            the twins or the model do not fit.
    """
    check(q, acts, model, twins)
    signal, layer = key_of(acts, signal, layer)
    neuron, values = one_neuron(acts, neuron, (signal, layer))
    rows = values[None]
    asked = library(acts.text, pairs=0) if features is None else named(features)
    rhythms = [rhythm for rhythm in find_lines(rows, [neuron], q) if rhythm.kind != "background"]
    bands = [_band(rhythm, len(acts)) for rhythm in rhythms]
    largest = np.empty((0, len(rhythms)))
    if isinstance(twins, Sequence):
        require_same_text(twins, acts.text, "the recording")
        largest = _largest(twins, bands, signal, layer)
    elif model is not None and rhythms:
        seeds = seeds_of(FEWEST_TWINS if twins is None else twins, seed)
        largest = _largest(model.record_twins(acts.text, seeds, signal, layer), bands, signal, layer)
    masks = np.stack([feature.mask(acts.text) for feature in asked]).astype(np.float32)
    there = find_lines(masks, range(len(asked)), q) if rhythms else ()
    strengths = _strengths(rows, bands)[0].tolist()
    return RhythmOrigins(
        tuple(
            _origin(rhythm, strength, _same(rhythm, there, len(acts)), asked, of_twins)
            for rhythm, strength, of_twins in zip(rhythms, strengths, largest.T, strict=True)
        ),
        neuron,
        signal,
        layer,
        len(acts),
        len(asked),
        len(largest),
        q,
    )


def _band(rhythm: Line, tokens: int) -> tuple[int, int]:
    """The first and the last of its frequencies k / T."""
    if rhythm.kind == "line":
        return round(rhythm.frequency * tokens) - 1, round(rhythm.frequency * tokens) + 1
    return round(rhythm.frequency_low * tokens), round(rhythm.frequency_high * tokens)


def _strengths(rows: Floats, bands: Sequence[tuple[int, int]]) -> Doubles:
    """The root of the share of the variance of each row (H, T) that lies in each of B bands, (H, B)."""
    tokens = rows.shape[1]
    strengths = np.zeros((len(rows), len(bands)))
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        values, _ = standard(rows[first : first + _ROWS_AT_ONCE])
        shares = 2 * np.abs(scipy.fft.rfft(values, axis=1) / tokens) ** 2
        if tokens % 2 == 0:
            shares[:, -1] /= 2
        for number, (low, high) in enumerate(bands):
            strengths[first : first + _ROWS_AT_ONCE, number] = np.sqrt(shares[:, low : high + 1].sum(axis=1))
    return strengths


def _largest(twins: Iterable[Activations], bands: Sequence[tuple[int, int]], signal: str, layer: int) -> Doubles:
    """The strength of the strongest neuron of each twin in each of B bands, (twins, B)."""
    found = [_strengths(neurons_by_tokens(twin[signal, layer]), bands).max(axis=0) for twin in twins]
    return np.array(found).reshape(-1, len(bands))


def _same(rhythm: Line, others: Iterable[Line], tokens: int) -> Line | None:
    """The strongest of the other rhythms that is the same."""

    def is_same(other: Line) -> bool:
        if rhythm.kind == "line":
            return abs(other.frequency - rhythm.frequency) < 1 / tokens
        low, high = max(other.frequency_low, rhythm.frequency_low), min(other.frequency_high, rhythm.frequency_high)
        narrower = min(each.frequency_high - each.frequency_low for each in (other, rhythm))
        return high - low >= narrower / 2

    same = [other for other in others if other.kind == rhythm.kind and is_same(other)]
    return max(same, key=lambda other: other.share, default=None)


def _origin(
    rhythm: Line, strength: float, same: Line | None, features: Sequence[Feature], of_twins: Doubles
) -> RhythmOrigin:
    mean = float(of_twins.mean()) if len(of_twins) else nan
    deviation = float(of_twins.std(ddof=1)) if len(of_twins) > 1 else nan
    excess = strength - mean
    verdict: Origin = "unexplained"
    if same is not None:
        verdict = "from the text"
    elif len(of_twins) >= FEWEST_TWINS:
        verdict = "made" if excess >= max(LEAST_EXCESS, LEAST_DEVIATIONS * deviation) else "inherited"
    return RhythmOrigin(
        rhythm.kind,
        rhythm.frequency,
        rhythm.period,
        strength,
        rhythm.q,
        None if same is None else features[same.neuron].name,
        nan if same is None else same.frequency,
        nan if same is None else same.share,
        nan if same is None else same.q,
        mean,
        excess / deviation if deviation > 0 else nan,
        verdict,
    )
