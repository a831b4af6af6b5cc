"""The network: embedding, recurrent layers, readout. Flax NNX modules hold the parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias, TypeVar

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array

from rnn_widgets.models.cells import CELLS, Cell, Signals, State, Weights
from rnn_widgets.models.loss import cross_entropy
from rnn_widgets.models.recurrence import Source, hidden_states, unroll
from rnn_widgets.models.rows import look_up

States: TypeAlias = tuple[State, ...]
"""The state of every layer."""

Graph: TypeAlias = "nnx.GraphDef[Network]"
"""The structure of a network, as `nnx.split` gives it."""

Parameters: TypeAlias = "nnx.State[Any, Any]"
"""The parameters of a network, as `nnx.split` gives them."""

TouchLayer: TypeAlias = Callable[[int, str, Array], Array]
"""(layer, signal, its values [rows, H]) -> the values that the network goes on with."""

Shown = TypeVar("Shown")


def leave_layer(_layer: int, _signal: str, values: Array) -> Array:
    """The `TouchLayer` of a network that is left alone."""
    return values


@dataclass(frozen=True)
class Architecture:
    """Sizes of a network.

    Attributes:
        cell: name of the recurrent cell, a key of `CELLS`.
        vocabulary: number of tokens V, `<unk>` included.
        embedding: length E of a token's vector.
        hidden: neurons H of each layer.
        layers: number of recurrent layers.
        tied: whether the readout uses the embedding's vectors (Press and Wolf 2017), after a projection from H to E.
        memory: longest time scale in tokens that the neurons of an untrained LSTM or GRU start with; 0 starts all with
            a short one.

    Raises:
        ValueError: if the cell is unknown or a size is not positive.
    """

    cell: str
    vocabulary: int
    embedding: int
    hidden: int
    layers: int = 1
    tied: bool = False
    memory: int = 0

    def __post_init__(self) -> None:
        if self.cell not in CELLS:
            raise ValueError(f"There is no cell {self.cell!r}. There are: {', '.join(CELLS)}.")
        if self.memory and (self.memory < 3 or not CELLS[self.cell].keeps):
            raise ValueError(
                f"memory is 0, or at least 3 tokens in an LSTM or a GRU, got {self.memory!r} in {self.cell!r}."
            )
        for name in ("vocabulary", "embedding", "hidden", "layers"):
            if getattr(self, name) < 1:
                raise ValueError(f"An architecture's {name} is a positive number, got {getattr(self, name)!r}.")


@dataclass(frozen=True)
class Noise:
    """What training adds so that the network generalises; rates in 0..1, and the random key of this step.

    Attributes:
        key: jax random key.
        inputs: dropout of embedding dimensions, token by token.
        outputs: dropout of what each layer hands on.
        recurrent: dropout of recurrent weights, one mask a step of training (Merity et al. 2018).
        first_row: number of the first row that is read, where others are read on another device: the masks of a row
            are its own, wherever it is read.
    """

    key: Array
    inputs: float = 0.0
    outputs: float = 0.0
    recurrent: float = 0.0
    first_row: Array | int = 0


class Layer(nnx.Module):
    """One recurrent layer's weights: `input` [inputs, K H] and `bias` [K H], and those of `weights`."""

    def __init__(self, cell: Cell, inputs: int, neurons: int, memory: int, key: Array) -> None:
        initial = cell.initial_parameters(key, inputs, neurons, memory)
        self.input = nnx.Param(initial["input"])
        self.recurrent = nnx.Param(initial["recurrent"])
        self.bias = nnx.Param(initial["bias"])
        self.recurrent_bias = nnx.Param(initial["recurrent_bias"]) if cell.recurrent_bias else None

    def weights(self) -> Weights:
        """What the cell's step takes."""
        weights: Weights = {"recurrent": self.recurrent[...]}
        return weights if self.recurrent_bias is None else {**weights, "recurrent_bias": self.recurrent_bias[...]}


