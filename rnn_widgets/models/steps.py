"""The compiled parts of training: one update of the parameters, and the loss of a piece of text."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from typing import TypeAlias

import jax
import jax.numpy as jnp
import optax
from flax import nnx
from jax import Array

from rnn_widgets.models.language_model import Graph, Network, Noise, Parameters, States, dropout
from rnn_widgets.models.recipes import TrainingSection

Piece: TypeAlias = tuple[Array, Array, Array, Array]
"""inputs, targets, keep, weights, each [steps, rows]; see `Batches`."""

Sums: TypeAlias = Array
"""[3]: bits, tokens predicted right, tokens predicted."""

Update: TypeAlias = Callable[
    [Parameters, optax.OptState, States, Piece, Array], tuple[Parameters, optax.OptState, States, Sums]
]
"""(parameters, optimiser's state, state, piece, key) -> the first three anew, and the sums of this piece."""

Measure: TypeAlias = Callable[[Parameters, States, Piece], tuple[States, Sums]]
"""(parameters, state, piece) -> the state after it, and its sums, without noise."""


def make_update(graph: Graph, optimizer: optax.GradientTransformation, training: TrainingSection) -> Update:
    """The compiled training step for a network of this structure."""

    # nothing is donated: Ctrl-C may come between the call and the assignment of what it returns
    @jax.jit
    def update(
        parameters: Parameters, moments: optax.OptState, state: States, piece: Piece, key: Array
    ) -> tuple[Parameters, optax.OptState, States, Sums]:
        noise = Noise(key, training.dropout_inputs, training.dropout_outputs, training.dropout_recurrent)

        def loss(candidate: Parameters) -> tuple[Array, tuple[States, Sums]]:
            after, sums = _read(nnx.merge(graph, candidate), state, piece, noise)
            return sums[0] * log(2.0) / jnp.maximum(sums[2], 1.0), (after, sums)

        gradient, (after, sums) = jax.grad(loss, has_aux=True)(parameters)
        changes, moments = optimizer.update(gradient, moments, parameters)
        return optax.apply_updates(parameters, changes), moments, after, sums

    return update


def make_measure(graph: Graph) -> Measure:
    """The compiled loss of a piece of text for a network of this structure."""

    @jax.jit
    def measure(parameters: Parameters, state: States, piece: Piece) -> tuple[States, Sums]:
        return _read(nnx.merge(graph, parameters), state, piece, None)

    return measure


def make_optimizer(training: TrainingSection, updates: int) -> optax.GradientTransformation:
    """The optimiser that a recipe names, with its schedule, after clipping the gradient's norm.

    Raises:
        ValueError: if optax has no such optimiser, or it does not take the recipe's options.
    """
    make = getattr(optax, training.optimizer, None)
    if not callable(make):
        raise ValueError(
            f"optax has no optimiser {training.optimizer!r}. Known ones are adam, adamw, rmsprop, adagrad, sgd."
        )
    if training.schedule == "cosine":
        warmup = min(training.warmup, max(updates - 1, 0))
        rate: optax.Schedule | float = optax.warmup_cosine_decay_schedule(
            0.0, training.learning_rate, warmup, max(updates, 1)
        )
    elif training.warmup:
        rate = optax.linear_schedule(0.0, training.learning_rate, training.warmup)
    else:
        rate = training.learning_rate
    try:
        optimizer = make(learning_rate=rate, **training.optimizer_options)
    except TypeError as error:
        raise ValueError(f"optax.{training.optimizer} does not fit the recipe: {error}") from error
    return optax.chain(optax.clip_by_global_norm(training.clip), optimizer)


def _read(network: Network, state: States, piece: Piece, noise: Noise | None) -> tuple[States, Sums]:
    inputs, targets, keep, weights = piece
    after, hidden = network.read(inputs, state, keep=keep, noise=noise)
    if noise is not None:
        hidden = dropout(jax.random.fold_in(noise.key, len(state)), hidden, noise.outputs)
    nats, right = network.cross_entropy(hidden, targets, weights)
    return after, jnp.stack([nats / log(2.0), right, jnp.sum(weights)])
