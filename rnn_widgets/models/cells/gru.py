"""The GRU (Cho et al. 2014) in its two conventions, which differ in where the reset gate acts."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from rnn_widgets.models.cells.cell import (
    Cell,
    Signals,
    State,
    Touch,
    Weights,
    over_all_steps,
    time_scales,
    untouched,
)


def gru_step(weights: Weights, state: State, projection: Array, touch: Touch = untouched) -> tuple[State, Signals]:
    """The reset gate acts after the matrix product, as in cuDNN, `torch.nn.GRU` and Keras' `reset_after=True`.

    (r, z, n) = projection;  (r', z', n') = h' U;  r = sigmoid(r + r');  z = sigmoid(z + z');
    n = tanh(n + r (n' + v));  h = (1 - z) n + z h'

    Args:
        weights: U [H, 3 H], the blocks in the order r, z, n, and the recurrent bias v [H] of the candidate. Those
            of the gates would only be added to the projection's.
        state: `hidden` [rows, H] after the step before.
        projection: x W + b [rows, 3 H].
        touch: see `Step`.

    Returns:
        The new state, and the signals `hidden` and `candidate` (-1..1), `reset_gate` and `update_gate` (0..1); with
        `recalled`, n' + v, for the derivative.
    """
    r, z, n = jnp.split(projection, 3, axis=-1)
    from_r, from_z, from_n = jnp.split(state["hidden"] @ weights["recurrent"], 3, axis=-1)
    reset_gate = touch("reset_gate", jax.nn.sigmoid(r + from_r))
    update_gate = touch("update_gate", jax.nn.sigmoid(z + from_z))
    recalled = from_n + weights["recurrent_bias"]
    candidate = touch("candidate", jnp.tanh(n + reset_gate * recalled))
    after, signals = _updated(state, reset_gate, update_gate, candidate, touch)
    return after, {**signals, "recalled": recalled}


def gru_pull(transposed: Weights, before: State, signals: Signals, after: State) -> tuple[State, Array, Array]:
    """The derivative of `gru_step`, from its signals."""
    r, z, n = (signals[name] for name in ("reset_gate", "update_gate", "candidate"))
    by_hidden = after["hidden"]
    by_n = by_hidden * (1 - z) * (1 - n * n)
    by_gates = [by_n * signals["recalled"] * r * (1 - r), by_hidden * (before["hidden"] - n) * z * (1 - z)]
    by_product = jnp.concatenate([*by_gates, by_n * r], axis=-1)
    by_before = by_hidden * z + by_product @ transposed["recurrent"]
    return {"hidden": by_before}, jnp.concatenate([*by_gates, by_n], axis=-1), by_product


def gru_reset_before_step(
    weights: Weights, state: State, projection: Array, touch: Touch = untouched
) -> tuple[State, Signals]:
    """The reset gate acts on the state before the matrix product, as in Cho et al. 2014 and Keras' `reset_after=False`.

    r = sigmoid(r + h' U_r);  z = sigmoid(z + h' U_z);  n = tanh(n + (r h') U_n);  h = (1 - z) n + z h'

    Arguments and result are those of `gru_step`, without a recurrent bias.
    """
    neurons = state["hidden"].shape[-1]
    by_gates, by_candidate = jnp.split(weights["recurrent"], [2 * neurons], axis=-1)
    r, z, n = jnp.split(projection, 3, axis=-1)
    from_r, from_z = jnp.split(state["hidden"] @ by_gates, 2, axis=-1)
    reset_gate = touch("reset_gate", jax.nn.sigmoid(r + from_r))
    update_gate = touch("update_gate", jax.nn.sigmoid(z + from_z))
    candidate = touch("candidate", jnp.tanh(n + (reset_gate * state["hidden"]) @ by_candidate))
    return _updated(state, reset_gate, update_gate, candidate, touch)


def gru_reset_before_pull(
    transposed: Weights, before: State, signals: Signals, after: State
) -> tuple[State, Array, Array]:
    """The derivative of `gru_reset_before_step`, from its signals."""
    r, z, n = (signals[name] for name in ("reset_gate", "update_gate", "candidate"))
    hidden, by_hidden = before["hidden"], after["hidden"]
    by_gates_weights, by_candidate_weights = jnp.split(transposed["recurrent"], [2 * hidden.shape[-1]], axis=0)
    by_n = by_hidden * (1 - z) * (1 - n * n)
    by_kept = by_n @ by_candidate_weights
    by_gates = jnp.concatenate([by_kept * hidden * r * (1 - r), by_hidden * (hidden - n) * z * (1 - z)], axis=-1)
    gradient = jnp.concatenate([by_gates, by_n], axis=-1)
    return {"hidden": by_hidden * z + by_kept * r + by_gates @ by_gates_weights}, gradient, gradient


def _updated(
    state: State, reset_gate: Array, update_gate: Array, candidate: Array, touch: Touch
) -> tuple[State, Signals]:
    hidden = touch("hidden", (1 - update_gate) * candidate + update_gate * state["hidden"])
    signals = {"hidden": hidden, "reset_gate": reset_gate, "update_gate": update_gate, "candidate": candidate}
    return {"hidden": hidden}, signals


def _weight_gradient(before: Array, _signals: Signals, gradient: Array) -> Weights:
    of_the_candidate = jnp.sum(gradient[:, -before.shape[-1] :], axis=0)
    return {"recurrent": over_all_steps(before, gradient), "recurrent_bias": of_the_candidate}


def _reset_before_weight_gradient(before: Array, signals: Signals, gradient: Array) -> Weights:
    by_gates, by_candidate = jnp.split(gradient, [2 * before.shape[-1]], axis=-1)
    parts = [over_all_steps(before, by_gates), over_all_steps(signals["reset_gate"] * before, by_candidate)]
    return {"recurrent": jnp.concatenate(parts, axis=-1)}


def _bias(blocks: int, neurons: int, memory: int) -> NDArray[np.float32]:
    bias = np.zeros((blocks, neurons), np.float32)
    if memory:
        bias[1] = time_scales(neurons, memory)
    return bias


_SIGNALS = ("hidden", "reset_gate", "update_gate", "candidate")
_BLOCKS = ("reset_gate", "update_gate", "candidate")

GRU = Cell(
    "gru",
    gru_step,
    gru_pull,
    signals=_SIGNALS,
    states=("hidden",),
    blocks=_BLOCKS,
    read_back=("reset_gate", "update_gate", "candidate", "recalled"),
    weight_gradient=_weight_gradient,
    bias=_bias,
    recurrent_bias=True,
    keeps=True,
)

GRU_RESET_BEFORE = Cell(
    "gru_reset_before",
    gru_reset_before_step,
    gru_reset_before_pull,
    signals=_SIGNALS,
    states=("hidden",),
    blocks=_BLOCKS,
    read_back=("reset_gate", "update_gate", "candidate"),
    weight_gradient=_reset_before_weight_gradient,
    bias=_bias,
    keeps=True,
)
