"""Cross-entropy straight from hidden states, a block of tokens at a time.

All logits [tokens, V] at once would be the largest array of training by far (400 MB for 2,000 tokens of 50,000). Those
of a block stay where the processor has them at hand, and their gradient is taken at once, while they are there.
"""

from __future__ import annotations

from math import ceil
from typing import TypeAlias

import jax
import jax.numpy as jnp
from jax import Array

_LOGITS_AT_ONCE = 5_000_000
_ROWS = (256, 1024)

_Block: TypeAlias = tuple[Array, Array, Array]
"""Hidden states [rows, H], targets [rows], weights [rows]."""


@jax.custom_vjp
def cross_entropy(hidden: Array, readout: Array, bias: Array, targets: Array, weights: Array) -> Array:
    """How badly the next tokens are predicted, and how many are predicted right.

    Args:
        hidden: float32 [..., H].
        readout: float32 [H, V]; the logits are `hidden @ readout + bias`.
        bias: float32 [V].
        targets: int32 [...], the tokens that come.
        weights: float32 [...], how much each counts.

    Returns:
        [2]: the surprisal in nats, and the number of tokens that were the likeliest one, both summed by weight. The
        gradient is that of the first.
    """

    def add(sums: Array, block: _Block) -> tuple[Array, None]:
        return sums + _surprisal(*block, readout, bias)[0], None

    sums, _ = jax.lax.scan(add, jnp.zeros(2), _blocks(hidden, targets, weights, len(bias)))
    return sums


_Residuals: TypeAlias = tuple[Array, Array, Array]


def _forward(hidden: Array, readout: Array, bias: Array, targets: Array, weights: Array) -> tuple[Array, _Residuals]:
    """The sums, and their gradients by the first three arguments."""

    def add(before: tuple[Array, Array, Array], block: _Block) -> tuple[tuple[Array, Array, Array], Array]:
        sums, by_readout, by_bias = before
        states, wanted, counts = block
        found, shares = _surprisal(*block, readout, bias)
        by_logits = shares * counts[:, None]
        by_logits = jnp.where(jnp.arange(len(bias)) == wanted[:, None], by_logits - counts[:, None], by_logits)
        by_states = jax.lax.dot_general(by_logits, readout, (((1,), (1,)), ((), ())))
        by_readout += jax.lax.dot_general(states, by_logits, (((0,), (0,)), ((), ())))
        return (sums + found, by_readout, by_bias + jnp.sum(by_logits, axis=0)), by_states

    start = jnp.zeros(2), jnp.zeros_like(readout), jnp.zeros_like(bias)
    blocks = _blocks(hidden, targets, weights, len(bias))
    (sums, by_readout, by_bias), by_hidden = jax.lax.scan(add, start, blocks)
    by_hidden = by_hidden.reshape(-1, hidden.shape[-1])[: targets.size].reshape(hidden.shape)
    return sums, (by_hidden, by_readout, by_bias)


def _backward(residuals: _Residuals, gradient: Array) -> tuple[Array, Array, Array, None, None]:
    by_hidden, by_readout, by_bias = residuals
    by_nats = gradient[0]
    return by_nats * by_hidden, by_nats * by_readout, by_nats * by_bias, None, None


cross_entropy.defvjp(_forward, _backward)


def _surprisal(hidden: Array, targets: Array, weights: Array, readout: Array, bias: Array) -> tuple[Array, Array]:
    """The sums [2] of one block, and each token's probability [rows, V]."""
    logits = hidden @ readout + bias
    largest = jnp.max(logits, axis=1)
    shares = jnp.exp(logits - largest[:, None])
    total = jnp.sum(shares, axis=1)
    wanted = jnp.take_along_axis(logits, targets[:, None], axis=1)[:, 0]
    nats = jnp.log(total) + largest - wanted
    return jnp.stack([jnp.sum(nats * weights), jnp.sum((wanted >= largest) * weights)]), shares / total[:, None]


def _blocks(hidden: Array, targets: Array, weights: Array, vocabulary: int) -> _Block:
    """Everything in blocks of rows of one size, [blocks, rows, ...], the last filled up with rows of no weight."""
    tokens = targets.size
    least, most = _ROWS
    count = ceil(tokens / min(max(_LOGITS_AT_ONCE // vocabulary, least), most))
    rows = ceil(tokens / count)
    missing = count * rows - tokens

    def cut(array: Array, *inner: int) -> Array:
        flat = array.reshape(tokens, *inner)
        return jnp.pad(flat, [(0, missing)] + [(0, 0)] * len(inner)).reshape(count, rows, *inner)

    return cut(hidden, hidden.shape[-1]), cut(targets), cut(weights)
