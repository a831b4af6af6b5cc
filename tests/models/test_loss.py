from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from rnn_widgets.models.loss import cross_entropy
from rnn_widgets.models.rows import add_rows, look_up


def plain(hidden: jax.Array, readout: jax.Array, bias: jax.Array, targets: jax.Array, weights: jax.Array) -> jax.Array:
    logits = hidden @ readout + bias
    wanted = jnp.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
    nats = jax.nn.logsumexp(logits, axis=-1) - wanted
    return jnp.stack([jnp.sum(nats * weights), jnp.sum((wanted >= logits.max(axis=-1)) * weights)])


@pytest.mark.parametrize(("shape", "vocabulary"), [((7, 3), 11), ((700, 3), 11), ((5, 103), 30_000)])
def test_cross_entropy_in_blocks_is_that_of_all_logits_at_once(shape: tuple[int, int], vocabulary: int) -> None:
    random = np.random.default_rng(0)
    hidden = jnp.asarray(random.normal(size=(*shape, 6)).astype(np.float32))
    readout = jnp.asarray(random.normal(size=(6, vocabulary)).astype(np.float32))
    bias = jnp.asarray(random.normal(size=vocabulary).astype(np.float32))
    targets = jnp.asarray(random.integers(0, vocabulary, shape).astype(np.int32))
    weights = jnp.asarray((random.uniform(size=shape) > 0.2).astype(np.float32))
    expected = plain(hidden, readout, bias, targets, weights)
    np.testing.assert_allclose(cross_entropy(hidden, readout, bias, targets, weights), expected, rtol=1e-5)

    def loss(function, *arguments):  # type: ignore[no-untyped-def]
        return 3 * function(*arguments, targets, weights)[0] / jnp.sum(weights)

    found = jax.grad(lambda *given: loss(cross_entropy, *given), (0, 1, 2))(hidden, readout, bias)
    right = jax.grad(lambda *given: loss(plain, *given), (0, 1, 2))(hidden, readout, bias)
    for left, one in zip(found, right, strict=True):
        np.testing.assert_allclose(left, one, rtol=1e-4, atol=1e-7)


def test_large_logits_do_not_overflow() -> None:
    hidden, readout = jnp.full((2, 1), 300.0), jnp.asarray([[1.0, -1.0]])
    nats, right = cross_entropy(hidden, readout, jnp.zeros(2), jnp.asarray([0, 1]), jnp.ones(2))
    assert float(nats) == pytest.approx(600) and float(right) == 1


def test_rows_of_a_token_are_added_up_and_looked_up_rows_pass_their_gradient_back() -> None:
    random = np.random.default_rng(1)
    rows = random.normal(size=(50, 4)).astype(np.float32)
    tokens = random.integers(0, 6, 50).astype(np.int32)
    expected = np.zeros((7, 4))
    np.add.at(expected, tokens, rows)
    np.testing.assert_allclose(add_rows(jnp.asarray(rows), jnp.asarray(tokens), 7), expected, atol=1e-5)
    table = jnp.asarray(random.normal(size=(7, 4)).astype(np.float32))
    by_table = jax.grad(lambda table: jnp.sum(look_up(table, tokens.reshape(5, 10)) * rows.reshape(5, 10, 4)))(table)
    np.testing.assert_allclose(by_table, expected, atol=1e-5)
