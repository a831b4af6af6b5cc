"""Our cells beside those of PyTorch and Keras, given the same weights."""

from __future__ import annotations

from types import ModuleType

import jax.numpy as jnp
import numpy as np
import pytest
import torch

from rnn_widgets.models.cells import CELLS, State
from rnn_widgets.models.recurrence import unroll

STEPS, ROWS, INPUTS, NEURONS = 1000, 3, 7, 24
KEYS = {"vanilla": "RNN", "vanilla_relu": "RNN", "lstm": "LSTM", "gru": "GRU"}


@pytest.fixture(scope="module")
def inputs() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(STEPS, ROWS, INPUTS)).astype(np.float32)


def torch_layer(name: str, layers: int) -> torch.nn.RNNBase:
    torch.manual_seed(1)
    kinds = {"nonlinearity": "relu"} if name == "vanilla_relu" else {}
    layer: torch.nn.RNNBase = getattr(torch.nn, KEYS[name])(INPUTS, NEURONS, num_layers=layers, **kinds)
    return layer


def from_torch(layer: torch.nn.RNNBase, number: int) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Input weights, bias and step's weights. PyTorch's blocks stand in our order, its matrices transposed."""
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    w, u, b, v = (getattr(layer, f"{name}_l{number}").detach().numpy() for name in names)
    if not isinstance(layer, torch.nn.GRU):
        return w.T, b + v, {"recurrent": u.T}
    added = np.concatenate([v[: 2 * NEURONS], np.zeros(NEURONS, np.float32)])
    return w.T, b + added, {"recurrent": u.T, "recurrent_bias": v[2 * NEURONS :]}


def read(
    name: str, w: np.ndarray, b: np.ndarray, weights: dict[str, np.ndarray], given: np.ndarray
) -> tuple[State, dict[str, np.ndarray]]:
    cell = CELLS[name]
    step_weights = {key: jnp.asarray(array) for key, array in weights.items()}
    after, signals = unroll(cell, step_weights, (jnp.asarray(given @ w + b), None), cell.initial_state(ROWS, NEURONS))
    return after, {key: np.asarray(array) for key, array in signals.items()}


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("name", KEYS)
def test_a_thousand_steps_equal_pytorchs(name: str, layers: int, inputs: np.ndarray) -> None:
    layer = torch_layer(name, layers)
    with torch.no_grad():
        expected, last = layer(torch.from_numpy(inputs))
    given, finals = inputs, []
    for number in range(layers):
        after, signals = read(name, *from_torch(layer, number), given)
        given = signals["hidden"]
        finals.append(after)
    np.testing.assert_allclose(given, expected.numpy(), atol=1e-5)
    of_torch = last if isinstance(last, tuple) else (last,)
    for array, state in zip(of_torch, CELLS[name].states, strict=True):
        ours = np.stack([after[state] for after in finals])
        np.testing.assert_allclose(ours, array.numpy(), atol=1e-5)


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_BACKEND", "jax")
        import keras
    keras.utils.set_random_seed(2)
    return keras


@pytest.mark.parametrize("name", CELLS)
def test_a_thousand_steps_equal_kerass(name: str, keras: ModuleType, inputs: np.ndarray) -> None:
    layers = keras.layers
    uniform = keras.initializers.RandomUniform
    common = {"return_sequences": True, "bias_initializer": uniform(-0.3, 0.3)}
    if name == "vanilla_relu":  # an orthogonal matrix and a rectifier let the state grow without bound
        common["recurrent_initializer"] = uniform(-0.1, 0.1)
    make = {
        "vanilla": lambda: layers.SimpleRNN(NEURONS, **common),
        "vanilla_relu": lambda: layers.SimpleRNN(NEURONS, activation="relu", **common),
        "lstm": lambda: layers.LSTM(NEURONS, unit_forget_bias=False, **common),
        "gru": lambda: layers.GRU(NEURONS, reset_after=True, **common),
        "gru_reset_before": lambda: layers.GRU(NEURONS, reset_after=False, **common),
    }
    layer = make[name]()
    expected = np.asarray(layer(inputs.transpose(1, 0, 2))).transpose(1, 0, 2)
    _, signals = read(name, *from_keras(name, [np.asarray(variable.value) for variable in layer.weights]), inputs)
    np.testing.assert_allclose(signals["hidden"], expected, atol=1e-5)


def from_keras(name: str, arrays: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Input weights, bias and step's weights. Keras' GRU has its blocks in the order z, r, n, and two biases."""
    w, u, b = arrays
    if not name.startswith("gru"):
        return w, b, {"recurrent": u}
    w, u, b = (_reset_first(array) for array in (w, u, b))
    if name == "gru_reset_before":
        return w, b, {"recurrent": u}
    added = np.concatenate([b[1, : 2 * NEURONS], np.zeros(NEURONS, np.float32)])
    return w, b[0] + added, {"recurrent": u, "recurrent_bias": b[1, 2 * NEURONS :]}


def _reset_first(array: np.ndarray) -> np.ndarray:
    update, reset, candidate = np.split(array, 3, axis=-1)
    return np.concatenate([reset, update, candidate], axis=-1)
