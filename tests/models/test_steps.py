"""What the arithmetic of training promises, on networks of a few neurons."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import nnx

from rnn_widgets.models import Architecture, Network
from rnn_widgets.models.recipes import TrainingSection
from rnn_widgets.models.steps import Group, make_gradient, make_update

NETWORK = Network(Architecture("lstm", 7, 4, 5), jax.random.key(0))
GRAPH, PARAMETERS = nnx.split(NETWORK, nnx.Param)
KEY = jax.random.key(1)


def section(**changes: Any) -> TrainingSection:
    return TrainingSection(**{"epochs": 1, "rows": 4, "steps": 6, "learning_rate": 0.5, **changes})


def drawn(pieces: int, steps: int) -> Group:
    """A group of four rows; one token in five is not predicted, and the state sometimes starts anew."""
    draws = np.random.default_rng(0)
    shape = (pieces, steps, 4)
    inputs, targets = (jnp.asarray(draws.integers(0, 7, shape), jnp.int32) for _ in range(2))
    keep, weights = (jnp.asarray(draws.random(shape) > 0.2, jnp.float32) for _ in range(2))
    return inputs, targets, keep, weights


def assert_close(found: Any, expected: Any) -> None:
    for ours, theirs in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_pieces_that_are_accumulated_read_on_from_each_others_state_and_add_their_gradients() -> None:
    group = drawn(3, 6)
    summed, after, sums = make_gradient(GRAPH, section(accumulate=3))(PARAMETERS, NETWORK.initial_state(4), group, KEY)
    state, expected, reached = NETWORK.initial_state(4), [], []
    single = make_gradient(GRAPH, section())
    for number in range(3):
        piece = tuple(part[number : number + 1] for part in group)
        gradient, state, sum_ = single(PARAMETERS, state, piece, KEY)
        expected.append(gradient)
        reached.append(sum_)
    assert_close(after, state)
    assert_close(sums, sum(reached))
    assert_close(summed, jax.tree.map(lambda *parts: sum(parts), *expected))


def test_an_update_follows_the_mean_over_all_tokens_whatever_each_pieces_share() -> None:
    inputs, targets, keep, weights = drawn(2, 6)
    # the state starts anew with the second piece, so that no error would be propagated back over its border
    group = inputs, targets, keep.at[1, 0].set(0.0), weights.at[1, 2:].set(0.0)
    training = section(accumulate=2)
    schedule = optax.constant_schedule(0.5)
    update = jax.jit(make_update(GRAPH, optax.sgd(schedule), schedule, training))
    state = NETWORK.initial_state(4)
    moments = optax.sgd(schedule).init(PARAMETERS)
    changed, _, _, reached = update(PARAMETERS, moments, state, group, KEY, 0)

    def mean(parameters: Any) -> Any:
        network = nnx.merge(GRAPH, parameters)
        joined = [part.reshape(12, 4) for part in group]
        _, hidden = network.read(joined[0], state, keep=joined[2])
        surprisal = optax.softmax_cross_entropy_with_integer_labels(network.logits(hidden), joined[1])
        return jnp.sum(surprisal * joined[3]) / jnp.sum(joined[3])

    loss, gradient = jax.jit(jax.value_and_grad(mean))(PARAMETERS)
    assert_close(changed, jax.tree.map(lambda old, slope: old - 0.5 * slope, PARAMETERS, gradient))
    assert float(reached[0] / reached[2] * np.log(2)) == pytest.approx(float(loss), rel=1e-5)
    assert reached[2] == group[3].sum() and reached[4] == 0.5
    assert float(reached[3]) == pytest.approx(float(optax.tree.norm(gradient)), rel=1e-4)


def test_gradient_and_sums_of_rows_apart_add_up_to_those_of_all_rows() -> None:
    group, gradient = drawn(2, 6), make_gradient(GRAPH, section(accumulate=2))
    whole = gradient(PARAMETERS, NETWORK.initial_state(4), group, KEY)
    parts = [
        gradient(PARAMETERS, NETWORK.initial_state(2), tuple(part[..., rows] for part in group), KEY)
        for rows in (slice(2), slice(2, 4))
    ]
    for number in (0, 2):
        assert_close(whole[number], jax.tree.map(jnp.add, parts[0][number], parts[1][number]))
