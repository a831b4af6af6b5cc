"""What is found in small networks that have learned languages whose state is known at every token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from benchmarks.languages import LANGUAGES, Language, spoken
from benchmarks.shares import averaged, counted, shown
from rnn_widgets import features
from rnn_widgets.activations import Activations, Doubles
from rnn_widgets.analysis import find_neurons, spectrum
from rnn_widgets.models import LanguageModel, Recipe, record, train

LENGTH, LONG = 500, 5_000
LEARNED, SOUGHT, CONFIRMED = 160, 20, 20
FOUND, NEAR = 0.9, 0.01


def languages(seeds: int) -> Iterator[str]:
    """The rows of the table."""
    for name, language in LANGUAGES.items():
        told = [look(language, seed) for seed in shown(range(seeds), name)]
        yield averaged(f"{name}: correlation of the neuron with the state", [one.correlation for one in told])
        yield counted(f"... found, and correlated by {FOUND} or more", [one.found for one in told])
        if language.period:
            yield counted("... a line of the right period within 1 %", [one.in_time for one in told])


class Told(NamedTuple):
    """What is told of one network: the size of a neuron's correlation, whether it is found, and has the period."""

    correlation: float
    found: bool
    in_time: bool


def look(language: Language, seed: int) -> Told:
    """The neuron that goes best with the state in some documents, looked at in others."""
    model, _ = train(recipe(language, seed), text=spoken(language, seed, LEARNED, LENGTH).text, progress=False)
    sought, confirmed = (spoken(language, 10_000 * part + seed, SOUGHT, LENGTH) for part in (1, 2))
    first, second = (record(model, part.text, predictions=0) for part in (sought, confirmed))
    neuron = int(correlations(first, language.signal, sought.state).argmax())
    correlation = float(correlations(second, language.signal, confirmed.state)[neuron])
    threshold = float(np.median(sought.state))
    both = features.Feature("state", lambda text: (sought if text is first.text else confirmed).state > threshold)
    found = find_neurons(first, both, second, signal=language.signal, seed=seed)
    return Told(
        correlation,
        bool(found.adjusted[0, neuron] <= found.q) and correlation >= FOUND,
        bool(language.period) and has_period(model, language, neuron, seed),
    )


def has_period(model: LanguageModel, language: Language, neuron: int, seed: int) -> bool:
    """Whether the neuron has a line of the language's period within one long document."""
    acts = record(model, spoken(language, seed, 1, LONG).text, predictions=0)
    lines = spectrum(acts, language.signal).lines(neurons=[neuron])
    return any(line.kind == "line" and abs(line.period / language.period - 1) <= NEAR for line in lines)


def correlations(acts: Activations, signal: str, state: Doubles) -> Doubles:
    """The size of each neuron's correlation with the state."""
    values = acts[signal].astype(np.float64)
    values -= values.mean(axis=0)
    deviations = np.maximum(values.std(axis=0), 1e-9)
    products: Doubles = (state - state.mean()) @ values
    return np.abs(products) / (len(state) * state.std() * deviations)


def recipe(language: Language, seed: int) -> Recipe:
    """A network that learns a language in seconds."""
    return Recipe.from_dict(
        {
            "name": "language",
            "description": "A language whose state is known.",
            "text": {"corpus": "", "tokenizer": "characters", "held_out": 0.1},
            "model": {"cell": "lstm", "embedding": 8, "hidden": language.hidden},
            "training": {
                "epochs": language.epochs,
                "rows": 16,
                "steps": 50,
                "learning_rate": 0.01,
                "schedule": "cosine",
                "seed": seed,
            },
        }
    )
