"""Generation: the model writes on from a prompt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import isfinite

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax import Array

from rnn_widgets.models.arguments import check_model, check_whole
from rnn_widgets.models.network import Graph, Parameters, States
from rnn_widgets.models.progress import counted_progress
from rnn_widgets.models.reading import PIECE, TILE, Numbers, input_table, read_on
from rnn_widgets.models.text_network import TextNetwork
from rnn_widgets.text import Text

_STRIDE = 64
_MOST = 10_000_000
_MOST_NOISE = 2**17
_SHORT_PIECE = 16
"""Tokens of a prompt that are read at once where it is not longer than a piece: most prompts are short."""


def generate(
    model: TextNetwork,
    prompt: Text | str,
    *,
    length: int,
    seed: int,
    temperature: float = 1.0,
    documents: int = 1,
    progress: bool | None = None,
) -> Text:
    """Lets the model write on: each token is drawn from what it predicts after those before. `<unk>` is never drawn.

    The same arguments give the same text, and its first documents are those that a smaller `documents` gives.

    Args:
        model: the network that writes.
        prompt: what it reads first, of any length, and which every document begins with; unknown words keep their form.
            After an empty prompt the first token is drawn from the readout of the zero state.
        length: number of new tokens of each document.
        seed: of the random draws.
        temperature: the logits are divided by it; below 1 the likely becomes likelier. 0 always takes the
            likeliest token.
        documents: how many continuations to write; `documents` times `length` is at most 10,000,000.
        progress: whether to show a progress bar; by default for long texts, on a terminal or in a notebook.

    Returns:
        A Text of `documents` documents, each the prompt and `length` new tokens.

    Raises:
        TypeError: if it is no model.
        ValueError: if a number is out of range, or the prompt has several documents.
    """
    check_model(model)
    check_whole("length", length, 1)
    check_whole("documents", documents, 1)
    check_whole("seed", seed, 0)
    total = int(length) * int(documents)
    if total > _MOST:
        raise ValueError(
            f"At most {_MOST:,} tokens are written at once, got length={length:,} x documents={documents:,} = "
            f"{total:,}. Give a smaller length or fewer documents."
        )
    if isinstance(temperature, bool) or not isfinite(temperature) or temperature < 0:
        raise ValueError(f"temperature is a finite number from 0, got {temperature!r}.")
    begun = () if isinstance(prompt, str) and not prompt else _one_document(model.as_text(prompt))
    graph, parameters = nnx.split(model.module, nnx.Param)
    table = input_table(graph, parameters)
    state = _read_prompt(graph, parameters, table, model, model.vocabulary.encode(begun))
    texts = []
    with counted_progress("writing", total, progress) as advance:
        for part in _written_together(documents):
            keys = jnp.stack([jax.random.fold_in(jax.random.key(seed), number) for number in part])
            states = jax.tree.map(partial(jnp.repeat, repeats=len(part), axis=0), state)
            wanted = min(len(part), documents - part.start)
            drawn = _write(graph, parameters, table, states, keys, temperature, length, wanted, advance)
            texts += [model.vocabulary.decode(row) for row in drawn]
    joiner = prompt.joiner if isinstance(prompt, Text) else model.joiner
    return Text.concatenate([Text((*begun, *tokens), joiner=joiner) for tokens in texts])


def _written_together(documents: int) -> Iterator[range]:
    """The documents whose rows share a product: the first alone, which is several times as fast, then `TILE`.

    So a document has the same company, and with it the same rounding, however many there are.
    """
    yield range(1)
    for first in range(1, documents, TILE):
        yield range(first, first + TILE)


def _read_prompt(
    graph: Graph, parameters: Parameters, table: Array | None, model: TextNetwork, numbers: Numbers
) -> States:
    """The state after the prompt, arrays [1, H]."""
    state = model.module.initial_state(1)
    first = 0
    while first < len(numbers):
        size = PIECE if len(numbers) - first >= PIECE else _SHORT_PIECE
        part = np.resize(numbers[first : first + size], size)
        going = first + np.arange(size) < len(numbers)
        state = read_on(graph, parameters, table, state, jnp.asarray(part[:, None]), jnp.asarray(going[:, None]))
        first += size
    return state


def _write(
    graph: Graph,
    parameters: Parameters,
    table: Array | None,
    state: States,
    keys: Array,
    temperature: float,
    length: int,
    rows: int,
    advance: Callable[[int], None],
) -> Numbers:
    """`length` tokens of the first rows, [rows, length], in strides of one fixed length so that it is compiled once."""
    drawn = []
    for first in range(0, length, _STRIDE):
        state, tokens = _write_stride(graph, parameters, table, state, keys, temperature, first)
        drawn.append(np.asarray(tokens))
        advance(rows * min(_STRIDE, length - first))
    return np.concatenate(drawn)[:length, :rows].T


@partial(jax.jit, static_argnums=0)
def _write_stride(
    graph: Graph,
    parameters: Parameters,
    table: Array | None,
    state: States,
    keys: Array,
    temperature: Array | float,
    first: Array | int,
) -> tuple[States, Array]:
    network = nnx.merge(graph, parameters)
    vocabulary = network.architecture.vocabulary

    def noise(position: Array) -> Array:
        """What is added to the logits of each row [rows, V]: the largest sum is a draw (Gumbel 1954)."""
        row_keys = jax.vmap(jax.random.fold_in, (0, None))(keys, position)
        return jax.vmap(lambda key: jax.random.gumbel(key, (vocabulary,)))(row_keys)

    def step(before: States, given: Array) -> tuple[States, Array]:
        logits = network.logits(before[-1]["hidden"]).at[:, 0].set(-jnp.inf)
        above = logits - jnp.max(logits, axis=1, keepdims=True)
        drawn = above / jnp.maximum(temperature, 1e-30) + (given if at_once else noise(given))
        token = jnp.argmax(jnp.where(temperature > 0, drawn, logits), axis=1).astype(jnp.int32)
        after, _ = network.read(token[None], before, table=table)
        return after, token

    positions = first + jnp.arange(_STRIDE)
    # drawn for all tokens at once where that takes little room, which is much faster than one by one
    at_once = len(keys) * vocabulary <= _MOST_NOISE
    return jax.lax.scan(step, state, jax.vmap(noise)(positions) if at_once else positions)


def _one_document(prompt: Text) -> tuple[str, ...]:
    if len(prompt.documents) > 1:
        raise ValueError(
            f"A prompt is one document, got a Text of {len(prompt.documents)}. Give one of prompt.split(); "
            "documents= says how many continuations to write."
        )
    return prompt.tokens
