"""What networks of the same architecture do that have learned nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from rnn_widgets.activations import Activations, Doubles
from rnn_widgets.analysis.effects import Shifted, effects
from rnn_widgets.analysis.finding.evidence import Side
from rnn_widgets.analysis.finding.use import Model
from rnn_widgets.analysis.rows import same_recording
from rnn_widgets.text import Text

FEWEST_TWINS = 20
"""Untrained networks below which nothing is said of what was learned."""

LEAST_EXCESS, LEAST_DEVIATIONS = 0.05, 3.0
"""By how much, and by how many standard deviations, what was learned lies above the mean of untrained networks."""


def require_same_text(twins: Sequence[Activations], text: Text, which: str) -> None:
    """Checks that twins have read a text.

    Raises:
        TypeError: if one is no recording.
        ValueError: if one has read another text than `which`.
    """
    for number, twin in enumerate(twins):
        if not isinstance(twin, Activations):
            raise TypeError(f"Twins are recordings of untrained networks, got {twin!r}.")
        if twin.tokens != text.tokens or twin.text.documents != text.documents:
            raise ValueError(f"Twin {number} has read another text than {which}.")


def seeds_of(number: int, seed: int) -> list[int]:
    """The seeds of so many twins."""
    seeds: list[int] = np.random.default_rng(seed).integers(2**31, size=number).tolist()
    return seeds


def largest_of_given(
    twins: Sequence[Activations], confirming: Activations, side: Side, shifted: Shifted, signal: str, layer: int
) -> Doubles:
    """`largest_effects` of recordings that a user has.

    Raises:
        ValueError: if one has read another text than the one that confirms, or is that recording.
    """
    require_same_text(twins, confirming.text, "the one that confirms")
    for number, twin in enumerate(twins):
        if same_recording(twin, confirming, (signal, layer)):
            raise ValueError(f"Twin {number} is the recording itself: twins are of untrained networks.")
    return largest_effects(twins, side, shifted, signal, layer)


def largest_of_made(
    model: Model, number: int, confirming: Activations, side: Side, shifted: Shifted, seed: int, signal: str, layer: int
) -> Doubles:
    """`largest_effects` of so many twins that the model makes, which read no more documents than they have to."""
    text = confirming.text
    if side.whole_documents(text):
        text = side.text(text)
        side = Side.of(text.slices())
    return largest_effects(
        model.record_twins(text, seeds_of(number, seed), signal, layer), side, shifted, signal, layer
    )


def largest_effects(twins: Iterable[Activations], side: Side, shifted: Shifted, signal: str, layer: int) -> Doubles:
    """The largest size of an effect among each twin's neurons, (twins, F, L)."""
    largest = []
    for twin in twins:
        found = effects(side.rows(twin, signal, layer), shifted, "auc")
        largest.append(np.abs(np.nan_to_num(found)).max(axis=2))
    return np.array(largest).reshape(-1, *shifted.counts.shape)
