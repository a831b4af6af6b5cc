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

from rnn_widgets.models.cells import Signals, untouched
from rnn_widgets.models.data import Numbered, side_by_side
from rnn_widgets.models.network import Graph, Network, Parameters, States
from rnn_widgets.models.reading import Numbers, input_table
from rnn_widgets.models.recurrence import hidden_states
from rnn_widgets.models.text_network import TextNetwork
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
    table: Array | None
    place: Place

    @staticmethod
    def of(model: TextNetwork, place: Place) -> Subject:
        graph, parameters = nnx.split(model.module, nnx.Param)
        return Subject(graph, parameters, input_table(graph, parameters), place)

    def initial_state(self, streams: int, copies: int = 1) -> States:
        """The state before a document's first token, of copies that differ in this place, as `read_bits` takes it."""
        whole = nnx.merge(self.graph, self.parameters)
        below, above = whole.initial_state(streams), whole.initial_state(streams * copies)
        return *below[: self.place[0]], *above[self.place[0] :]


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
    table: Array | None,
    state: States,
    piece: Piece,
    place: Place,
    touch: Callable[[Array, Any], Array],
    given: Any = None,
    copies: int = 1,
) -> tuple[States, tuple[Array, Signals]]:
    """Reads a piece in several copies that differ by what is touched, and so share all that is below it.

    The layers from the touched one on take a step together, so that nothing but their state outlives it.

    Args:
        network: what reads.
        table: its `input_table`.
        state: the state before, [streams, H] of the layers below the touched one, [copies streams, H] of the others;
            the streams of one copy are neighbours.
        piece: what each copy reads, [steps, streams].
        place: the signal that is touched.
        touch: (values [copies streams, H], what is given at this step) -> the values that the network goes on with.
        given: arrays [steps, ...].
        copies: how many there are.

    Returns:
        The state after, and, [steps, copies streams], the surprisal in bits of the tokens that follow, and,
        [steps, copies streams, H], every signal of the layer.
    """
    (tokens, following, keep), (first, touched) = piece, place
    cell, above = network.cell, network.layers[first:]
    below, projections = _read_below(network, table, state[:first], tokens, keep)

    def step(before: States, now: tuple[Array, Array, Array, Any]) -> tuple[States, tuple[Array, Signals]]:
        read, wanted, kept, given_now = now
        before = jax.tree.map(lambda array: array * jnp.tile(kept, copies)[:, None], before)

        def touch_signal(name: str, values: Array) -> Array:
            return touch(values, given_now) if name == touched else values

        last, shown = cell.step(above[0].weights(), before[0], jnp.tile(read, (copies, 1)), touch_signal)
        after = [last]
        for layer, was in zip(above[1:], before[1:], strict=True):
            last, _ = cell.step(layer.weights(), was, last["hidden"] @ layer.input[...] + layer.bias[...], untouched)
            after.append(last)
        bits = _surprisal(network.logits(last["hidden"]), jnp.tile(wanted, copies))
        return tuple(after), (bits, {name: shown[name] for name in cell.signals})

    after, seen = _scan_ahead(step, state[first:], (projections, following, keep, given))
    return (*below, *after), seen


def _scan_ahead(step: Callable[[Any, Any], tuple[Any, Any]], state: Any, given: Any) -> tuple[Any, Any]:
    """`jax.lax.scan` in which each step is handed, with the state, what it is given.

    XLA otherwise fuses the look-up of what is given into the loops over rows and neurons that compute with it, and on
    a CPU these take three times as long then.
    """

    def hand_on(before: tuple[Any, Any], following: Any) -> tuple[tuple[Any, Any], Any]:
        after, seen = step(*before)
        return (after, following), seen

    first = jax.tree.map(lambda array: array[0], given)
    following = jax.tree.map(lambda array: jnp.roll(array, -1, axis=0), given)
    (after, _), seen = jax.lax.scan(hand_on, (state, first), following)
    return after, seen


def _read_below(
    network: Network, table: Array | None, state: States, tokens: Array, keep: Array
) -> tuple[States, Array]:
    """As many layers as there are states: the states after, and what the next layer reads, [steps, streams, K H]."""
    projections, after = network.projections(tokens, table), []
    for number, before in enumerate(state):
        last, hidden = hidden_states(network.cell, network.layers[number].weights(), (projections, None), before, keep)
        after.append(last)
        above = network.layers[number + 1]
        projections = hidden @ above.input[...] + above.bias[...]
    return tuple(after), projections


def _surprisal(logits: Array, tokens: Array) -> Array:
    """Bits [rows] of the tokens [rows], from logits [rows, V]."""
    wanted = jnp.take_along_axis(logits, tokens[:, None], axis=1)[:, 0]
    return (jax.nn.logsumexp(logits, axis=1) - wanted) / log(2.0)


@partial(jax.jit, static_argnums=(0, 5))
def clamped_bits(
    graph: Graph,
    parameters: Parameters,
    table: Array | None,
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
        state: the state before, as `Subject.initial_state` makes it.
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

    network = nnx.merge(graph, parameters)
    after, (bits, _) = read_bits(network, table, state, piece, place, clamp, copies=clamps)
    return after, bits.reshape(-1, clamps, streams)
