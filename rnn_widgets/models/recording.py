"""Recording: every signal of every layer at every token, and what the network expected."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import log

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax import Array

from rnn_widgets.activations import Activations, Floats, Predictions, SignalKey
from rnn_widgets.models.language_model import Graph, LanguageModel, Parameters
from rnn_widgets.models.progress import counted_progress
from rnn_widgets.models.reading import (
    PIECE,
    TILE,
    Numbers,
    input_table,
    pieces,
    read_piece,
    tiles,
)
from rnn_widgets.text import Text

_PREDICTIONS = 5


def record(
    model: LanguageModel,
    text: Text | str | Sequence[Text | str],
    *,
    signals: Sequence[str] | None = None,
    predictions: int | None = None,
    piece: int = PIECE,
    progress: bool | None = None,
) -> Activations:
    """Lets the model read a text and records it.

    The state is zero before each document. A document's numbers are the same to the last bit whether it is recorded
    alone or with others, and whatever `piece` is.

    Args:
        model: the network that reads.
        text: a Text, a str, or a list of them, each a document or more. A Text is never tokenised again. A token that
            the vocabulary does not hold is read as `<unk>`, and keeps its form in the recording.
        signals: names of the signals to keep; all of the model's by default.
        predictions: how many of the likeliest next tokens to keep, `<unk>` can be among them; by default 5, or
            the whole vocabulary where it is smaller.
        piece: tokens read at once, at most 128, with the state carried on; the result does not depend on it.
        progress: whether to show a progress bar; by default for long texts, on a terminal or in a notebook.

    Returns:
        Activations with surprisal and predictions. The surprisal of an unknown token is that of `<unk>`.

    Raises:
        ValueError: if the text is empty, or a signal is unknown, or a number is out of range.
    """
    text = model.as_text(text)
    wanted = _wanted_signals(model, signals)
    if not 1 <= piece <= PIECE:
        raise ValueError(f"piece is a number of tokens from 1 to {PIECE}, got {piece!r}.")
    size = model.architecture.vocabulary
    count = min(_PREDICTIONS, size) if predictions is None else predictions
    if not 1 <= count <= size:
        raise ValueError(f"predictions is a number of tokens from 1 to the vocabulary's {size}, got {predictions!r}.")
    numbers = model.vocabulary.encode(text.tokens)
    parts = text.slices()
    documents = [numbers[part] for part in parts]
    graph, parameters = nnx.split(model.module, nnx.Param)
    table = input_table(graph, parameters)
    layers, neurons = model.architecture.layers, model.architecture.hidden
    keys = [(signal, layer) for layer in range(layers) for signal in wanted]
    values = {key: np.empty((len(text), neurons), np.float32) for key in keys}
    surprisal = np.full(len(text), np.nan, np.float32)
    likeliest = np.empty((len(text), count), np.int32)
    probabilities = np.empty((len(text), count), np.float32)
    with counted_progress("recording", len(text), progress) as advance:
        for tile in tiles(documents):
            hidden = _record_tile(
                graph,
                parameters,
                table,
                model,
                [documents[index] for index in tile],
                [parts[index] for index in tile],
                values,
                piece,
            )
            for index, states in zip(tile, hidden, strict=True):
                part = parts[index]
                bits, likeliest[part], probabilities[part] = _read_out(
                    graph, parameters, states, documents[index], count
                )
                surprisal[part][1:] = bits[:-1]
                advance(len(states))
    return Activations.from_arrays(
        text,
        values,
        surprisal=surprisal,
        predictions=Predictions(likeliest, probabilities, model.vocabulary.tokens),
        network=model.network,
    )


def _record_tile(
    graph: Graph,
    parameters: Parameters,
    table: Array,
    model: LanguageModel,
    documents: list[Numbers],
    parts: list[slice],
    values: dict[SignalKey, Floats],
    piece: int,
) -> list[Floats]:
    """Fills in the signals of these documents, and returns the last layer's hidden state of each, (T, H)."""
    state = model.module.initial_state(TILE)
    hidden = [np.empty((len(document), model.architecture.hidden), np.float32) for document in documents]
    for first, tokens, lengths in pieces(documents, piece):
        state, shown = read_piece(graph, parameters, table, state, jnp.asarray(tokens), jnp.asarray(lengths))
        arrived = [{signal: np.asarray(array) for signal, array in layer.items()} for layer in shown]
        for row, part in enumerate(parts):
            length = int(lengths[row])
            hidden[row][first : first + length] = arrived[-1]["hidden"][:length, row]
            start = part.start + first
            for (signal, layer), array in values.items():
                array[start : start + length] = arrived[layer][signal][:length, row]
    return hidden


def _read_out(
    graph: Graph, parameters: Parameters, hidden: Floats, numbers: Numbers, count: int
) -> tuple[Floats, Numbers, Floats]:
    """After each token of a document: bits of the token that follows, (T,), and the likeliest ones."""
    length = len(hidden)
    padded = -(-length // PIECE) * PIECE
    states = np.zeros((padded, hidden.shape[1]), np.float32)
    states[:length] = hidden
    following = np.zeros(padded, np.int32)
    following[: length - 1] = numbers[1:]
    found = [
        _expect(graph, parameters, jnp.asarray(states[at : at + PIECE]), jnp.asarray(following[at : at + PIECE]), count)
        for at in range(0, padded, PIECE)
    ]
    bits, likeliest, probabilities = (np.concatenate(column)[:length] for column in zip(*found, strict=True))
    return bits, likeliest, probabilities


@partial(jax.jit, static_argnums=(0, 4))
def _expect(
    graph: Graph, parameters: Parameters, hidden: Array, following: Array, count: int
) -> tuple[Array, Array, Array]:
    logs = jax.nn.log_softmax(nnx.merge(graph, parameters).logits(hidden))
    best, likeliest = jax.lax.top_k(logs, count)
    bits = -jnp.take_along_axis(logs, following[:, None], axis=1)[:, 0] / log(2.0)
    return bits, likeliest, jnp.exp(best)


def _wanted_signals(model: LanguageModel, signals: Sequence[str] | None) -> tuple[str, ...]:
    if signals is None:
        return model.signals
    chosen = (signals,) if isinstance(signals, str) else tuple(signals)
    unknown = [signal for signal in chosen if signal not in model.signals]
    if unknown or not chosen:
        named = f"no signal {unknown[0]!r}" if unknown else "to record at least one signal"
        raise ValueError(f"This model has {named}. Its signals are: {', '.join(model.signals)}.")
    return chosen
