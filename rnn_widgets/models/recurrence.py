"""A layer's recurrence over many tokens: one scan to look inside, and one to train with its own backward pass.

Automatic differentiation of a scan adds up the weights' gradient token by token: one small product a token, and the
whole matrix read and written each time. Here the backward pass hands out the gradients by each step's product,
and one large product over all tokens makes the weights' gradient of them.
"""

from __future__ import annotations

from functools import partial
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
from jax import Array

from rnn_widgets.models.cells import Cell, Signals, State, Touch, Weights, untouched
from rnn_widgets.models.rows import add_rows

Source: TypeAlias = tuple[Array, Array | None]
"""What a layer reads: projections [steps, rows, K H] and None, or tokens [steps, rows] and the table [V, K H] in
which each token's projection is looked up.
"""


def unroll(
    cell: Cell,
    weights: Weights,
    source: Source,
    state: State,
    keep: Array | None = None,
    going: Array | None = None,
    touch: Touch = untouched,
) -> tuple[State, Signals]:
    """Takes every step, and returns every value that the cell's steps return.

    Args:
        cell: what steps.
        weights: what its step takes.
        source: what it reads.
        state: the state before.
        keep: float [steps, rows], 0 where the state is set to zero before the step, else 1.
        going: bool [steps, rows], false where there is no token, so that the state stays as it is.
        touch: sees, and may replace, each signal of each step.

    Returns:
        The state after, and the signals [steps, rows, H].
    """
    given, table = source

    def step(before: State, now: tuple[Array, Array | None, Array | None]) -> tuple[State, Signals]:
        read, kept, goes = now
        before = _kept(before, kept)
        after, signals = cell.step(weights, before, read if table is None else table[read], touch)
        if goes is not None:
            after = {name: jnp.where(goes[:, None], array, before[name]) for name, array in after.items()}
        return after, signals

    return jax.lax.scan(step, state, (given, keep, going))


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def hidden_states(
    cell: Cell, weights: Weights, source: Source, state: State, keep: Array | None
) -> tuple[State, Array]:
    """Like `unroll`, but returns the signal `hidden` [steps, rows, H] alone, and is fast to differentiate."""
    after, signals = unroll(cell, weights, source, state, keep)
    return after, signals["hidden"]


_Residuals: TypeAlias = tuple[Weights, Source, State, Array | None, Signals]


def _forward(
    cell: Cell, weights: Weights, source: Source, state: State, keep: Array | None
) -> tuple[tuple[State, Array], _Residuals]:
    after, shown = unroll(cell, weights, source, state, keep)
    kept = {name: shown[name] for name in {**dict.fromkeys(cell.states), **dict.fromkeys(cell.read_back)}}
    return (after, shown["hidden"]), (weights, source, state, keep, kept)


def _backward(
    cell: Cell, residuals: _Residuals, gradients: tuple[State, Array]
) -> tuple[Weights, tuple[Any, Any], State, None]:
    weights, (given, table), state, keep, shown = residuals
    after, by_hidden = gradients
    transposed = {name: array.T for name, array in weights.items()}
    before = {name: jnp.concatenate([state[name][None], shown[name][:-1]]) for name in cell.states}
    before = _kept(before, keep)

    def step(
        by_state: State, now: tuple[State, Signals, Array, Array | None]
    ) -> tuple[State, tuple[Array, Array | None]]:
        was, signals, by_output, kept = now
        by_after = {**by_state, "hidden": by_state["hidden"] + by_output}
        by_before, by_projection, by_product = cell.pull(transposed, was, signals, by_after)
        # Where both are one array, it is written once.
        return _kept(by_before, kept), (by_projection, None if by_product is by_projection else by_product)

    by_state, (by_projection, by_product) = jax.lax.scan(step, after, (before, shown, by_hidden, keep), reverse=True)
    by_product = by_projection if by_product is None else by_product
    flat = {name: _flat(array) for name, array in shown.items()}
    by_weights = cell.weight_gradient(_flat(before["hidden"]), flat, _flat(by_product))
    if table is None:
        return by_weights, (by_projection, None), by_state, None
    by_table = add_rows(_flat(by_projection), given.reshape(-1), len(table))
    return by_weights, (None, by_table), by_state, None


hidden_states.defvjp(_forward, _backward)


def _kept(state: State, keep: Array | None) -> State:
    return state if keep is None else {name: array * keep[..., None] for name, array in state.items()}


def _flat(array: Array) -> Array:
    """[steps, rows, H] as [steps rows, H]."""
    return array.reshape(-1, array.shape[-1])
