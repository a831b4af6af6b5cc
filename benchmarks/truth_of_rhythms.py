"""What `Spectrum.lines` finds in neurons with a memory, and in neurons with a rhythm."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from benchmarks import worlds
from benchmarks.shares import counted, shown
from benchmarks.worlds import Noise
from rnn_widgets.activations import Activations, Doubles
from rnn_widgets.analysis import spectrum
from rnn_widgets.analysis.lines import Line

TOKENS, NEURONS = 6_000, 20
RHYTHM = 0


def mixture(random: np.random.Generator, tokens: int, neurons: int) -> Doubles:
    """A long memory, a short one that turns round, and none."""
    parts = (worlds.autoregressive(0.99), worlds.autoregressive(-0.5), worlds.white)
    return sum(share * part(random, tokens, neurons) for share, part in zip((1.0, 0.5, 1.0), parts, strict=True))


def jittered_words(random: np.random.Generator, tokens: int, neurons: int) -> Doubles:
    """A pulse at the end of each word, which has three to eight letters, and white noise."""
    values = 0.3 * worlds.white(random, tokens, neurons)
    for neuron in range(neurons):
        ends = np.cumsum(random.integers(3, 9, tokens))
        values[ends[ends < tokens], neuron] += 1
    return values


NULLS: dict[str, Noise] = {
    "white": worlds.white,
    "AR 0.9": worlds.autoregressive(0.9),
    "AR 0.99": worlds.autoregressive(0.99),
    "1/f": worlds.pink,
    "mixture": mixture,
    "jittered words": jittered_words,
}


def sine(random: np.random.Generator, times: Doubles) -> tuple[Doubles, float]:
    """A sine whose frequency lies between two bins, and its period."""
    period = float(random.uniform(3, 40))
    return 0.8 * np.sin(2 * np.pi * times / period + random.uniform(0, 2 * np.pi)), period


def alternating(_: np.random.Generator, times: Doubles) -> tuple[Doubles, float]:
    """Up and down with every token."""
    return 0.2 * (-1.0) ** times, 2.0


def pulses(random: np.random.Generator, times: Doubles) -> tuple[Doubles, float]:
    """A pulse every so many tokens, without a miss."""
    period = int(random.integers(5, 40))
    return 2.0 * (times % period == 0), float(period)


TRUTHS: dict[str, Callable[[np.random.Generator, Doubles], tuple[Doubles, float]]] = {
    "a sine between two bins": sine,
    "period 2": alternating,
    "strict pulses": pulses,
}


def rhythms(seeds: int) -> Iterator[str]:
    """The rows of the table."""
    for name, noise in NULLS.items():
        alarms = [
            any(line.kind == "line" for line in found(noise(np.random.default_rng(seed), TOKENS, NEURONS)))
            for seed in shown(range(seeds), name)
        ]
        yield counted(f"neurons without a line, {name}: worlds with one", alarms)
    for name, rhythm in TRUTHS.items():
        detected, covered = [], []
        for seed in shown(range(seeds), name):
            random = np.random.default_rng(seed)
            values = worlds.autoregressive(0.9)(random, TOKENS, NEURONS)
            added, period = rhythm(random, np.arange(TOKENS, dtype=np.float64))
            values[:, RHYTHM] += added
            lines = [line for line in found(values) if line.kind == "line" and line.neuron == RHYTHM]
            detected.append(any(at_period(line, period) for line in lines))
            # of pulses each multiple of the frequency is a line, which has a period of its own
            covered += [holds_multiple(line, period) for line in lines]
        yield counted(f"{name}: worlds in which it is found", detected)
        yield counted(f"{name}: lines whose interval holds the truth", covered)


def found(values: Doubles) -> list[Line]:
    """The rhythms of neurons (tokens, neurons)."""
    return list(spectrum(Activations.from_arrays(("x",) * len(values), values)).lines())


def at_period(line: Line, period: float) -> bool:
    """Whether a line is at a multiple of the frequency, but for a hundredth of it."""
    multiple = line.frequency * period
    return round(multiple) >= 1 and abs(multiple - round(multiple)) <= 0.01


def holds_multiple(line: Line, period: float) -> bool:
    """Whether a line's interval holds a multiple of the frequency."""
    multiple = round(line.frequency * period)
    return line.frequency_low <= multiple / period <= line.frequency_high