class Network(nnx.Module):
    """Embedding, recurrent layers and readout of an `Architecture`."""

    def __init__(self, architecture: Architecture, key: Array) -> None:
        self.architecture = architecture
        size, width, neurons = architecture.vocabulary, architecture.embedding, architecture.hidden
        embedding_key, readout_key, *layer_keys = jax.random.split(key, 2 + architecture.layers)
        self.embedding = nnx.Param(0.1 * jax.random.normal(embedding_key, (size, width)))
        self.layers = nnx.List(
            [
                Layer(self.cell, width if number == 0 else neurons, neurons, architecture.memory, layer_key)
                for number, layer_key in enumerate(layer_keys)
            ]
        )
        glorot = jax.nn.initializers.glorot_uniform()
        self.projection = nnx.Param(glorot(readout_key, (neurons, width))) if architecture.tied else None
        self.readout = None if architecture.tied else nnx.Param(glorot(readout_key, (neurons, size)))
        self.readout_bias = nnx.Param(jnp.zeros(size))

    @property
    def cell(self) -> Cell:
        return CELLS[self.architecture.cell]

    def initial_state(self, rows: int) -> States:
        """The state before a document's first token: zeros, arrays [rows, H]."""
        return tuple(self.cell.initial_state(rows, self.architecture.hidden) for _ in self.layers)

    def input_table(self) -> Array:
        """Embedding, input weights and bias of the first layer folded into one [V, K H] table."""
        first = self.layers[0]
        return self.embedding[...] @ first.input[...] + first.bias[...]

    def projections(self, tokens: Array, table: Array | None) -> Array:
        """What the first layer's step is given [..., K H] at tokens [...], looked up in the table if there is one."""
        if table is not None:
            return table[tokens]
        first = self.layers[0]
        return look_up(self.embedding[...], tokens) @ first.input[...] + first.bias[...]

    def read(
        self,
        tokens: Array,
        state: States,
        *,
        keep: Array | None = None,
        noise: Noise | None = None,
        table: Array | None = None,
    ) -> tuple[States, Array]:
        """Reads tokens, one after the other, and is fast to differentiate.

        Args:
            tokens: int32 [steps, rows].
            state: the state before them.
            keep: float [steps, rows], 0 where the state is set to zero before reading, else 1.
            noise: dropout; none if None.
            table: the `input_table`, if it was made before. It is made here where that is less work than projecting the
                tokens: where the vocabulary is not larger than steps x rows.

        Returns:
            The state after them, and the last layer's hidden state [steps, rows, H].
        """

        def run(_: int, weights: Weights, source: Source, before: State) -> tuple[State, Array, Array]:
            last, hidden = hidden_states(self.cell, weights, source, before, keep)
            return last, hidden, hidden

        after, shown = self._through_layers(tokens, state, noise, table, run)
        return after, shown[-1]

    def watch(
        self,
        tokens: Array,
        state: States,
        *,
        keep: Array | None = None,
        going: Array | None = None,
        table: Array | None = None,
        touch: TouchLayer = leave_layer,
    ) -> tuple[States, list[Signals]]:
        """Reads tokens, one after the other, and shows everything.

        Args:
            tokens: int32 [steps, rows].
            state: the state before them.
            keep: as in `read`.
            going: bool [steps, rows], false where there is no token, so that the state stays as it is.
            table: as in `read`.
            touch: sees, and may replace, each signal of each layer before anything follows from it.

        Returns:
            The state after them, and each layer's signals [steps, rows, H].
        """

        def run(number: int, weights: Weights, source: Source, before: State) -> tuple[State, Array, Signals]:
            last, values = unroll(self.cell, weights, source, before, keep, going, partial(touch, number))
            return last, values["hidden"], {name: values[name] for name in self.cell.signals}

        return self._through_layers(tokens, state, None, table, run)

    def _through_layers(
        self,
        tokens: Array,
        state: States,
        noise: Noise | None,
        table: Array | None,
        run: Callable[[int, Weights, Source, State], tuple[State, Array, Shown]],
    ) -> tuple[States, list[Shown]]:
        """Each layer run on what the layer below it hands on: the states after, and what `run` shows of each."""
        masked = noise is not None and noise.inputs > 0.0
        if table is None and not masked and self.architecture.vocabulary <= tokens.size:
            table = self.input_table()
        hidden: Array | None = None
        after: list[State] = []
        shown: list[Shown] = []
        for number, (layer, before) in enumerate(zip(self.layers, state, strict=True)):
            weights, keys = layer.weights(), None
            if noise is not None:
                keys = [jax.random.fold_in(jax.random.fold_in(noise.key, number), part) for part in (0, 1)]
                weights |= {"recurrent": dropout(keys[0], weights["recurrent"], noise.recurrent)}
            source: Source = tokens, table
            if hidden is not None or table is None:
                read = look_up(self.embedding[...], tokens) if hidden is None else hidden
                if noise is not None and keys is not None:
                    rate = noise.inputs if hidden is None else noise.outputs
                    read = dropout_by_rows(keys[1], read, rate, noise.first_row)
                source = read @ layer.input[...] + layer.bias[...], None
            last, hidden, seen = run(number, weights, source, before)
            after.append(last)
            shown.append(seen)
        return tuple(after), shown

    def logits(self, hidden: Array) -> Array:
        """Unnormalised log-probabilities [..., V] of the next token, from the last layer's hidden state [..., H]."""
        states, readout, bias = self._reading_out(hidden)
        return states @ readout + bias

    def cross_entropy(self, hidden: Array, targets: Array, weights: Array) -> Array:
        """Sums [2] of surprisal in nats and of right predictions: see `loss.cross_entropy`."""
        return cross_entropy(*self._reading_out(hidden), targets, weights)

    def _reading_out(self, hidden: Array) -> tuple[Array, Array, Array]:
        """States, matrix and bias that make the logits."""
        if self.readout is not None:
            return hidden, self.readout[...], self.readout_bias[...]
        assert self.projection is not None
        return hidden @ self.projection[...], self.embedding[...].T, self.readout_bias[...]


def dropout(key: Array, values: Array, rate: float) -> Array:
    """`values` with a share `rate` of them set to zero and the rest scaled up, so that the expectation stays."""
    if rate == 0.0:
        return values
    return jnp.where(jax.random.bernoulli(key, 1.0 - rate, values.shape), values / (1.0 - rate), 0.0)


def dropout_by_rows(key: Array, values: Array, rate: float, first_row: Array | int) -> Array:
    """The same for `values` [steps, rows, E], each row with a key made of `key` and its number."""
    keys = jax.vmap(jax.random.fold_in, (None, 0))(key, first_row + jnp.arange(values.shape[1]))
    dropped: Array = jax.vmap(dropout, (0, 1, None), 1)(keys, values, rate) if rate else values
    return dropped
