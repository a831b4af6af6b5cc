"""Other places in a text where the neurons are on together that are on together in a marked range of it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from math import isfinite
from operator import index as as_index
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rnn_widgets.activations import Activations, Floats, Neurons, freeze, neuron_numbers
from rnn_widgets.analysis.rows import key_of
from rnn_widgets.analysis.together import Indices, Together, apart
from rnn_widgets.features import Mask

if TYPE_CHECKING:
    import pandas as pd

    from rnn_widgets.plots import Axes, Figure


class Match(NamedTuple):
    """A range of tokens in which some of the neurons are on throughout.

    Attributes:
        start: its first token,
        stop: and the token after its last.
        document: the number of its document, from 0.
        text: its tokens, as they are shown.
        neurons: those that are on throughout, ascending.
    """

    start: int
    stop: int
    document: int
    text: str
    neurons: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class SimilarStates:
    """The neurons that are on in a range of tokens and off beside it, and where else they are on together.

    Attributes:
        range: the range that was marked, with all these neurons.
        neurons: int (N,), ascending.
        matches: the other ranges, the most alike first.
        threshold: from which activation on a neuron is on.
        signal, layer: whose neurons.
        message: why there is no neuron, else None.
    """

    range: Match
    neurons: Indices
    matches: tuple[Match, ...]
    threshold: float
    signal: str
    layer: int
    message: str | None = None

    def __post_init__(self) -> None:
        freeze(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a match, the most alike first: start, stop, length, document, text, neurons_on, neurons."""
        import pandas as pd

        columns = ["start", "stop", "length", "document", "text", "neurons_on", "neurons"]
        rows = [
            (one.start, one.stop, one.stop - one.start, one.document, one.text, len(one.neurons), one.neurons)
            for one in self.matches
        ]
        return pd.DataFrame(rows, columns=columns)

    def plot(self, n: int = 12, ax: Axes | None = None) -> Figure:
        """A matplotlib figure: the marked range, the first `n` matches below, and which neurons are on in each.

        Args:
            n: how many matches.
            ax: where to draw; a figure of its own by default.

        Raises:
            ImportError: if there is no matplotlib, which `rnn-widgets[plot]` brings.
        """
        from rnn_widgets.plots import together

        ranges = [self.range, *self.matches[: max(n, 0)]]
        on = np.array([np.isin(self.neurons, one.neurons) for one in ranges])
        rows = [(one.text, f"{one.start}:{one.stop}") for one in ranges]
        title = f"on at {self.threshold:g} or more: {self.signal}, layer {self.layer}"
        return together(rows, self.neurons.tolist(), on, title, self.message, ax)

    def __len__(self) -> int:
        return len(self.matches)

    def __repr__(self) -> str:
        best = f"; the best has {len(self.matches[0].neurons)} of them" if self.matches else ""
        return (
            f"SimilarStates({self.signal!r}, layer={self.layer}, tokens {self.range.start}:{self.range.stop} of "
            f"document {self.range.document}, threshold={self.threshold:g}, neurons={self.neurons.shape}, "
            f"matches=({len(self)},){best}{'; ' + self.message if self.message else ''})"
        )


def similar_states(
    acts: Activations,
    start: int,
    stop: int,
    threshold: float = 0.3,
    signal: str = "hidden",
    layer: int = -1,
    n: int = 20,
    neurons: Neurons | None = None,
) -> SimilarStates:
    """Where else the neurons are on together that are on in a range of tokens, as LSTMVis finds it.

    A neuron is on where its activation is at or above the threshold. Those count that are on at every token of the
    range, and off at the token before it and at the token after it, where its document has one (Strobelt, Gehrmann,
    Pfister and Rush 2018, "LSTMVis").

    A match is a range of any length within a document that cannot be made longer without losing one of its neurons.
    First come those with most of the neurons on together throughout, as in LSTMVis: more neurons make chance less
    likely, whatever the length. Among those with equally many, where LSTMVis asks which other neurons are on, the one
    nearest in length comes first, and then the earlier one: a neuron that is on inside quotes is on in short and in
    long ones, and one like that which was marked is the better example. No match overlaps the range or another match;
    of two that do, the first in this order is kept.

    Args:
        acts: the recording.
        start: the first token of the range, counted from 0,
        stop: and the token after its last, both in one document.
        threshold: from which activation on a neuron is on.
        signal: which signal of the neurons,
        layer: and which layer.
        n: how many matches at most.
        neurons: which of them may count; all by default.

    Returns:
        No match and a message if no neuron is on in the range and off beside it.

    Raises:
        KeyError: for an unknown signal or layer.
        ValueError: if the range is empty, not in the text, or in two documents, `n` is below 0, the threshold is not
            finite, or there is no such neuron.
    """
    key = key_of(acts, signal, layer)
    values, text = acts[key], acts.text
    start, stop, threshold = as_index(start), as_index(stop), float(threshold)
    if not 0 <= start < stop <= len(text):
        raise ValueError(f"A range is 0 <= start < stop <= {len(text)}, the number of tokens, got {start} and {stop}.")
    document = bisect_right(text.documents, start) - 1
    within = text.slices()[document]
    if stop > within.stop:
        raise ValueError(
            f"A range lies in one document, but {start}:{stop} goes on after the end of document {document}, "
            f"token {within.stop - 1}."
        )
    if n < 0:
        raise ValueError(f"n is how many matches to give, from 0, got {n}.")
    if not isfinite(threshold):
        raise ValueError(f"The threshold is an activation, got {threshold}.")
    chosen = np.sort(neuron_numbers(neurons, acts.neurons(*key)))
    chosen = chosen[_on_and_off_beside(values, start, stop, within, threshold)[chosen]]

    def match(first: int, last: int, of: Indices) -> Match:
        shown = text.joiner.join(text.tokens[first:last])
        return Match(first, last, bisect_right(text.documents, first) - 1, shown, tuple(of.tolist()))

    marked = match(start, stop, chosen)
    if not len(chosen):
        message = f"No neuron is on at every token of {start}:{stop} and off beside it. Try another threshold or range."
        return SimilarStates(marked, chosen, (), threshold, *key, message)
    together = Together(values, chosen, threshold, text.documents)
    taken = np.zeros(len(text), np.bool_)
    taken[start:stop] = True
    matches: list[Match] = []
    for stretches in together.levels():
        if len(matches) == n:
            break
        difference = np.abs(stretches.stops - stretches.starts - (stop - start))
        order = np.lexsort([stretches.starts, difference])
        matches += [
            match(first, last, chosen[together.throughout(first, last)])
            for first, last in apart(stretches, order, taken, n - len(matches))
        ]
    return SimilarStates(marked, chosen, tuple(matches), threshold, *key)


def _on_and_off_beside(values: Floats, start: int, stop: int, document: slice, threshold: float) -> Mask:
    """Whether each neuron is on from `start` to before `stop`, and off beside, (H,)."""
    on: Mask = np.all(values[start:stop] >= threshold, axis=0)
    for token in (start - 1, stop):
        if document.start <= token < document.stop:
            on &= values[token] < threshold
    return on
