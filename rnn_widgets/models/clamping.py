"""The compiled part of ablation: reading a text once for each clamp, many clamps side by side.

A row of the matrix products is one clamp in one stream of documents. Reading for one clamp alone fetches every weight
for a single row; with hundreds of rows a weight that was fetched serves them all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import ceil, log
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax import Array
from numpy.typing import NDArray

from rnn_widgets.models.cells import Signals
from rnn_widgets.models.data import Numbered, side_by_side
from rnn_widgets.models.language_model import Graph, LanguageModel, Network, Parameters, States
from rnn_widgets.models.reading import Numbers, input_table
from rnn_widgets.text import Text

ROWS = 512
STEPS = 32
NO_NEURON = -1

_LOGITS = 2**26
_MULTIPLE = 8

Place: TypeAlias = tuple[int, str]
"""The layer and the signal that are looked at or clamped."""

Piece: TypeAlias = tuple[Array, Array, Array]
"""Tokens read, the tokens after them, and 0 where the state is set to zero before reading, else 1: [steps, streams]."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A network taken apart for compiled functions, and the place in it that is looked at."""

    graph: Graph
    parameters: Parameters
    table: Array
    place: Place

    @staticmethod
    def of(model: LanguageModel, place: Place) -> Subject:
        graph, parameters = nnx.split(model.module, nnx.Param)
        return Subject(graph, parameters, input_table(graph, parameters), place)


@dataclass(frozen=True, eq=False)
class Streams:
    """A text's documents, whole, spread over streams that are read side by side, in N pieces of one shape.

    Attributes:
        numbers: int32 (T,), the text's token numbers.
        read: int32 [N, steps, streams], the index in the text of the token read; -1 where there is none.
        predicted: int32 [N, steps, streams], the index of the token that is predicted then; -1 where there is none.
        keep: float32 [N, steps, streams], 0 where a document starts, so that the state does.
    """

    numbers: Numbers
    read: Numbers
    predicted: Numbers
    keep: NDArray[np.float32]

    @staticmethod
    def of(text: Text, numbers: Numbers, streams: int, steps: int = STEPS) -> Streams:
        starts = np.zeros(len(text), np.bool_)
        starts[list(text.documents)] = True
        # Counted from 1, because a batch holds 0 where there is no token.
        batches = side_by_side(Numbered(np.arange(1, len(text) + 1, dtype=np.int32), starts), streams, steps)
        predicted = np.where(batches.weights > 0, batches.targets - 1, -1).astype(np.int32)
        return Streams(numbers, batches.inputs - 1, predicted, batches.keep)

    def __len__(self) -> int:
        return len(self.read)

    @property
    def width(self) -> int:
        """How many streams there are."""
        return int(self.read.shape[2])

    def piece(self, number: int) -> Piece:
        """One piece, on the device. Where there is no token some other one is read, which nothing follows from."""
        tokens, following = self.numbers[self.read[number]], self.numbers[self.predicted[number]]
        return jnp.asarray(tokens), jnp.asarray(following), jnp.asarray(self.keep[number])


@dataclass(frozen=True)
class Shape:
    """How clamps and documents share the rows of one product.

    Attributes:
        clamps: neurons that are clamped at once, each in all streams.
        streams: streams of documents.
        padded: clamps with the unclamped run before them and unused ones after them, so that rows come in eights.
    """

    clamps: int
    streams: int
    padded: int

    @staticmethod
    def of(neurons: int, text: Text, vocabulary: int) -> Shape:
        """Some `ROWS` rows, fewer where the logits of a large vocabulary would fill the memory, or there is less to do.

        Few neurons share the rows with many streams, as long as the longest document does not outlast them.
        """
        rows = max(_MULTIPLE, min(ROWS, _LOGITS // vocabulary))
        clamps = ceil(neurons / ceil(neurons / rows))
        longest = max(part.stop - part.start for part in text.slices())
        streams = max(1, min(rows // (clamps + 1), len(text.documents), ceil(len(text) / longest)))
        padded = clamps + 1
        while padded * streams % _MULTIPLE:
            padded += 1
        return Shape(clamps, streams, padded)


def read_bits(
    network: Network,
    table: Array,
    state: States,
    piece: Piece,
    place: Place,
    touch: Callable[[Array, Any], Array],
    given: Any = None,
) -> tuple[States, tuple[Array, Signals]]:
    """Reads a piece; all layers take a step together, so that nothing but the state outlives it.

    Args:
        network: what reads.
        table: its `input_table`.
        state: the state before.
        piece: what is read, [steps, rows].
        place: the signal that is touched.
        touch: (values [rows, H], what is given at this step) -> the values that the network goes on with.
        given: arrays [steps, ...].

    Returns:
        The state after, and, [steps, rows], the surprisal in bits of the tokens that follow, and, [steps, rows, H],
        every signal of the layer.
    """

    def step(before: States, now: tuple[Piece, Any]) -> tuple[States, tuple[Array, Signals]]:
        (token, following, keep), given_now = now

        def touched(number: int, name: str, values: Array) -> Array:
            return touch(values, given_now) if (number, name) == place else values

        before = jax.tree.map(lambda array: array * keep[:, None], before)
        after, shown = network.watch(token[None], before, table=table, touch=touched)
        logits = network.logits(after[-1]["hidden"])
        wanted = jnp.take_along_axis(logits, following[:, None], axis=1)[:, 0]
        bits = (jax.nn.logsumexp(logits, axis=1) - wanted) / log(2.0)
        return after, (bits, {name: array[0] for name, array in shown[place[0]].items()})

    return jax.lax.scan(step, state, (piece, given))


@partial(jax.jit, static_argnums=(0, 5))
def clamped_bits(
    graph: Graph,
    parameters: Parameters,
    table: Array,
    state: States,
    piece: Piece,
    place: Place,
    neurons: Array,
    values: Array,
) -> tuple[States, Array]:
    """Reads a piece once for each clamp.

    Args:
        graph: the network's structure.
        parameters: its parameters.
        table: its `input_table`.
        state: the state before, of clamps x streams rows; the streams of one clamp are neighbours.
        piece: what each clamp reads, [steps, streams].
        place: where the neurons are.
        neurons: int32 [clamps], the neuron that each clamp holds; `NO_NEURON` holds none.
        values: float32 [clamps], at which value.

    Returns:
        The state after, and [steps, clamps, streams] the surprisal in bits of the tokens that follow.
    """
    clamps, streams = len(neurons), piece[0].shape[1]
    held, value = (jnp.repeat(array, streams)[:, None] for array in (neurons, values))

    def clamp(signal: Array, _: None) -> Array:
        return jnp.where(jnp.arange(signal.shape[1]) == held, value, signal)

    tokens, following, keep = (jnp.tile(array, (1, clamps)) for array in piece)
    network = nnx.merge(graph, parameters)
    after, (bits, _) = read_bits(network, table, state, (tokens, following, keep), place, clamp)
    return after, bits.reshape(-1, clamps, streams)
