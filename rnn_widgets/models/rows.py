"""Rows of a table by token: looking them up, and adding up their gradients."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
from jax import Array


@jax.custom_vjp
def look_up(table: Array, tokens: Array) -> Array:
    """The rows [..., E] of a table [V, E] that the tokens [...] name; fast to differentiate."""
    return table[tokens]


def _forward(table: Array, tokens: Array) -> tuple[Array, tuple[Array, int]]:
    return table[tokens], (tokens, len(table))


def _backward(residuals: tuple[Array, int], gradient: Array) -> tuple[Array, None]:
    tokens, size = residuals
    return add_rows(gradient.reshape(-1, gradient.shape[-1]), tokens.reshape(-1), size), None


look_up.defvjp(_forward, _backward)


def add_rows(rows: Array, tokens: Array, size: int) -> Array:
    """The sum of the rows [N, E] of each token [N]: [size, E]."""
    sums: Array = jax.lax.platform_dependent(
        rows,
        jnp.asarray(tokens),
        cpu=partial(_one_by_one, size=size),
        default=partial(jax.ops.segment_sum, num_segments=size),
    )
    return sums


def _one_by_one(rows: Array, tokens: Array, size: int) -> Array:
    """XLA's own scatter on a CPU first copies all rows into another shape, which takes up to ten times as long."""

    def add(number: Array, sums: Array) -> Array:
        start = (tokens[number], 0)
        row = jax.lax.dynamic_slice(rows, (number, 0), (1, rows.shape[1]))
        return jax.lax.dynamic_update_slice(sums, row + jax.lax.dynamic_slice(sums, start, row.shape), start)

    sums: Array = jax.lax.fori_loop(0, len(rows), add, jnp.zeros((size, rows.shape[1]), rows.dtype))
    return sums
