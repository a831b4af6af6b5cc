"""Recurrent cells as pure step functions that return every signal.

The same step serves training, recording and generation, so what is shown is what was trained. A further cell
(a GRU, say) is one more step function and one more entry of `CELLS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

State: TypeAlias = dict[str, Array]
"""What a layer carries from token to token: arrays [rows, neurons] by name."""

Signals: TypeAlias = dict[str, Array]
"""What a layer shows at a token: arrays [rows, neurons] by signal."""

Step: TypeAlias = Callable[[Array, State, Array], tuple[State, Signals]]


def vanilla_step(recurrent: Array, state: State, projection: Array) -> tuple[State, Signals]:
    """One step of the vanilla network (Elman 1990): h = tanh(projection + h' U).

    Args:
        recurrent: U [neurons, neurons].
        state: `hidden` [rows, neurons] after the step before.
        projection: x W + b [rows, neurons].

    Returns:
        The new state, and the signals `hidden` (-1..1) and `pre_activation` (unbounded).
    """
    pre_activation = projection + state["hidden"] @ recurrent
    hidden = jnp.tanh(pre_activation)
    return {"hidden": hidden}, {"hidden": hidden, "pre_activation": pre_activation}


def lstm_step(recurrent: Array, state: State, projection: Array) -> tuple[State, Signals]:
    """One step of the LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000).

    (i, f, g, o) = projection + h' U;  c = sigmoid(f) c' + sigmoid(i) tanh(g);  h = sigmoid(o) tanh(c)

    Args:
        recurrent: U [neurons, 4 neurons], the blocks in the order i, f, g, o.
        state: `hidden` and `cell` [rows, neurons] after the step before.
        projection: x W + b [rows, 4 neurons].

    Returns:
        The new state, and the signals `hidden` and `cell_gate` (-1..1), the three gates (0..1) and `cell` (unbounded).
    """
    pre_activation = projection + state["hidden"] @ recurrent
    i, f, g, o = jnp.split(pre_activation, 4, axis=-1)
    input_gate, forget_gate, output_gate = jax.nn.sigmoid(i), jax.nn.sigmoid(f), jax.nn.sigmoid(o)
    cell_gate = jnp.tanh(g)
    cell = forget_gate * state["cell"] + input_gate * cell_gate
    hidden = output_gate * jnp.tanh(cell)
    signals = {
        "hidden": hidden,
        "cell": cell,
        "input_gate": input_gate,
        "forget_gate": forget_gate,
        "cell_gate": cell_gate,
        "output_gate": output_gate,
    }
    return {"hidden": hidden, "cell": cell}, signals


@dataclass(frozen=True)
class Cell:
    """A kind of recurrent layer.

    Attributes:
        name: as in a recipe.
        step: the pure step function.
        signals: names of what `step` shows, in order.
        states: names of what `step` carries on.
        blocks: how many blocks of H columns the projection has; their names, for the gate biases.
    """

    name: str
    step: Step
    signals: tuple[str, ...]
    states: tuple[str, ...]
    blocks: tuple[str, ...]

    def initial_state(self, rows: int, neurons: int) -> State:
        """The state before the first token: zeros."""
        return {name: jnp.zeros((rows, neurons), jnp.float32) for name in self.states}

    def initial_parameters(self, key: Array, inputs: int, neurons: int, memory: int = 0) -> dict[str, Array]:
        """`input` [inputs, K H], `recurrent` [H, K H] and `bias` [K H] of an untrained layer, K blocks of H neurons.

        Glorot-uniform input weights; one orthogonal block after another for the recurrent weights; zero biases, but 1
        for the forget gate, so that a new layer remembers (Jozefowicz et al. 2015).

        With `memory` > 0 the neurons of an LSTM start with time scales from 2 to `memory` tokens instead, evenly spread
        on a logarithmic scale: forget bias log(scale - 1), input bias its negative (after Tallec and Ollivier 2018).
        """
        input_key, *block_keys = jax.random.split(key, 1 + len(self.blocks))
        glorot = jax.nn.initializers.glorot_uniform()
        orthogonal = jax.nn.initializers.orthogonal()
        blocks = [orthogonal(block_key, (neurons, neurons), jnp.float32) for block_key in block_keys]
        bias = np.zeros((len(self.blocks), neurons), np.float32)
        if "forget_gate" in self.blocks:
            forget, let_in = self.blocks.index("forget_gate"), self.blocks.index("input_gate")
            bias[forget] = np.log(np.geomspace(2, memory, neurons) - 1) if memory else 1.0
            bias[let_in] = -bias[forget] if memory else 0.0
        return {
            "input": glorot(input_key, (inputs, len(self.blocks) * neurons), jnp.float32),
            "recurrent": jnp.concatenate(blocks, axis=1),
            "bias": jnp.asarray(bias.reshape(-1)),
        }


CELLS: Mapping[str, Cell] = MappingProxyType(
    {
        "vanilla": Cell("vanilla", vanilla_step, ("hidden", "pre_activation"), ("hidden",), ("pre_activation",)),
        "lstm": Cell(
            "lstm",
            lstm_step,
            ("hidden", "cell", "input_gate", "forget_gate", "cell_gate", "output_gate"),
            ("hidden", "cell"),
            ("input_gate", "forget_gate", "cell_gate", "output_gate"),
        ),
    }
)
"""The cells by name."""
