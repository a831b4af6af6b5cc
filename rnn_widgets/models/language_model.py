"""The language model: embedding, recurrent layers, readout. Flax NNX modules hold the parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax import Array

from rnn_widgets.activations import fingerprint
from rnn_widgets.models.cells import CELLS, Cell, Signals, State
from rnn_widgets.text import TOKENIZERS, Text, Vocabulary, as_text

States: TypeAlias = tuple[State, ...]
"""The state of every layer."""

Graph: TypeAlias = "nnx.GraphDef[Network]"
"""The structure of a network, as `nnx.split` gives it."""

Parameters: TypeAlias = "nnx.State[Any, Any]"
"""The parameters of a network, as `nnx.split` gives them."""


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
        memory: longest time scale in tokens that an untrained LSTM's neurons start with; 0 starts all with a short one.

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
        if self.memory and (self.memory < 3 or self.cell == "vanilla"):
            raise ValueError(f"memory is 0, or at least 3 tokens in an LSTM, got {self.memory!r} in {self.cell!r}.")
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
    """

    key: Array
    inputs: float = 0.0
    outputs: float = 0.0
    recurrent: float = 0.0


class Layer(nnx.Module):
    """One recurrent layer's weights: `input` [inputs, K H], `recurrent` [H, K H], `bias` [K H]."""

    def __init__(self, cell: Cell, inputs: int, neurons: int, memory: int, key: Array) -> None:
        initial = cell.initial_parameters(key, inputs, neurons, memory)
        self.input = nnx.Param(initial["input"])
        self.recurrent = nnx.Param(initial["recurrent"])
        self.bias = nnx.Param(initial["bias"])


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

    def read(
        self,
        tokens: Array,
        state: States,
        *,
        keep: Array | None = None,
        going: Array | None = None,
        noise: Noise | None = None,
        table: Array | None = None,
        every_signal: bool = False,
    ) -> tuple[States, list[Signals]]:
        """Reads tokens, one after the other.

        Args:
            tokens: int32 [steps, rows].
            state: the state before them.
            keep: float [steps, rows], 0 where the state is set to zero before reading, else 1.
            going: bool [steps, rows], false where there is no token, so that the state stays as it is.
            noise: dropout; none if None.
            table: the `input_table`, if it was made before. It is made here where that is less work than projecting the
                tokens: where the vocabulary is not larger than steps x rows.
            every_signal: whether to return all signals or `hidden` alone.

        Returns:
            The state after them, and each layer's signals [steps, rows, H].
        """
        after: list[State] = []
        shown: list[Signals] = []
        masked = noise is not None and noise.inputs > 0.0
        if table is None and not masked and self.architecture.vocabulary <= tokens.size:
            table = self.input_table()
        source: Array = tokens
        for number, (layer, before) in enumerate(zip(self.layers, state, strict=True)):
            recurrent = layer.recurrent[...]
            key = None if noise is None else jax.random.fold_in(noise.key, number)
            if noise is not None and key is not None:
                recurrent = dropout(jax.random.fold_in(key, 0), recurrent, noise.recurrent)
            if number > 0 or table is None:
                source = self.embedding[...][tokens] if number == 0 else source
                if noise is not None and key is not None:
                    rate = noise.inputs if number == 0 else noise.outputs
                    source = dropout(jax.random.fold_in(key, 1), source, rate)
                source = source @ layer.input[...] + layer.bias[...]
            last, signals = self._scan(
                recurrent, table if number == 0 else None, source, before, keep, going, every_signal
            )
            after.append(last)
            shown.append(signals)
            source = signals["hidden"]
        return tuple(after), shown

    def _scan(
        self,
        recurrent: Array,
        table: Array | None,
        source: Array,
        state: State,
        keep: Array | None,
        going: Array | None,
        every_signal: bool,
    ) -> tuple[State, Signals]:
        def step(before: State, now: tuple[Array, Array | None, Array | None]) -> tuple[State, Signals]:
            given, kept, goes = now
            if kept is not None:
                before = {name: array * kept[:, None] for name, array in before.items()}
            after, signals = self.cell.step(recurrent, before, given if table is None else table[given])
            if goes is not None:
                after = {name: jnp.where(goes[:, None], array, before[name]) for name, array in after.items()}
            return after, signals if every_signal else {"hidden": signals["hidden"]}

        return jax.lax.scan(step, state, (source, keep, going))

    def logits(self, hidden: Array) -> Array:
        """Unnormalised log-probabilities [..., V] of the next token, from the last layer's hidden state [..., H]."""
        if self.readout is not None:
            return hidden @ self.readout[...] + self.readout_bias[...]
        assert self.projection is not None
        return (hidden @ self.projection[...]) @ self.embedding[...].T + self.readout_bias[...]


