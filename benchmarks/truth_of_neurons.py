"""What `find_neurons` finds in worlds where the truth is known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks import worlds
from benchmarks.shares import averaged, counted, shown
from rnn_widgets import features
from rnn_widgets.activations import Activations
from rnn_widgets.analysis import find_neurons
from rnn_widgets.analysis.finding.evidence import LAGS

RUNS = (1, 40, 400)
NEURONS, PLANTED, MANY = 100, 20, 672
DOCUMENTS = 40


def neurons(nulls: int, seeds: int) -> Iterator[str]:
    """The rows of the table that tell of neurons and features."""
    kinds = [(name, run) for name in worlds.NOISES for run in RUNS]
    asked = [(*kinds[world % len(kinds)], world) for world in range(nulls)]
    found = {kind: [] for kind in kinds}
    for name, run, seed in shown(asked, "without any relation"):
        found[name, run].append(any_finding(name, run, seed))
    yield counted("without any relation: worlds with a finding", [any_one for kind in kinds for any_one in found[kind]])
    for name in worlds.NOISES:
        yield counted(f"... {name}", [any_one for run in RUNS for any_one in found[name, run]])
    for size, tokens in ((0.5, 6_000), (0.25, 50_000)):
        reached = [planted(size, tokens, seed) for seed in shown(range(seeds), f"planted, d' = {size}")]
        for name, values in zip(("recall", "precision", "lag"), zip(*reached, strict=True), strict=True):
            yield averaged(f"{PLANTED} of {MANY} neurons planted, d' = {size}, {tokens:,} tokens: {name}", values)
    lags = [lag_found(seed) for seed in shown(range(seeds), "lags")]
    yield counted("a lag of -8..8: recovered exactly", lags)
    beyond = [anything_beyond(seed) for seed in shown(range(seeds), "tokens")]
    yield counted("a feature that is the token: worlds with an effect beyond it", beyond)


def any_finding(name: str, run: int, seed: int) -> bool:
    """Whether anything is found among neurons and features that have nothing to do with each other."""
    random, tokens = np.random.default_rng(seed), 6_000
    acts = Activations.from_arrays(worlds.text(random, tokens, DOCUMENTS), worlds.NOISES[name](random, tokens, NEURONS))
    masks = [worlds.in_runs(random, tokens, run) for _ in range(7)] + [worlds.drifting_mask(random, tokens)]
    asked = [features.mask(mask, name=str(number)) for number, mask in enumerate(masks)]
    return bool((find_neurons(acts, asked, seed=seed).adjusted <= 0.05).any())


def planted(size: float, tokens: int, seed: int) -> tuple[float, float, float]:
    """Recall, precision, and the share of the found ones at the right lag; planted at lags of their own."""
    random = np.random.default_rng(10_000 + seed)
    values, mask = worlds.white(random, tokens, MANY), worlds.in_runs(random, tokens, 1)
    neurons = random.choice(MANY, PLANTED, replace=False)
    lags = random.choice(LAGS, PLANTED)
    for neuron, lag in zip(neurons, lags, strict=True):
        values[:, neuron] += size * np.roll(mask, lag)
    acts = Activations.from_arrays(worlds.text(random, tokens, DOCUMENTS), values)
    findings = find_neurons(acts, features.mask(mask, name="planted"), seed=seed)
    found = findings.top(MANY)
    right = set(found) & set(neurons.tolist())
    at = dict(zip(neurons.tolist(), lags.tolist(), strict=True))
    in_time = [findings.lag[0, neuron] == at[neuron] for neuron in right]
    return len(right) / PLANTED, len(right) / max(1, len(found)), float(np.mean(in_time)) if in_time else 0.0


def lag_found(seed: int) -> bool:
    """Whether the lag of a neuron with a memory is recovered."""
    random, tokens = np.random.default_rng(20_000 + seed), 6_000
    values, mask = worlds.autoregressive(0.9)(random, tokens, 20), worlds.in_runs(random, tokens, 1)
    lag = int(random.choice(LAGS))
    values[:, 4] += np.roll(mask, lag)
    acts = Activations.from_arrays(worlds.text(random, tokens, DOCUMENTS), values)
    return int(find_neurons(acts, features.mask(mask, name="planted"), seed=seed).lag[0, 4]) == lag


def anything_beyond(seed: int) -> bool:
    """Whether a neuron that knows the token has an effect beyond it."""
    random, tokens = np.random.default_rng(30_000 + seed), 6_000
    read = worlds.text(random, tokens, DOCUMENTS)
    space = features.regex(" ")
    values = worlds.white(random, tokens, 20)
    values[:, 4] += 2 * space.mask(read)
    findings = find_neurons(Activations.from_arrays(read, values), space, seed=seed)
    at_once = findings.lag[0] == 0
    return bool(np.isfinite(findings.beyond_token[0, (findings.adjusted[0] <= 0.05) & at_once]).any())
