"""What a recurrent cell is: a pure step function that returns every signal, and its derivative.

The same step serves training, recording, generation and ablation, so what is shown is what was trained.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

State: TypeAlias = dict[str, Array]
"""What a layer carries from token to token: arrays [rows, H] by name."""

Signals: TypeAlias = dict[str, Array]
"""What a layer shows at a token: arrays [rows, H] by signal."""

Weights: TypeAlias = dict[str, Array]
"""What a step multiplies the state with: `recurrent` [H, K H], and `recurrent_bias` [H] where the cell has one."""

Touch: TypeAlias = Callable[[str, Array], Array]
"""(signal, its values [rows, H]) -> the values that the network goes on with."""


def untouched(_signal: str, values: Array) -> Array:
    """The `Touch` of a network that is left alone."""
    return values


Step: TypeAlias = Callable[[Weights, State, Array, Touch], tuple[State, Signals]]
"""(weights, state before, projection x W + b [rows, K H], touch) -> the state after, and the signals.

Everything that follows from a signal is computed from what `touch` makes of it, the signal as shown included.
"""

Pull: TypeAlias = Callable[[Weights, State, Signals, State], tuple[State, Array, Array]]
"""A step's derivative, pulled back: (weights transposed, state before, signals, gradient by the state after) ->
the gradients by the state before, by the projection [rows, K H] and by the recurrent product [rows, K H].
"""

WeightGradient: TypeAlias = Callable[[Array, Signals, Array], Weights]
"""(hidden state before each of N steps [N, H], signals [N, H], gradients by the recurrent product [N, K H]) ->
the gradient by the weights, over all steps in one matrix product.
"""


def over_all_steps(operand: Array, gradient: Array) -> Array:
    """The gradient by M of N products `operand @ M`: [N, H] and [N, K H] give [H, K H]."""
    return jax.lax.dot_general(operand, gradient, (((0,), (0,)), ((), ())))


def one_product(before: Array, _signals: Signals, gradient: Array) -> Weights:
    """The `WeightGradient` of a cell whose step multiplies nothing but the hidden state."""
    return {"recurrent": over_all_steps(before, gradient)}


def no_bias(blocks: int, neurons: int, _memory: int) -> NDArray[np.float32]:
    """Zero biases [blocks, neurons]."""
    return np.zeros((blocks, neurons), np.float32)


def time_scales(neurons: int, memory: int) -> NDArray[np.float64]:
    """Bias of a gate that keeps, so that the neurons' time scales go from 2 to `memory` tokens evenly on a logarithmic
    scale: log(scale - 1) (after Tallec and Ollivier 2018, "Can recurrent neural networks warp time?", equation 16).
    """
    return np.asarray(np.log(np.geomspace(2, memory, neurons) - 1), np.float64)


@dataclass(frozen=True)
class Cell:
    """A kind of recurrent layer.

    Attributes:
        name: as in a recipe.
        step: the pure step function.
        pull: its derivative.
        signals: names of the signals, in order; `step` may return further values, which `pull` reads.
        states: names of what `step` carries on, `hidden` first.
        blocks: the K blocks of H columns that the projection has.
        read_back: what `pull` reads of a step beside its states.
        weight_gradient: the derivative by the weights.
        bias: (blocks, neurons, memory) -> biases [blocks, neurons] of an untrained layer.
        recurrent_bias: whether the last block's recurrent product has a bias of its own.
        keeps: whether a gate decides how long the state is kept, so that `memory` means something.
    """

    name: str
    step: Step
    pull: Pull
    signals: tuple[str, ...]
    states: tuple[str, ...]
    blocks: tuple[str, ...]
    read_back: tuple[str, ...] = ()
    weight_gradient: WeightGradient = one_product
    bias: Callable[[int, int, int], NDArray[np.float32]] = no_bias
    recurrent_bias: bool = False
    keeps: bool = False

    def initial_state(self, rows: int, neurons: int) -> State:
        """The state before the first token: zeros."""
        return {name: jnp.zeros((rows, neurons), jnp.float32) for name in self.states}

    def initial_parameters(self, key: Array, inputs: int, neurons: int, memory: int = 0) -> Mapping[str, Array]:
        """`input` [inputs, K H], `recurrent` [H, K H], `bias` [K H] and perhaps `recurrent_bias` [H], untrained.

        Glorot-uniform input weights; one orthogonal block after another for the recurrent weights; zero biases, but 1
        for an LSTM's forget gate, so that a new layer remembers (Jozefowicz et al. 2015).

        With `memory` > 0 the neurons start with time scales from 2 to `memory` tokens instead: see `time_scales`.
        """
        input_key, *block_keys = jax.random.split(key, 1 + len(self.blocks))
        glorot = jax.nn.initializers.glorot_uniform()
        orthogonal = jax.nn.initializers.orthogonal()
        blocks = [orthogonal(block_key, (neurons, neurons), jnp.float32) for block_key in block_keys]
        parameters = {
            "input": glorot(input_key, (inputs, len(self.blocks) * neurons), jnp.float32),
            "recurrent": jnp.concatenate(blocks, axis=1),
            "bias": jnp.asarray(self.bias(len(self.blocks), neurons, memory).reshape(-1)),
        }
        if self.recurrent_bias:
            parameters["recurrent_bias"] = jnp.zeros(neurons)
        return parameters
