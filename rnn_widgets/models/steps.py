"""The arithmetic of training: one update of the parameters, and the loss of a piece of text."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from typing import TypeAlias

import jax
import jax.numpy as jnp
import optax
from flax import nnx
from jax import Array

from rnn_widgets.models.network import Graph, Network, Noise, Parameters, States, dropout_by_rows
from rnn_widgets.models.recipes import TrainingSection

ROWS = "rows"
"""Name of the mesh axis that the rows of a batch are parted along."""

Piece: TypeAlias = tuple[Array, Array, Array, Array]
"""inputs, targets, keep, weights, each [steps, rows]; see `Batches`."""

Group: TypeAlias = tuple[Array, Array, Array, Array]
"""The pieces of one update, each array [accumulate, steps, rows]."""

Sums: TypeAlias = Array
"""[3]: bits, tokens predicted right, tokens predicted."""

Reached: TypeAlias = Array
"""[5]: the `Sums` of one update's pieces, the gradient's norm before clipping, the learning rate."""

Gradient: TypeAlias = Callable[[Parameters, States, Group, Array], tuple[Parameters, States, Sums]]
"""(parameters, state, group, key) -> gradient of the group's surprisal in nats, the state after it, its sums."""

Update: TypeAlias = Callable[
    [Parameters, optax.OptState, States, Group, Array, int], tuple[Parameters, optax.OptState, States, Reached]
]
"""(parameters, optimiser's state, state, group, key, updates done) -> the first three anew, and what was reached."""

Measure: TypeAlias = Callable[[Parameters, States, Piece], tuple[States, Sums]]
"""(parameters, state, piece) -> the state after it, and its sums, without noise."""


def make_gradient(graph: Graph, training: TrainingSection, axis: str | None = None) -> Gradient:
    """The gradient for a network of this structure, piece after piece, the state carried.

    It is summed over the tokens, not their mean, as are the sums: those of other rows may be added to them.

    Args:
        graph: the network's structure.
        training: how it is trained.
        axis: the mesh axis along which the devices' rows follow each other; None where all rows are on one device.
    """

    def surprisal(
        parameters: Parameters, before: States, piece: Piece, key: Array
    ) -> tuple[Array, tuple[States, Sums]]:
        first_row = 0 if axis is None else jax.lax.axis_index(axis) * piece[0].shape[1]
        noise = Noise(key, training.dropout_inputs, training.dropout_outputs, training.dropout_recurrent, first_row)
        after, sums = _read(nnx.merge(graph, parameters), before, piece, noise)
        return sums[0] * log(2.0), (after, sums)

    def gradient(parameters: Parameters, state: States, group: Group, key: Array) -> tuple[Parameters, States, Sums]:
        def add(
            done: tuple[Parameters, States, Sums], now: tuple[Piece, Array]
        ) -> tuple[tuple[Parameters, States, Sums], None]:
            total, before, reached = done
            more, (after, sums) = jax.grad(surprisal, has_aux=True)(parameters, before, *now)
            return (jax.tree.map(jnp.add, total, more), after, reached + sums), None

        nothing = jax.tree.map(jnp.zeros_like, parameters), state, jnp.zeros(3)
        keys = jax.random.split(key, training.accumulate)
        (total, after, sums), _ = jax.lax.scan(add, nothing, (group, keys))
        return total, after, sums

    return gradient


def make_update(
    graph: Graph,
    optimizer: optax.GradientTransformation,
    schedule: optax.Schedule,
    training: TrainingSection,
    axis: str | None = None,
) -> Update:
    """One update of the parameters of a network of this structure, a plain function to be compiled.

    The gradient that the optimiser gets is that of the mean over all tokens that the group predicts, on all devices
    along the mesh axis `axis`, if there is one.
    """
    gradient_of = make_gradient(graph, training, axis)

    def update(
        parameters: Parameters, moments: optax.OptState, state: States, group: Group, key: Array, number: int
    ) -> tuple[Parameters, optax.OptState, States, Reached]:
        gradient, after, sums = gradient_of(parameters, state, group, jax.random.fold_in(key, number))
        if axis is not None:
            gradient, sums = jax.lax.psum((gradient, sums), axis)  # type: ignore[no-untyped-call]
        gradient = jax.tree.map(lambda part: part / jnp.maximum(sums[2], 1.0), gradient)
        changes, moments = optimizer.update(gradient, moments, parameters)
        reached = jnp.append(sums, jnp.stack([optax.tree.norm(gradient), schedule(number)]))
        return optax.apply_updates(parameters, changes), moments, after, reached

    return update


def make_measure(graph: Graph) -> Measure:
    """The compiled loss of a piece of text for a network of this structure."""

    @jax.jit
    def measure(parameters: Parameters, state: States, piece: Piece) -> tuple[States, Sums]:
        return _read(nnx.merge(graph, parameters), state, piece, None)

    return measure


def _read(network: Network, state: States, piece: Piece, noise: Noise | None) -> tuple[States, Sums]:
    inputs, targets, keep, weights = piece
    after, hidden = network.read(inputs, state, keep=keep, noise=noise)
    if noise is not None:
        hidden = dropout_by_rows(jax.random.fold_in(noise.key, len(state)), hidden, noise.outputs, noise.first_row)
    nats, right = network.cross_entropy(hidden, targets, weights)
    return after, jnp.stack([nats / log(2.0), right, jnp.sum(weights)])
