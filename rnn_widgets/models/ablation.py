"""Ablation: what the network predicts worse when a neuron is held at one value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn_widgets.activations import Floats, Neurons, neuron_numbers
from rnn_widgets.features import Feature, mask
from rnn_widgets.models.arguments import check_model, check_whole, known_numbers, wanted_place
from rnn_widgets.models.clamping import Streams, Subject
from rnn_widgets.models.clamps import Clamps
from rnn_widgets.models.contrast import Contrast, bootstrap, means, no_interval
from rnn_widgets.models.effects import Ablation
from rnn_widgets.models.progress import counted_progress
from rnn_widgets.models.reading import Numbers
from rnn_widgets.models.screening import estimated_changes, looked_at, mean_signal
from rnn_widgets.models.text_network import TextNetwork
from rnn_widgets.text import Text

_RANDOM_DRAWS = 999


def ablate(
    model: TextNetwork,
    text: Text | str | Sequence[Text | str],
    feature: Feature | ArrayLike,
    neurons: Neurons | None = None,
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
        TypeError: if the model, the feature, the neurons or the value are of another kind.
        ValueError: if a name or number is unknown or out of range, the model knows no token of the text, or there is
            nothing to compare, because the feature marks no predicted token, or all.
    """
    return ablate_each(
        model,
        text,
        [feature],
        neurons,
        value,
        signal,
        layer,
        screen=screen,
        exactly=exactly,
        seed=seed,
        interval=interval,
        resamples=resamples,
        keep_tokens=keep_tokens,
        devices=devices,
        progress=progress,
    )[0]


def ablate_each(
    model: TextNetwork,
    text: Text | str | Sequence[Text | str],
    features: Sequence[Feature | ArrayLike],
    neurons: Neurons | None = None,
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
) -> list[Ablation]:
    """`ablate` for several features: each neuron is clamped once for all of them.

    With `screen`, the neurons clamped are those with the largest estimates for any of the features.

    Raises:
        ValueError: if there is no feature; and as `ablate` does.
    """
    check_model(model)
    text = model.as_text(text)
    place = wanted_place(model, signal, layer)
    wanted = np.sort(neuron_numbers(neurons, model.architecture.hidden))
    for name, number in (("exactly", exactly), ("resamples", resamples)):
        check_whole(name, number, 1)
    check_whole("seed", seed, 0)
    if not 0 < interval < 1:
        raise ValueError(f"interval is the share of resamples between low and high, between 0 and 1, got {interval!r}.")
    if not features:
        raise ValueError("There is no feature to ablate for.")
    numbers = known_numbers(model, text)
    contrasts = [_contrast(text, feature) for feature in features]
    subject = Subject.of(model, place)
    values = _clamp_values(model, subject, text, numbers, value)
    chosen, estimates = wanted, None
    if screen:
        streams = looked_at(text, numbers)
        estimates = [estimated_changes(model, subject, streams, values, one.elsewhere) for one in contrasts]
        largest = [np.argsort(-np.abs(at - elsewhere), kind="stable")[:exactly] for at, elsewhere in estimates]
        chosen = np.unique(np.concatenate([*largest, [] if neurons is None else wanted])).astype(np.int64)
        wanted = np.arange(model.architecture.hidden)
    clamps = Clamps(subject, len(chosen), text, model.architecture.vocabulary, devices)
    with counted_progress("ablating", len(text) * len(chosen), progress) as advance:
        change = _clamped(clamps, text, numbers, chosen, values[chosen], advance)
    exact = np.isin(wanted, chosen)
    found = []
    for number, contrast in enumerate(contrasts):
        sums, counts = contrast.sums(change), contrast.counts
        changes, message = means(sums, counts), no_interval(counts)
        low, high = np.full((2, len(chosen)), np.nan) if message else bootstrap(sums, counts, seed, interval, resamples)
        if estimates is not None:
            estimates[number][:, exact] = changes
            changes = estimates[number]
        found.append(
            Ablation(
                neurons=wanted,
                at_feature=changes[0],
                elsewhere=changes[1],
                low=_spread(low, exact),
                high=_spread(high, exact),
                p_random=_spread(contrast.p_random(change, seed, _RANDOM_DRAWS), exact),
                exact=exact,
                sums=_spread(sums, exact),
                counts=counts,
                feature=contrast.feature,
                signal=signal,
                layer=place[0],
                value=value,
                interval=interval,
                message=message,
                change=_spread(change, exact) if keep_tokens else None,
                network=model.network,
            )
        )
    return found


def _contrast(text: Text, feature: Feature | ArrayLike) -> Contrast:
    if isinstance(feature, str):
        raise TypeError(f"What is asked about is a Feature, for example features.regex({feature!r}), or a mask.")
    asked = feature if isinstance(feature, Feature) else mask(feature)
    return Contrast.of(text, asked.mask(text), asked.name)


def _clamped(
    clamps: Clamps,
    text: Text,
    numbers: Numbers,
    neurons: NDArray[np.int64],
    values: Floats,
    advance: Callable[[int], None],
) -> Floats:
    """What each clamp adds to the surprisal of each token, in bits, (N, T); NaN at a document's first."""
    streams = Streams.of(text, numbers, clamps.streams)
    change = np.full((len(neurons), len(text)), np.nan, np.float32)
    for first in range(0, len(neurons), clamps.at_once):
        part = slice(first, min(first + clamps.at_once, len(neurons)))
        held, state = clamps.held(neurons[part], values[part]), clamps.begun()
        for number in range(len(streams)):
            state, changes = clamps.changes(state, streams.piece(number), held)
            at = streams.predicted[number]
            change[part, at[at >= 0]] = np.moveaxis(changes[:, : part.stop - part.start], 1, 2)[at >= 0].T
            advance(int((streams.read[number] >= 0).sum()) * (part.stop - part.start))
    return change


def _spread(rows: NDArray[Any], exact: NDArray[np.bool_]) -> NDArray[Any]:
    """The rows of the clamped neurons among those of all, which are NaN."""
    if exact.all():
        return rows
    among = np.full((len(exact), *rows.shape[1:]), np.nan, rows.dtype)
    among[exact] = rows
    return among


def _clamp_values(model: TextNetwork, subject: Subject, text: Text, numbers: Numbers, value: str | float) -> Floats:
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
