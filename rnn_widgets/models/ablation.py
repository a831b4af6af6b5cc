"""Ablation: what the network predicts worse when a neuron is held at one value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn_widgets import features
from rnn_widgets.activations import Doubles, Floats
from rnn_widgets.features import Feature, Mask
from rnn_widgets.models.arguments import check_whole, known_numbers, wanted_neurons, wanted_place
from rnn_widgets.models.clamping import Streams, Subject
from rnn_widgets.models.clamps import Clamps
from rnn_widgets.models.effects import Ablation, bootstrap, means, no_interval
from rnn_widgets.models.language_model import LanguageModel
from rnn_widgets.models.progress import counted_progress
from rnn_widgets.models.reading import Numbers
from rnn_widgets.models.screening import estimated_changes, looked_at, mean_signal
from rnn_widgets.text import Text


def ablate(
    model: LanguageModel,
    text: Text | str | Sequence[Text | str],
    feature: Feature | ArrayLike,
    neurons: int | slice | Iterable[int] | None = None,
    value: str | float = "mean",
    signal: str = "hidden",
    layer: int = -1,
    *,
    screen: bool = False,
    exactly: int = 32,
    seed: int = 0,
    interval: float = 0.95,
    resamples: int = 2000,
    keep_tokens: bool = False,
    devices: int | None = None,
    progress: bool | None = None,
) -> Ablation:
    """Clamps one neuron after the other and measures how much more surprising the text becomes, in bits.

    The neuron's signal is held at one value at every token, inside the recurrence: what the network carries on and
    reads out follows from that value. `effect` is the mean change of surprisal at the feature's tokens minus that
    elsewhere. The surprisal of token t is that of t itself, predicted from the tokens before it, so that a neuron has
    an effect where the network uses it to predict the feature's tokens. A document's first token has no surprisal.

    Args:
        model: the network that reads.
        text: a Text, a str, or a list of them, each a document or more; the state is zero before each document.
        feature: a Feature, or a bool mask (T,).
        neurons: which to clamp; all by default.
        value: "mean", the signal's mean over this text; "zero"; or a number.
        signal: what is clamped.
        layer: whose neurons; negative numbers count from the last.
        screen: whether to clamp only the neurons for which one pass of automatic differentiation, which serves all,
            estimates the largest effects in size. The table then holds every neuron, the others with the
            estimate, for which `exact` is false. An estimate leaves out what other neurons do not do in proportion, and
            what comes back to the neuron by way of them. For spaces in the packaged char-lstm's own text it names 25
            or more of the 32 neurons that matter most, by hidden state and by cell state.
        exactly: with `screen`, how many neurons to clamp; those that `neurons` names are clamped too.
        seed: of the bootstrap.
        interval: the share of bootstrap resamples between `low` and `high`.
        resamples: how often documents are drawn anew.
        keep_tokens: whether to keep the change at each token, float32 (N, T), as `change`.
        devices: how many devices to part the clamps among; by default all local ones that would have work.
        progress: whether to show a progress bar; by default for long work, on a terminal or in a notebook.

    Returns:
        One row a neuron. The interval needs several documents; with one, `low` and `high` are NaN.

    Raises:
        TypeError: if the neurons or the value are of another kind.
        ValueError: if a name or number is unknown or out of range, the model knows no token of the text, or there is
            nothing to compare, because the feature marks no predicted token, or all.
    """
    text = model.as_text(text)
    place = wanted_place(model, signal, layer)
    wanted = wanted_neurons(neurons, model.architecture.hidden)
    for name, number in (("exactly", exactly), ("resamples", resamples)):
        check_whole(name, number, 1)
    check_whole("seed", seed, 0)
    if not 0 < interval < 1:
        raise ValueError(f"interval is the share of resamples between low and high, between 0 and 1, got {interval!r}.")
    numbers = known_numbers(model, text)
    feature = feature if isinstance(feature, Feature) else features.mask(feature)
    marked = feature.mask(text)
    segments, counts = _segments(text, marked, feature.name)
    subject = Subject.of(model, place)
    values = _clamp_values(model, subject, text, numbers, value)
    chosen, estimate = wanted, None
    if screen:
        estimate = estimated_changes(model, subject, looked_at(text, numbers), values, segments % 2)
        largest = np.argsort(-np.abs(estimate[0] - estimate[1]), kind="stable")[:exactly]
        chosen = np.unique(largest if neurons is None else [*largest, *wanted])
        wanted = np.arange(model.architecture.hidden)
    clamps = Clamps(subject, len(chosen), text, model.architecture.vocabulary, devices)
    with counted_progress("ablating", len(text) * len(chosen), progress) as advance:
        sums, change = _clamped(clamps, text, numbers, chosen, values[chosen], segments, keep_tokens, advance)
    changes, message = means(sums, counts), no_interval(counts)
    low, high = np.full((2, len(chosen)), np.nan) if message else bootstrap(sums, counts, seed, interval, resamples)
    exact = np.isin(wanted, chosen)
    if estimate is not None:
        estimate[:, exact] = changes
        changes = estimate
        sums, low, high = (_spread(array, exact) for array in (sums, low, high))
        change = None if change is None else _spread(change, exact)
    at_feature, elsewhere = changes
    return Ablation(
        neurons=wanted,
        at_feature=at_feature,
        elsewhere=elsewhere,
        low=low,
        high=high,
        exact=exact,
        sums=sums,
        counts=counts,
        feature=feature.name,
        signal=signal,
        layer=place[0],
        value=value,
        interval=interval,
        message=message,
        change=change,
        network=model.network,
    )


def _clamped(
    clamps: Clamps,
    text: Text,
    numbers: Numbers,
    neurons: NDArray[np.int64],
    values: Floats,
    segments: NDArray[np.int64],
    keep_tokens: bool,
    advance: Callable[[int], None],
) -> tuple[Doubles, Floats | None]:
    """The changes' sums (N, D, 2), and the changes (N, T) if they are to be kept."""
    streams = Streams.of(text, numbers, clamps.streams)
    sums = np.zeros((2 * len(text.documents), len(neurons)))
    change = np.full((len(neurons), len(text)), np.nan, np.float32) if keep_tokens else None
    for first in range(0, len(neurons), clamps.at_once):
        part = slice(first, min(first + clamps.at_once, len(neurons)))
        held, state = clamps.held(neurons[part], values[part]), clamps.begun()
        for number in range(len(streams)):
            state, changes = clamps.changes(state, streams.piece(number), held)
            at = streams.predicted[number]
            tokens = at[at >= 0]
            changed = np.moveaxis(changes[:, : part.stop - part.start], 1, 2)[at >= 0]
            np.add.at(sums[:, part], segments[tokens], changed)
            if change is not None:
                change[part, tokens] = changed.T
            advance(int((streams.read[number] >= 0).sum()) * (part.stop - part.start))
    return sums.T.reshape(len(neurons), -1, 2), change


