"""One update of the same network by each rival: each function here makes one, which waits for its own result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch
from flax import nnx
from jax import Array

from rnn_widgets.models.cells import CELLS
from rnn_widgets.models.network import Architecture, Network
from rnn_widgets.models.optimizers import make_optimizer, make_schedule
from rnn_widgets.models.recipes import TrainingSection
from rnn_widgets.models.recurrence import hidden_states
from rnn_widgets.models.rows import look_up
from rnn_widgets.models.steps import make_update

RATE, CLIP = 1e-3, 1.0


@dataclass(frozen=True)
class Case:
    """Which network is trained, on how many tokens at once."""

    cell: str
    vocabulary: int
    embedding: int
    hidden: int
    rows: int
    steps: int

    @property
    def tokens(self) -> int:
        return self.rows * self.steps

    @property
    def recurrent_columns(self) -> int:
        return len(CELLS[self.cell].blocks) * self.hidden

    def drawn(self) -> tuple[np.ndarray, np.ndarray]:
        """Tokens to read and to predict, int32 [steps, rows]."""
        drawn = np.random.default_rng(0).integers(0, self.vocabulary, (2, self.steps, self.rows)).astype(np.int32)
        return drawn[0], drawn[1]


def our_update(case: Case) -> Callable[[], object]:
    training = TrainingSection(epochs=1, rows=case.rows, steps=case.steps, learning_rate=RATE, clip=CLIP)
    network = Network(Architecture(case.cell, case.vocabulary, case.embedding, case.hidden), jax.random.key(0))
    graph, parameters = nnx.split(network, nnx.Param)
    schedule = make_schedule(training, 100)
    optimizer = make_optimizer(training, schedule, parameters)
    update, moments = jax.jit(make_update(graph, optimizer, schedule, training)), optimizer.init(parameters)
    state, key = network.initial_state(case.rows), jax.random.key(1)
    ones = jnp.ones((case.steps, case.rows))
    group = tuple(part[None] for part in (*map(jnp.asarray, case.drawn()), ones, ones))

    def run() -> float:
        nonlocal parameters, moments
        parameters, moments, _, reached = update(parameters, moments, state, group, key, 0)
        return float(reached[0])

    return run


def torch_update(case: Case) -> Callable[[], object]:
    torch.set_num_threads(1)
    embedding = torch.nn.Embedding(case.vocabulary, case.embedding)
    layer = getattr(torch.nn, case.cell.upper())(case.embedding, case.hidden)
    readout = torch.nn.Linear(case.hidden, case.vocabulary)
    parameters = [*embedding.parameters(), *layer.parameters(), *readout.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=RATE)
    inputs, targets = (torch.from_numpy(tokens).long() for tokens in case.drawn())
    zeros = torch.zeros(1, case.rows, case.hidden)
    state = (zeros, zeros) if case.cell == "lstm" else zeros

    def run() -> float:
        optimizer.zero_grad()
        hidden, _ = layer(embedding(inputs), state)
        loss = torch.nn.functional.cross_entropy(readout(hidden).flatten(0, 1), targets.flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, CLIP)
        optimizer.step()
        return float(loss.detach())

    return run


class _FlaxNetwork(nnx.Module):
    def __init__(self, case: Case) -> None:
        rngs = nnx.Rngs(0)
        cell = {"lstm": nnx.OptimizedLSTMCell, "gru": nnx.GRUCell}[case.cell]
        self.embedding = nnx.Embed(case.vocabulary, case.embedding, rngs=rngs)
        self.layer = nnx.RNN(cell(case.embedding, case.hidden, rngs=rngs), time_major=True)
        self.readout = nnx.Linear(case.hidden, case.vocabulary, rngs=rngs)
        zeros = jnp.zeros((case.rows, case.hidden))
        self.start = nnx.data((zeros, zeros) if case.cell == "lstm" else zeros)

    def __call__(self, tokens: Array) -> Array:
        logits: Array = self.readout(self.layer(self.embedding(tokens), initial_carry=self.start))
        return logits


def flax_update(case: Case) -> Callable[[], object]:
    graph, parameters, others = nnx.split(_FlaxNetwork(case), nnx.Param, ...)
    optimizer = optax.chain(optax.clip_by_global_norm(CLIP), optax.adam(RATE))
    moments = optimizer.init(parameters)
    inputs, targets = map(jnp.asarray, case.drawn())

    @jax.jit
    def update(parameters: nnx.State, moments: optax.OptState) -> tuple[nnx.State, optax.OptState, Array]:
        def loss(candidate: nnx.State) -> Array:
            logits = nnx.merge(graph, candidate, others)(inputs)
            return optax.softmax_cross_entropy_with_integer_labels(logits, targets).mean()

        found, gradient = jax.value_and_grad(loss)(parameters)
        changes, moments = optimizer.update(gradient, moments, parameters)
        return optax.apply_updates(parameters, changes), moments, found

    def run() -> float:
        nonlocal parameters, moments
        parameters, moments, found = update(parameters, moments)
        return float(found)

    return run


def table_reading(case: Case) -> Callable[[], object]:
    """Forward and backward through the first layer, whose input is looked up in a table made of the embedding."""
    return _reading(case, lambda embedding, input, tokens: (tokens, embedding @ input))


def projected_reading(case: Case) -> Callable[[], object]:
    """The same, each token's embedding projected."""
    return _reading(case, lambda embedding, input, tokens: (look_up(embedding, tokens) @ input, None))


def _reading(case: Case, source: Callable[[Array, Array, Array], tuple[Array, Array | None]]) -> Callable[[], object]:
    network = Network(Architecture(case.cell, case.vocabulary, case.embedding, case.hidden), jax.random.key(0))
    weights, state = network.layers[0].weights(), network.initial_state(case.rows)[0]
    tokens = jnp.asarray(case.drawn()[0])

    @jax.jit
    def gradient(embedding: Array, input: Array, weights: dict[str, Array]) -> object:
        def total(embedding: Array, input: Array, weights: dict[str, Array]) -> Array:
            return jnp.sum(hidden_states(network.cell, weights, source(embedding, input, tokens), state, None)[1])

        return jax.grad(total, (0, 1, 2))(embedding, input, weights)

    return lambda: jax.block_until_ready(gradient(network.embedding[...], network.layers[0].input[...], weights))
