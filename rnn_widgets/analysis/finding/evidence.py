"""The text that neurons are looked for in, and the other text that has the last word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import Activations, Floats, Neurons, neuron_numbers
from rnn_widgets.analysis.effects import Shifted
from rnn_widgets.analysis.rows import key_of, neurons_by_tokens, same_recording
from rnn_widgets.analysis.swaps import FEWEST_DOCUMENTS
from rnn_widgets.features import Feature, Mask
from rnn_widgets.text import Text

FEWEST_RUNS = 20
"""Separate runs of a feature below which no number is given."""

LAGS = tuple(range(-8, 9))

_MOST_STRETCHES, _SHORTEST_STRETCH = 40, 100


class Side(NamedTuple):
    """Documents of a recording.

    Attributes:
        at: int (T,), the indices of their tokens in the recording.
        documents: the slice of each document among these.
    """

    at: NDArray[np.intp]
    documents: list[slice]

    @staticmethod
    def of(parts: Sequence[slice]) -> Side:
        ends = np.cumsum([part.stop - part.start for part in parts]).tolist()
        documents = [slice(stop - (part.stop - part.start), stop) for part, stop in zip(parts, ends, strict=True)]
        at = [np.arange(part.start, part.stop) for part in parts]
        return Side(np.concatenate([*at, np.empty(0, np.intp)]).astype(np.intp), documents)

    def rows(self, acts: Activations, signal: str, layer: int, neurons: NDArray[np.int64] | None = None) -> Floats:
        """Each neuron's activations at these tokens, float32 (H, T); or those of the N that are named, (N, T)."""
        values = acts[signal, layer] if neurons is None else acts[signal, layer][:, neurons]
        whole = len(self.at) == len(values) and bool((np.diff(self.at) == 1).all())
        return neurons_by_tokens(values, None if whole else self.at)

    def whole_documents(self, text: Text) -> bool:
        """Whether each of these is a document of the recording's text from its beginning to its end."""
        whole = {(part.start, part.stop) for part in text.slices()}
        return all((int(self.at[part.start]), int(self.at[part.stop - 1]) + 1) in whole for part in self.documents)

    def kinds(self, text: Text) -> NDArray[np.intp]:
        """The kind of each token, equal for equal ones, (T,)."""
        numbers: dict[str, int] = {}
        tokens = (text.tokens[index] for index in self.at.tolist())
        return np.fromiter((numbers.setdefault(token, len(numbers)) for token in tokens), np.intp, len(self.at))

    def text(self, text: Text) -> Text:
        """These documents of the recording's text."""
        starts = tuple(part.start for part in self.documents)
        return Text(tuple(text.tokens[index] for index in self.at), starts, text.joiner)

    def beginnings(self, tokens: int) -> Side:
        """The beginnings of the documents, all of the same length at most, that have some so many tokens together."""
        lengths = np.array([part.stop - part.start for part in self.documents])
        longest = int(lengths.max())
        while longest > _SHORTEST_STRETCH and np.minimum(lengths, longest).sum() > tokens:
            longest = max(_SHORTEST_STRETCH, longest * 9 // 10)
        firsts = self.at[[part.start for part in self.documents]]
        stops = firsts + np.minimum(lengths, longest)
        return Side.of([slice(first, stop) for first, stop in zip(firsts.tolist(), stops.tolist(), strict=True)])


@dataclass(frozen=True, eq=False)
class Evidence:
    """Neurons and features, in the documents in which candidates are sought and in those that confirm.

    Attributes:
        acts: the recording that is searched,
        confirming: and the one that confirms, which may be the same.
        signal, layer: whose neurons.
        neurons: int64 (N,), the numbers of those that are looked at.
        features: names of the F features.
        masks: bool (F, T), where they hold in `acts`,
        held: and in `confirming`.
        first: the documents of `acts` that are searched,
        second: and those of `confirming` that confirm.
        note: what is to be said about these.
    """

    acts: Activations
    confirming: Activations
    signal: str
    layer: int
    neurons: NDArray[np.int64]
    features: tuple[str, ...]
    masks: Mask
    held: Mask
    first: Side
    second: Side
    note: str | None

    @staticmethod
    def of(
        acts: Activations,
        features: Feature | Iterable[Feature],
        held_out: Activations | None,
        neurons: Neurons | None,
        seed: int,
        signal: str,
        layer: int,
    ) -> Evidence:
        """What `find_neurons` is given, checked.

        Raises:
            KeyError: for an unknown signal or layer.
            TypeError: if a feature is not a Feature.
            ValueError: if there is none, two have one name, there is no such neuron, or the recordings do not fit.
        """
        chosen = named(features)
        signal, layer = key_of(acts, signal, layer)
        confirming = acts if held_out is None else held_out
        key_of(confirming, signal, layer)
        if confirming.network != acts.network:
            raise ValueError(f"held_out shows another network: {confirming.network!r}, not {acts.network!r}.")
        if held_out is not None and same_recording(acts, held_out, (signal, layer)):
            raise ValueError(
                "held_out is the recording that is searched, which confirms nothing: give one of other documents, or "
                "leave it out, and half of the documents confirm."
            )
        masks = np.stack([feature.mask(acts.text) for feature in chosen])
        if held_out is None:
            held, (first, second, note) = masks, sides(acts.text, seed)
        else:
            held = np.stack([feature.mask(held_out.text) for feature in chosen])
            first, second, note = Side.of(acts.text.slices()), Side.of(held_out.text.slices()), None
        return Evidence(
            acts,
            confirming,
            signal,
            layer,
            neuron_numbers(neurons, acts.neurons(signal, layer)),
            tuple(feature.name for feature in chosen),
            masks,
            held,
            first,
            second,
            note,
        )

    @cached_property
    def seen(self) -> Mask:
        """The features at the tokens that are searched."""
        return self.masks[:, self.first.at]

    @cached_property
    def unseen(self) -> Mask:
        """The features at the tokens that confirm."""
        return self.held[:, self.second.at]

    @cached_property
    def shifted(self) -> Shifted:
        """`unseen` at all lags."""
        return Shifted(self.unseen, self.second.documents, LAGS)

    @property
    def searched(self) -> Floats:
        """The neurons' activations at the tokens that are searched, float32 (N, T)."""
        return self._rows(self.first, self.acts)

    @cached_property
    def rows(self) -> Floats:
        """And at those that confirm."""
        return self._rows(self.second, self.confirming)

    def _rows(self, side: Side, acts: Activations) -> Floats:
        # a layer as it is needs no copy of the chosen
        every = np.array_equal(self.neurons, np.arange(acts.neurons(self.signal, self.layer)))
        return side.rows(acts, self.signal, self.layer, None if every else self.neurons)

    @cached_property
    def runs(self) -> NDArray[np.int64]:
        """Separate runs of each feature in both, (F,)."""
        pairs = zip(self.seen, self.unseen, strict=True)
        return np.array([runs(a, self.first.documents) + runs(b, self.second.documents) for a, b in pairs])


def named(features: Feature | Iterable[Feature]) -> list[Feature]:
    """The features, of which there is one or more, each with a name of its own.

    Raises:
        TypeError: if one is not a Feature.
        ValueError: if there is none, or two have one name.
    """
    chosen = [features] if isinstance(features, Feature) else list(features)
    wrong = [feature for feature in chosen if not isinstance(feature, Feature)]
    if wrong:
        raise TypeError(f"What is looked for is a Feature, for example features.regex({' '!r}), got {wrong[0]!r}.")
    names = [feature.name for feature in chosen]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ValueError(f"Two features have the name {twice[0]!r}: give one of them name=.")
    if not chosen:
        raise ValueError("There is no feature to look for.")
    return chosen


def sides(text: Text, seed: int) -> tuple[Side, Side, str | None]:
    """A text's documents in two halves, and what is to be said about it.

    A text of fewer than ten documents is cut: the first half is one side, stretches of the second the other, none
    if they would be too short.
    """
    documents = text.slices()
    if len(documents) >= 2 * FEWEST_DOCUMENTS:
        order = np.random.default_rng(seed).permutation(len(documents))
        first, second = ([documents[number] for number in sorted(part)] for part in (order[::2], order[1::2]))
        return Side.of(first), Side.of(second), None
    half = len(text) // 2
    first = [slice(part.start, min(part.stop, half)) for part in documents if part.start < half]
    length = max(_SHORTEST_STRETCH, (len(text) - half) // _MOST_STRETCHES)
    later = [slice(max(part.start, half), part.stop) for part in documents if part.stop > half]
    second = [
        slice(start, start + length) for part in later for start in range(part.start, part.stop - length + 1, length)
    ]
    message = (
        f"The text has {len(documents)} document{'s' if len(documents) > 1 else ''}, too few to keep some for "
        f"confirmation: its second half was cut into {len(second)} stretch{'' if len(second) == 1 else 'es'} of "
        f"{length} tokens instead, and stretches that follow each other tell less than documents do. Give held_out, or "
        "more documents."
    )
    return Side.of(first), Side.of(second), message


def runs(mask: Mask, documents: Sequence[slice]) -> int:
    """Separate runs of neighbouring tokens that have a feature; a document's border parts them."""
    begins = mask.copy()
    begins[1:] &= ~mask[:-1]
    for part in documents:
        if part.start < part.stop:
            begins[part.start] = mask[part.start]
    return int(begins.sum())