def _spread(rows: NDArray[Any], exact: NDArray[np.bool_]) -> NDArray[Any]:
    """The rows of the clamped neurons among those of all, which are NaN."""
    among = np.full((len(exact), *rows.shape[1:]), np.nan, rows.dtype)
    among[exact] = rows
    return among


def _clamp_values(model: LanguageModel, subject: Subject, text: Text, numbers: Numbers, value: str | float) -> Floats:
    """What each neuron of the layer is clamped to, float32 (H,)."""
    if isinstance(value, str):
        if value == "mean":
            return mean_signal(model, subject, looked_at(text, numbers)).astype(np.float32)
        if value == "zero":
            return np.zeros(model.architecture.hidden, np.float32)
        raise ValueError(f'value is "mean", "zero" or a number, got {value!r}.')
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f'value is "mean", "zero" or a number, got {value!r} ({type(value).__name__}).')
    if not isfinite(value):
        raise ValueError(f"value is a finite number, got {value!r}.")
    return np.full(model.architecture.hidden, value, np.float32)


def _segments(text: Text, marked: Mask, name: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each token's change is added up: twice its document's number, plus 1 elsewhere; and how many there are.

    Raises:
        ValueError: if there is nothing to compare.
    """
    starts = np.zeros(len(text), np.int64)
    starts[list(text.documents)] = 1
    segments = 2 * (np.cumsum(starts) - 1) + ~marked
    counts = np.bincount(segments[starts == 0], minlength=2 * len(text.documents)).reshape(-1, 2)
    at, elsewhere = counts.sum(axis=0)
    if at + elsewhere == 0:
        raise ValueError("There is nothing to predict in this text: every document has a single token.")
    if at == 0 or elsewhere == 0:
        which = "none" if at == 0 else "every one"
        raise ValueError(
            f"Feature {name!r} marks {which} of the {at + elsewhere} predicted tokens, so there is nothing to compare "
            "with. A document's first token is not predicted. Give another feature or more text."
        )
    return segments, counts