def dropout(key: Array, values: Array, rate: float) -> Array:
    """`values` with a share `rate` of them set to zero and the rest scaled up, so that the expectation stays."""
    if rate == 0.0:
        return values
    return jnp.where(jax.random.bernoulli(key, 1.0 - rate, values.shape), values / (1.0 - rate), 0.0)


@dataclass(frozen=True, eq=False)
class LanguageModel:
    """A network with the vocabulary and the tokeniser that it was trained with.

    Attributes:
        module: the Flax NNX module that holds the parameters.
        vocabulary: the tokens it knows.
        tokenizer: name of the tokeniser, a key of `rnn_widgets.text.TOKENIZERS`.
        joiner: what stands between two tokens when a text is shown.
        name: the recipe's name.
    """

    module: Network
    vocabulary: Vocabulary
    tokenizer: str
    joiner: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if self.tokenizer not in TOKENIZERS:
            raise ValueError(f"There is no tokenizer {self.tokenizer!r}. There are: {', '.join(TOKENIZERS)}.")
        if len(self.vocabulary) != self.architecture.vocabulary:
            raise ValueError(
                f"The network is made for {self.architecture.vocabulary} tokens, "
                f"the vocabulary holds {len(self.vocabulary)}."
            )

    @property
    def architecture(self) -> Architecture:
        return self.module.architecture

    @property
    def signals(self) -> tuple[str, ...]:
        """Names of the signals that `record` returns."""
        return self.module.cell.signals

    @cached_property
    def network(self) -> str:
        """A fingerprint of architecture, vocabulary and parameters: equal for equal networks."""
        parts = [repr(asdict(self.architecture)).encode(), "\0".join(self.vocabulary.tokens).encode()]
        leaves = jax.tree.leaves(nnx.state(self.module, nnx.Param))
        return fingerprint(*parts, *(np.asarray(leaf).tobytes() for leaf in leaves))

    def as_text(self, source: Text | str | Sequence[Text | str]) -> Text:
        """`source` as a Text; strings are split by the model's own tokeniser."""
        return as_text(source, TOKENIZERS[self.tokenizer])

    def untrained(self, seed: int) -> LanguageModel:
        """A twin of the same architecture and vocabulary that has learned nothing."""
        module = Network(self.architecture, jax.random.key(seed))
        return LanguageModel(
            module, self.vocabulary, self.tokenizer, self.joiner, f"{self.name} untrained {seed}".strip()
        )

    def __repr__(self) -> str:
        a = self.architecture
        layers = f"{a.layers} layer{'s' if a.layers > 1 else ''} of {a.hidden} neurons"
        named = f"{self.name}: " if self.name else ""
        parameters = sum(leaf.size for leaf in jax.tree.leaves(nnx.state(self.module, nnx.Param)))
        return (
            f"LanguageModel({named}{self.tokenizer} [{a.vocabulary}] -> embedding [{a.vocabulary}, {a.embedding}] -> "
            f"{a.cell}, {layers} -> {'tied ' if a.tied else ''}readout [{a.hidden}, {a.vocabulary}]; "
            f"{parameters:,} parameters)"
        )
