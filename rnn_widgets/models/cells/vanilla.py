"""The vanilla recurrent network (Elman 1990), with the hyperbolic tangent and with the rectifier."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import Array

from rnn_widgets.models.cells.cell import Cell, Pull, Signals, State, Step, Touch, Weights, untouched


def _vanilla(name: str, activation: Callable[[Array], Array], slope: Callable[[Array], Array]) -> Cell:
    """The cell with this activation function; `slope` is its derivative, a function of its value."""
    step, pull = _step(activation), _pull(slope)
    return Cell(name, step, pull, ("hidden", "pre_activation"), ("hidden",), ("pre_activation",))


def _step(activation: Callable[[Array], Array]) -> Step:
    def step(weights: Weights, state: State, projection: Array, touch: Touch = untouched) -> tuple[State, Signals]:
        """One step: h = activation(projection + h' U)."""
        pre_activation = touch("pre_activation", projection + state["hidden"] @ weights["recurrent"])
        hidden = touch("hidden", activation(pre_activation))
        return {"hidden": hidden}, {"hidden": hidden, "pre_activation": pre_activation}

    return step


def _pull(slope: Callable[[Array], Array]) -> Pull:
    def pull(transposed: Weights, before: State, signals: Signals, after: State) -> tuple[State, Array, Array]:
        gradient = after["hidden"] * slope(signals["hidden"])
        return {"hidden": gradient @ transposed["recurrent"]}, gradient, gradient

    return pull


VANILLA = _vanilla("vanilla", jnp.tanh, lambda hidden: 1 - hidden * hidden)
VANILLA_RELU = _vanilla("vanilla_relu", jax.nn.relu, lambda hidden: (hidden > 0).astype(hidden.dtype))
