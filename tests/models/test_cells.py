from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from rnn_widgets.models.cells import CELLS


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


@pytest.fixture
def parts() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    shapes = ((5, 20), (3, 5), (3, 5), (3, 20))
    recurrent, hidden, cell, projection = (generator.normal(size=shape).astype(np.float32) for shape in shapes)
    return recurrent, hidden, cell, projection


def test_the_lstm_step_is_the_textbooks(parts: tuple[np.ndarray, ...]) -> None:
    recurrent, hidden, cell, projection = parts
    after, signals = CELLS["lstm"].step(recurrent, {"hidden": hidden, "cell": cell}, projection)
    i, f, g, o = (projection + hidden @ recurrent).reshape(3, 4, 5).transpose(1, 0, 2)
    expected_cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
    expected = {
        "hidden": sigmoid(o) * np.tanh(expected_cell),
        "cell": expected_cell,
        "input_gate": sigmoid(i),
        "forget_gate": sigmoid(f),
        "cell_gate": np.tanh(g),
        "output_gate": sigmoid(o),
    }
    assert set(signals) == set(expected) == set(CELLS["lstm"].signals)
    for name, values in expected.items():
        np.testing.assert_allclose(signals[name], values, atol=1e-6)
    np.testing.assert_array_equal(after["hidden"], signals["hidden"])
    np.testing.assert_array_equal(after["cell"], signals["cell"])


def test_the_vanilla_step_is_elmans(parts: tuple[np.ndarray, ...]) -> None:
    recurrent, hidden, _, projection = parts
    after, signals = CELLS["vanilla"].step(recurrent[:, :5], {"hidden": hidden}, projection[:, :5])
    pre_activation = projection[:, :5] + hidden @ recurrent[:, :5]
    np.testing.assert_allclose(signals["pre_activation"], pre_activation, atol=1e-6)
    np.testing.assert_allclose(signals["hidden"], np.tanh(pre_activation), atol=1e-6)
    np.testing.assert_array_equal(after["hidden"], signals["hidden"])


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_names_what_its_step_returns(name: str) -> None:
    cell = CELLS[name]
    parameters = cell.initial_parameters(jax.random.key(0), 3, 4)
    state = cell.initial_state(2, 4)
    after, signals = cell.step(parameters["recurrent"], state, jnp.ones((2, 3)) @ parameters["input"])
    assert tuple(signals) == cell.signals
    assert tuple(after) == cell.states == tuple(state)
    assert all(array.shape == (2, 4) for array in signals.values())


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
