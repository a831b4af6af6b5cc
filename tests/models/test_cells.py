from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from rnn_widgets.models.cells import CELLS, Cell, Signals, State, Weights, untouched
from rnn_widgets.models.recurrence import hidden_states, unroll

NEURONS, ROWS, STEPS = 5, 3, 7


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def drawn(shape: tuple[int, ...], seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def weights_of(cell: Cell) -> Weights:
    weights = {"recurrent": jnp.asarray(drawn((NEURONS, len(cell.blocks) * NEURONS), 0))}
    return {**weights, "recurrent_bias": jnp.asarray(drawn((NEURONS,), 1))} if cell.recurrent_bias else weights


def state_of(cell: Cell) -> State:
    return {name: jnp.asarray(drawn((ROWS, NEURONS), 2 + number)) for number, name in enumerate(cell.states)}


def one_step(name: str) -> tuple[list[np.ndarray], State, Signals, np.ndarray, np.ndarray]:
    """Projection by block, state before, signals of one step, recurrent weights, recurrent bias."""
    cell = CELLS[name]
    projection = drawn((ROWS, len(cell.blocks) * NEURONS), 9)
    weights, state = weights_of(cell), state_of(cell)
    after, signals = cell.step(weights, state, jnp.asarray(projection), untouched)
    for carried in cell.states:
        np.testing.assert_array_equal(after[carried], signals[carried])
    blocks = np.split(projection, len(cell.blocks), axis=1)
    bias = np.asarray(weights.get("recurrent_bias", 0.0))
    return blocks, state, signals, np.asarray(weights["recurrent"]), bias


def test_the_lstm_step_is_the_textbooks() -> None:
    blocks, state, signals, recurrent, _ = one_step("lstm")
    h, c = np.asarray(state["hidden"]), np.asarray(state["cell"])
    i, f, g, o = (block + part for block, part in zip(blocks, np.split(h @ recurrent, 4, axis=1), strict=True))
    expected_cell = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    expected = {
        "hidden": sigmoid(o) * np.tanh(expected_cell),
        "cell": expected_cell,
        "input_gate": sigmoid(i),
        "forget_gate": sigmoid(f),
        "cell_gate": np.tanh(g),
        "output_gate": sigmoid(o),
    }
    assert tuple(expected) == CELLS["lstm"].signals
    for name, values in expected.items():
        np.testing.assert_allclose(signals[name], values, atol=1e-6)


@pytest.mark.parametrize(("name", "activation"), [("vanilla", np.tanh), ("vanilla_relu", lambda x: np.maximum(x, 0))])
def test_the_vanilla_step_is_elmans(name: str, activation: np.ufunc) -> None:
    (projection,), state, signals, recurrent, _ = one_step(name)
    pre_activation = projection + np.asarray(state["hidden"]) @ recurrent
    np.testing.assert_allclose(signals["pre_activation"], pre_activation, atol=1e-6)
    np.testing.assert_allclose(signals["hidden"], activation(pre_activation), atol=1e-6)


@pytest.mark.parametrize("name", ["gru", "gru_reset_before"])
def test_the_gru_step_is_chos_and_the_reset_gate_acts_where_its_name_says(name: str) -> None:
    (r, z, n), state, signals, recurrent, bias = one_step(name)
    h = np.asarray(state["hidden"])
    of_r, of_z, of_n = np.split(recurrent, 3, axis=1)
    reset, update = sigmoid(r + h @ of_r), sigmoid(z + h @ of_z)
    from_state = reset * (h @ of_n + bias) if name == "gru" else (reset * h) @ of_n
    candidate = np.tanh(n + from_state)
    expected = {
        "hidden": (1 - update) * candidate + update * h,
        "reset_gate": reset,
        "update_gate": update,
        "candidate": candidate,
    }
    assert tuple(expected) == CELLS[name].signals
    for signal, values in expected.items():
        np.testing.assert_allclose(signals[signal], values, atol=1e-6)


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_names_what_its_step_returns(name: str) -> None:
    cell = CELLS[name]
    parameters = cell.initial_parameters(jax.random.key(0), 3, 4)
    weights = {key: array for key, array in parameters.items() if key.startswith("recurrent")}
    state = cell.initial_state(2, 4)
    after, signals = cell.step(weights, state, jnp.ones((2, 3)) @ parameters["input"], untouched)
    assert {*cell.signals, *cell.states, *cell.read_back} == set(signals)
    assert tuple(after) == cell.states == tuple(state)
    assert all(array.shape == (2, 4) for array in signals.values())


@pytest.mark.parametrize("name", CELLS)
def test_what_is_touched_is_what_the_step_goes_on_with(name: str) -> None:
    """Setting a signal to what it is changes nothing; setting it to another value changes it and all that follows."""
    cell = CELLS[name]
    projection = jnp.asarray(drawn((ROWS, len(cell.blocks) * NEURONS), 9))
    weights, state = weights_of(cell), state_of(cell)
    _, signals = cell.step(weights, state, projection, untouched)
    for signal in cell.signals:

        def touch(named: str, values: jax.Array, signal: str = signal) -> jax.Array:
            return values.at[:, 2].set(0.25) if named == signal else values

        after, touched = cell.step(weights, state, projection, touch)
        np.testing.assert_array_equal(touched[signal][:, 2], np.float32(0.25))
        np.testing.assert_array_equal(after["hidden"], touched["hidden"])
        assert np.abs(touched["hidden"][:, 2] - signals["hidden"][:, 2]).min() > 1e-4
        others = [0, 1, 3, 4]
        np.testing.assert_allclose(touched["hidden"][:, others], signals["hidden"][:, others], atol=2e-1)


@pytest.mark.parametrize("looked_up", [True, False])
@pytest.mark.parametrize("name", CELLS)
def test_the_backward_pass_is_that_of_automatic_differentiation(name: str, looked_up: bool) -> None:
    cell = CELLS[name]
    width = len(cell.blocks) * NEURONS
    tokens = np.random.default_rng(3).integers(0, 4, (STEPS, ROWS))
    table = jnp.asarray(drawn((4, width), 5))
    keep = jnp.asarray((np.random.default_rng(4).uniform(size=(STEPS, ROWS)) > 0.3).astype(np.float32))
    weighting = jnp.asarray(drawn((STEPS, ROWS, NEURONS), 6))
    weights, state = weights_of(cell), state_of(cell)

    def source(table: jax.Array) -> tuple[jax.Array, jax.Array | None]:
        return (jnp.asarray(tokens), table) if looked_up else (table[tokens], None)

    def ours(weights: Weights, table: jax.Array, state: State) -> jax.Array:
        after, hidden = hidden_states(cell, weights, source(table), state, keep)
        return jnp.sum(hidden * weighting) + sum(jnp.sum(jnp.sin(array)) for array in after.values())

    def automatic(weights: Weights, table: jax.Array, state: State) -> jax.Array:
        after, signals = unroll(cell, weights, source(table), state, keep)
        return jnp.sum(signals["hidden"] * weighting) + sum(jnp.sum(jnp.sin(array)) for array in after.values())

    found = jax.jit(jax.value_and_grad(ours, (0, 1, 2)))(weights, table, state)
    expected = jax.jit(jax.value_and_grad(automatic, (0, 1, 2)))(weights, table, state)
    assert jax.tree.structure(found) == jax.tree.structure(expected)
    for left, right in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
        np.testing.assert_allclose(left, right, rtol=2e-5, atol=2e-5)


def test_a_new_lstm_remembers_and_its_recurrent_blocks_are_orthogonal() -> None:
    parameters = CELLS["lstm"].initial_parameters(jax.random.key(0), 3, 6)
    bias = np.asarray(parameters["bias"]).reshape(4, 6)
    np.testing.assert_array_equal(bias, [[0] * 6, [1] * 6, [0] * 6, [0] * 6])
    for block in np.split(np.asarray(parameters["recurrent"]), 4, axis=1):
        np.testing.assert_allclose(block @ block.T, np.eye(6), atol=1e-5)


def test_a_long_memory_spreads_the_neurons_time_scales() -> None:
    parameters = CELLS["lstm"].initial_parameters(jax.random.key(0), 3, 6, memory=150)
    let_in, forget, cell_gate, output = np.asarray(parameters["bias"], np.float64).reshape(4, 6)
    np.testing.assert_allclose(1 / (1 - sigmoid(forget)), np.geomspace(2, 150, 6), rtol=1e-4)
    np.testing.assert_array_equal(let_in, -forget)
    assert not cell_gate.any() and not output.any()
    for name in ("gru", "gru_reset_before"):
        parameters = CELLS[name].initial_parameters(jax.random.key(0), 3, 6, memory=150)
        reset, update, candidate = np.asarray(parameters["bias"], np.float64).reshape(3, 6)
        np.testing.assert_allclose(1 / (1 - sigmoid(update)), np.geomspace(2, 150, 6), rtol=1e-4)
        assert not reset.any() and not candidate.any()
