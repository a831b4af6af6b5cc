"""Which rhythms of a neuron are more than its background."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, pi, sqrt
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

import numpy as np
import scipy.optimize

from rnn_widgets.activations import Doubles, Floats
from rnn_widgets.analysis.multiple import benjamini_hochberg
from rnn_widgets.analysis.multitaper import (
    BANDWIDTH,
    FEWEST_TOKENS,
    Broad,
    Tapered,
    broad_stretches,
    standard,
    tapered,
    tapers_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from rnn_widgets.plots import Axes, Figure

Kind = Literal["line", "broad peak", "background"]

_ROWS_AT_ONCE = 8
_NORMAL_95 = 1.96


class Line(NamedTuple):
    """A rhythm of a neuron.

    `line` is one frequency, with a 95% interval. `broad peak` is a band of frequencies, from low to high, that has more
    power than those beside it, as an event has that comes now a little sooner and now a little later. `background` is
    the most conspicuous frequency of a neuron that has neither.

    Frequencies are in cycles per token, periods in tokens, the amplitude is in the unit of the activation; share is
    that of the neuron's variance, without its slope over the text.
    """

    neuron: int
    kind: Kind
    frequency: float
    frequency_low: float
    frequency_high: float
    period: float
    period_low: float
    period_high: float
    amplitude: float
    share: float
    q: float


@dataclass(frozen=True)
class Lines:
    """The rhythms of the neurons of a layer: lines first, the strongest first.

    Attributes:
        lines: one or more of each neuron that changes.
        q: the share of lines, and of broad peaks, that may be chance.
        signal, layer: whose neurons.
    """

    lines: tuple[Line, ...]
    q: float
    signal: str
    layer: int

    def of(self, neuron: int) -> list[Line]:
        """The rhythms of one neuron."""
        return [line for line in self.lines if line.neuron == neuron]

    def plot(self, n: int = 20, ax: Axes | None = None) -> Figure:
        """A matplotlib figure: the rhythms of the `n` neurons that have the strongest, by frequency.

        A dot is a line, with its interval; a bar is a broad peak; a ring is a neuron that has neither.

        Args:
            n: how many neurons.
            ax: where to draw; a figure of its own by default.

        Raises:
            ImportError: if there is no matplotlib, which `rnn-widgets[plot]` brings.
        """
        from rnn_widgets.plots import Peak, lines

        rows = list(dict.fromkeys(line.neuron for line in self.lines))[: max(n, 0)]
        drawn = [
            Peak(rows.index(line.neuron), line.kind, line.frequency, line.frequency_low, line.frequency_high)
            for line in self.lines
            if line.neuron in rows
        ]
        return lines([str(neuron) for neuron in rows], drawn, f"{self.signal}, layer {self.layer}", ax)

    def to_frame(self) -> pd.DataFrame:
        """One row a rhythm, with the fields of `Line` as columns."""
        import pandas as pd

        return pd.DataFrame(list(self.lines), columns=Line._fields)

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def __repr__(self) -> str:
        kinds = [line.kind for line in self.lines]
        neurons = len({line.neuron for line in self.lines})
        counts = f"{kinds.count('line')} lines, {kinds.count('broad peak')} broad peaks"
        return f"Lines({self.signal!r}, layer={self.layer}, {neurons} neurons: {counts}; q={self.q})"


class _Candidate(NamedTuple):
    neuron: int
    frequency: float
    background: float
    strength: float
    p: float


_Rhythm = TypeVar("_Rhythm", _Candidate, Broad)


def find_lines(rows: Floats, neurons: Sequence[int], q: float) -> tuple[Line, ...]:
    """The rhythms of neurons, `neurons` being their numbers: see `Spectrum.lines`.

    Args:
        rows: float32 (H, T).
        neurons: H numbers.
        q: the share of false ones.
    """
    tokens = rows.shape[1]
    if tokens < FEWEST_TOKENS:
        raise ValueError(f"Lines are looked for in at least {FEWEST_TOKENS} tokens, got {tokens}.")
    values, deviations = standard(rows)
    tapers = tapers_of(tokens)
    candidates: list[_Candidate] = []
    broad: list[Broad] = []
    powers: list[Doubles] = []
    frequencies = stretches = 0
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        tests = tapered(values[first : first + _ROWS_AT_ONCE], tapers)
        candidates += _conspicuous(tests, first, q)
        frequencies += tests.p_line.size
        of_rows, asked = broad_stretches(tests.log_power, q)
        broad += [stretch._replace(neuron=stretch.neuron + first) for stretch in of_rows]
        stretches += asked
        powers += list(np.exp(tests.log_power))
    lines = [
        _refined(values[candidate.neuron], candidate, each)
        for candidate, each in _one_a_band(_found(candidates, frequencies, q), tokens)
    ]
    peaks = [
        _broad_peak(powers[stretch.neuron], stretch, each, tokens)
        for stretch, each in _apart(_found(broad, stretches, q), lines, tokens)
    ]
    there = {line.neuron for line in [*lines, *peaks]}
    rest = [
        _of_background(candidate, tokens)
        for candidate in _one_a_neuron(candidates)
        if candidate.neuron not in there and values[candidate.neuron].any()
    ]
    return tuple(
        line._replace(neuron=neurons[line.neuron], amplitude=line.amplitude * float(deviations[line.neuron]))
        for kind in (lines, peaks, rest)
        for line in sorted(kind, key=lambda line: (-line.share, line.neuron))
    )


def _conspicuous(tests: Tapered, first: int, q: float) -> list[_Candidate]:
    """Frequencies with a p-value that could be found at q, and the smallest of each neuron."""
    p = np.maximum(tests.p_line, tests.p_raised)
    chosen = p <= q
    chosen[np.arange(len(p)), p.argmin(axis=1)] = True
    return [
        _Candidate(
            first + row,
            float(tests.frequencies[place]),
            float(tests.background[row, place]),
            float(tests.amplitude[row, place]),
            float(p[row, place]),
        )
        for row, place in np.argwhere(chosen).tolist()
    ]


def _found(asked: Sequence[_Rhythm], count: int, q: float) -> list[tuple[_Rhythm, float]]:
    """Those with an adjusted p-value of at most q, and that value; the rest of `count` looked at have larger ones."""
    adjusted = benjamini_hochberg(np.array([one.p for one in asked]), count - len(asked)).tolist()
    return [(one, each) for one, each in zip(asked, adjusted, strict=True) if each <= q]


def _one_a_band(found: Sequence[tuple[_Candidate, float]], tokens: int) -> list[tuple[_Candidate, float]]:
    """The strongest of those whose bands touch."""
    chosen: list[tuple[_Candidate, float]] = []
    for candidate, each in sorted(found, key=lambda pair: -pair[0].strength):
        near = (
            other.neuron == candidate.neuron and abs(other.frequency - candidate.frequency) < 2 * BANDWIDTH / tokens
            for other, _ in chosen
        )
        if not any(near):
            chosen.append((candidate, each))
    return chosen


def _one_a_neuron(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    best: dict[int, _Candidate] = {}
    for candidate in candidates:
        if candidate.neuron not in best or candidate.p < best[candidate.neuron].p:
            best[candidate.neuron] = candidate
    return list(best.values())


def _refined(values: Doubles, candidate: _Candidate, q: float) -> Line:
    """The frequency at which a sine fits best, and how far it may be off (Rife and Boorstyn 1974)."""
    tokens = len(values)
    times = np.arange(tokens)

    def less(frequency: float) -> float:
        return -abs(complex(np.exp(-2j * pi * frequency * times) @ values))

    frequency, highest = candidate.frequency, candidate.frequency == 0.5
    if not highest:
        around = (frequency - 1 / tokens, min(0.5, frequency + 1 / tokens))
        frequency = float(
            scipy.optimize.minimize_scalar(less, around, around, method="bounded", options={"xatol": 1e-9}).x
        )
    amplitude = -less(frequency) * (1 if highest else 2) / tokens
    error = _NORMAL_95 * sqrt(6 * candidate.background / tokens) / (pi * amplitude * tokens)
    low, high = frequency - error, min(0.5, frequency + error)
    share = min(1.0, amplitude**2 * (1 if highest else 0.5))
    return _line(candidate.neuron, "line", frequency, low, high, amplitude, share, q)


def _apart(found: Sequence[tuple[Broad, float]], lines: Sequence[Line], tokens: int) -> list[tuple[Broad, float]]:
    """Stretches of each neuron that do not overlap, the surest first; and none around a line."""
    taken: dict[int, list[tuple[float, float]]] = {}
    for line in lines:
        margin = BANDWIDTH / tokens
        taken.setdefault(line.neuron, []).append((line.frequency - margin, line.frequency + margin))
    chosen = []
    for stretch, each in sorted(found, key=lambda pair: pair[1]):
        low, high = stretch.low / tokens, stretch.high / tokens
        used = taken.setdefault(stretch.neuron, [])
        if not any(low < end and begin < high for begin, end in used):
            used.append((low, high))
            chosen.append((stretch, each))
    return chosen


def _broad_peak(power: Doubles, stretch: Broad, q: float, tokens: int) -> Line:
    within = power[stretch.low : stretch.high]
    share = min(1.0, float(2 * within.sum() / tokens))
    centre = float((np.arange(stretch.low, stretch.high) * within).sum() / within.sum()) / tokens
    low, high = stretch.low / tokens, stretch.high / tokens
    return _line(stretch.neuron, "broad peak", centre, low, high, sqrt(2 * share), share, q)


def _of_background(candidate: _Candidate, tokens: int) -> Line:
    low, high = candidate.frequency - BANDWIDTH / tokens, min(0.5, candidate.frequency + BANDWIDTH / tokens)
    share = min(1.0, candidate.strength**2 * (1 if candidate.frequency == 0.5 else 0.5))
    return _line(
        candidate.neuron, "background", candidate.frequency, max(0.0, low), high, candidate.strength, share, 1.0
    )


def _line(
    neuron: int, kind: Kind, frequency: float, low: float, high: float, amplitude: float, share: float, q: float
) -> Line:
    period, shortest, longest = (1 / part if part > 0 else inf for part in (frequency, high, low))
    return Line(neuron, kind, frequency, low, high, period, shortest, longest, amplitude, share, q)
