"""The LSTM (Hochreiter and Schmidhuber 1997) with the forget gate of Gers, Schmidhuber and Cummins (2000)."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from rnn_widgets.models.cells.cell import Cell, Signals, State, Touch, Weights, time_scales, untouched


def lstm_step(weights: Weights, state: State, projection: Array, touch: Touch = untouched) -> tuple[State, Signals]:
    """One step: (i, f, g, o) = projection + h' U;  c = sigmoid(f) c' + sigmoid(i) tanh(g);  h = sigmoid(o) tanh(c).

    Args:
        weights: U [H, 4 H], the blocks in the order i, f, g, o.
        state: `hidden` and `cell` [rows, H] after the step before.
        projection: x W + b [rows, 4 H].
        touch: see `Step`.

    Returns:
        The new state, and the signals `hidden` and `cell_gate` (-1..1), the three gates (0..1) and `cell` (unbounded).
    """
    i, f, g, o = jnp.split(projection + state["hidden"] @ weights["recurrent"], 4, axis=-1)
    input_gate = touch("input_gate", jax.nn.sigmoid(i))
    forget_gate = touch("forget_gate", jax.nn.sigmoid(f))
    cell_gate = touch("cell_gate", jnp.tanh(g))
    output_gate = touch("output_gate", jax.nn.sigmoid(o))
    cell = touch("cell", forget_gate * state["cell"] + input_gate * cell_gate)
    hidden = touch("hidden", output_gate * jnp.tanh(cell))
    signals = {
        "hidden": hidden,
        "cell": cell,
        "input_gate": input_gate,
        "forget_gate": forget_gate,
        "cell_gate": cell_gate,
        "output_gate": output_gate,
    }
    return {"hidden": hidden, "cell": cell}, signals


def lstm_pull(transposed: Weights, before: State, signals: Signals, after: State) -> tuple[State, Array, Array]:
    """The derivative of `lstm_step`, from its signals."""
    i, f, g, o = (signals[name] for name in ("input_gate", "forget_gate", "cell_gate", "output_gate"))
    squashed = jnp.tanh(signals["cell"])
    by_cell = after["cell"] + after["hidden"] * o * (1 - squashed * squashed)
    gradient = jnp.concatenate(
        [
            by_cell * g * i * (1 - i),
            by_cell * before["cell"] * f * (1 - f),
            by_cell * i * (1 - g * g),
            after["hidden"] * squashed * o * (1 - o),
        ],
        axis=-1,
    )
    return {"hidden": gradient @ transposed["recurrent"], "cell": by_cell * f}, gradient, gradient


def _bias(blocks: int, neurons: int, memory: int) -> NDArray[np.float32]:
    bias = np.zeros((blocks, neurons), np.float32)
    bias[1] = time_scales(neurons, memory) if memory else 1.0
    bias[0] = -bias[1] if memory else 0.0
    return bias


LSTM = Cell(
    "lstm",
    lstm_step,
    lstm_pull,
    signals=("hidden", "cell", "input_gate", "forget_gate", "cell_gate", "output_gate"),
    states=("hidden", "cell"),
    blocks=("input_gate", "forget_gate", "cell_gate", "output_gate"),
    read_back=("input_gate", "forget_gate", "cell_gate", "output_gate"),
    bias=_bias,
    keeps=True,
)
