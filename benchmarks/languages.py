"""Languages with a state that is known at every token, and that a network has to keep to predict what follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rnn_widgets.activations import Doubles
from rnn_widgets.text import Text

DEEPEST = 8


class Spoken(NamedTuple):
    """A text of a language, and the state (T,) after each of its tokens."""

    text: Text
    state: Doubles


def brackets(random: np.random.Generator, length: int) -> tuple[list[str], list[int]]:
    """Dyck-1: the deeper, the likelier the next bracket closes, so that what follows tells of the depth."""
    tokens, depths, depth = [], [], 0
    for chance in random.random(length):
        opens = chance >= depth / DEEPEST
        depth += 1 if opens else -1
        tokens.append("(" if opens else ")")
        depths.append(depth)
    return tokens, depths


def pairs(random: np.random.Generator, length: int) -> tuple[list[str], list[int]]:
    """a^n b^n, n from 1 to 10, one after the other; the state is how many b are still to come if no a does."""
    tokens: list[str] = []
    missing: list[int] = []
    while len(tokens) < length:
        n = int(random.integers(1, 11))
        tokens += ["a"] * n + ["b"] * n
        missing += [*range(1, n + 1), *range(n - 1, -1, -1)]
    return tokens[:length], missing[:length]


def counter(period: int) -> Callable[[np.random.Generator, int], tuple[list[str], list[int]]]:
    """Letters at random with a mark in every so many tokens; the state is 1 at the token before it, else 0."""

    def speak(random: np.random.Generator, length: int) -> tuple[list[str], list[int]]:
        letters = random.choice(["x", "y"], length).tolist()
        phases = ((np.arange(length) + random.integers(period)) % period).tolist()
        tokens = [letter if phase else "|" for phase, letter in zip(phases, letters, strict=True)]
        return tokens, [int(phase == period - 1) for phase in phases]

    return speak


class Language(NamedTuple):
    """A language, and where a network that has learned it keeps its state.

    Attributes:
        speak: makes a document of so many tokens, and the state after each.
        hidden: how many neurons a network has that learns it.
        signal: the signal that holds the state: cells count (Weiss, Goldberg and Yahav 2018).
        period: that of the language in tokens, 0 for none.
        epochs: that it takes to learn it.
    """

    speak: Callable[[np.random.Generator, int], tuple[list[str], list[int]]]
    hidden: int
    signal: str
    period: int = 0
    epochs: int = 16


LANGUAGES = {
    "Dyck-1, depth": Language(brackets, 8, "cell", epochs=48),
    "a^n b^n, a without their b": Language(pairs, 8, "cell"),
    "counter mod 3, mark is next": Language(counter(3), 8, "hidden", 3),
    "counter mod 5, mark is next": Language(counter(5), 8, "hidden", 5),
}


def spoken(language: Language, seed: int, documents: int, length: int) -> Spoken:
    """A text of so many documents of so many tokens."""
    random = np.random.default_rng(seed)
    parts = [language.speak(random, length) for _ in range(documents)]
    tokens = tuple(token for part, _ in parts for token in part)
    state = np.concatenate([np.array(states, float) for _, states in parts])
    return Spoken(Text(tokens, tuple(range(0, documents * length, length))), state)
