"""Looking at a signal before any neuron is clamped: its mean, and by automatic differentiation what clamps would do."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax import Array
from numpy.typing import NDArray

from rnn_widgets.activations import Floats
from rnn_widgets.models.cells import Signals, State
from rnn_widgets.models.clamping import Piece, Place, Streams, Subject, read_bits
from rnn_widgets.models.network import Graph, Network, Parameters, States
from rnn_widgets.models.reading import Numbers
from rnn_widgets.models.text_network import TextNetwork
from rnn_widgets.text import Text

_STREAMS = 16
_STEPS = 128
_HEARD_BY_OTHERS = ("reset_gate",)
"""Signals that the recurrent product reads: other neurons hear of them, and not by way of the hidden state."""


def looked_at(text: Text, numbers: Numbers) -> Streams:
    """The text as the functions of this module read it."""
    return Streams.of(text, numbers, _STREAMS, _STEPS)


def mean_signal(model: TextNetwork, subject: Subject, streams: Streams) -> NDArray[np.float64]:
    """The mean over all tokens of the subject's signal, (H,)."""
    total = np.zeros(model.architecture.hidden)
    state = model.module.initial_state(streams.width)
    for number in range(len(streams)):
        state, shown = _look(
            subject.graph, subject.parameters, subject.table, state, streams.piece(number), subject.place
        )
        total += np.asarray(shown)[streams.read[number] >= 0].sum(axis=0, dtype=np.float64)
    return total / len(streams.numbers)


def estimated_changes(
    model: TextNetwork, subject: Subject, streams: Streams, values: Floats, segments: NDArray[np.int64]
) -> NDArray[np.float64]:
    """What clamping each neuron would change, to first order in what it makes the others do: [2, H] bits.

    The estimate of a neuron is the sum over tokens of the gradient by its hidden state times what the clamp adds to it:
    the first term of a Taylor series (as in Molchanov et al. 2017, "Pruning convolutional neural networks for resource
    efficient inference"). What the clamp adds follows from the neuron's own equations with the others left as they
    are, so it is right however far the clamp is. What comes back to the neuron by way of others is neglected. Where
    others hear of the signal itself, gradient and addition are those of the signal. One pass forward and one back serve
    all neurons.

    Args:
        model: the network.
        subject: the place in it.
        streams: the text, as `looked_at` lays it out.
        values: float32 (H,), what each neuron would be clamped to.
        segments: (T,), 0 at the tokens of the feature, 1 elsewhere.

    Returns:
        The change of the surprisals' mean in either segment.
    """
    taken_apart = subject.graph, subject.parameters, subject.table
    clamped_to, layer = jnp.asarray(values), subject.place[0]
    state = model.module.initial_state(streams.width)
    alone = state[layer]
    before = []
    for number in range(len(streams)):
        before.append((state, alone))
        state, alone = _go_on(*taken_apart, state, alone, streams.piece(number), subject.place, clamped_to)
    predicted = streams.predicted[streams.predicted >= 0]
    counts = np.bincount(segments[predicted], minlength=2)
    estimate = np.zeros((2, len(values)))
    by_state = jax.tree.map(lambda array: jnp.zeros((2, *array.shape), array.dtype), state)
    for number in reversed(range(len(streams))):
        at = streams.predicted[number]
        weights = np.stack([(at >= 0) & (segments[at] == segment) for segment in (0, 1)]) / counts[:, None, None]
        by_state, part = _pull_back(
            *taken_apart,
            *before[number],
            streams.piece(number),
            subject.place,
            clamped_to,
            jnp.asarray(weights, jnp.float32),
            by_state,
        )
        estimate += np.asarray(part)
    return estimate


@partial(jax.jit, static_argnums=(0, 5))
def _look(
    graph: Graph, parameters: Parameters, table: Array | None, state: States, piece: Piece, place: Place
) -> tuple[States, Array]:
    """The state after a piece, and the signal [steps, streams, H] in it."""
    after, (_, shown) = read_bits(nnx.merge(graph, parameters), table, state, piece, place, _unchanged)
    return after, shown[place[1]]


@partial(jax.jit, static_argnums=(0, 6))
def _go_on(
    graph: Graph,
    parameters: Parameters,
    table: Array | None,
    state: States,
    alone: State,
    piece: Piece,
    place: Place,
    values: Array,
) -> tuple[States, State]:
    """The state after a piece, and that of the layer whose neurons are clamped alone."""
    network = nnx.merge(graph, parameters)
    after, (_, shown) = read_bits(network, table, state, piece, place, _unchanged)
    return after, _clamped_alone(network, alone, shown, piece, place, values)[0]


@partial(jax.jit, static_argnums=(0, 6))
def _pull_back(
    graph: Graph,
    parameters: Parameters,
    table: Array | None,
    state: States,
    alone: State,
    piece: Piece,
    place: Place,
    values: Array,
    weights: Array,
    by_after: States,
) -> tuple[States, Array]:
    """One piece of the backward pass, for the two weightings [2, steps, streams] of the surprisals at once.

    Returns:
        The gradients by the state before, [2, streams, H], and this piece's part of the estimates, [2, H].
    """
    network, (layer, signal) = nnx.merge(graph, parameters), place
    acts_by = signal if signal in _HEARD_BY_OTHERS else "hidden"

    def run(before: States, added: Array) -> tuple[tuple[States, Array], Signals]:
        after, (bits, shown) = read_bits(network, table, before, piece, (layer, acts_by), jnp.add, added)
        return (after, jnp.sum(weights * bits, axis=(1, 2))), shown

    nothing = jnp.zeros((*piece[0].shape, len(values)))
    _, pull, shown = jax.vjp(run, state, nothing, has_aux=True)
    by_state, by_added = jax.vmap(pull)((by_after, jnp.eye(2)))
    if acts_by == signal:
        return by_state, jnp.einsum("ktsh,tsh->kh", by_added, values - shown[signal])
    _, hidden = _clamped_alone(network, alone, shown, piece, place, values)
    deviation = hidden - shown["hidden"]
    first = (alone["hidden"] - state[layer]["hidden"])[None]
    kept = piece[2][..., None]
    deviation -= _carried_over(network, layer, shown, kept * jnp.concatenate([first, deviation[:-1]]))
    return by_state, jnp.einsum("ktsh,tsh->kh", by_added, deviation)


def _clamped_alone(
    network: Network, state: State, shown: Signals, piece: Piece, place: Place, values: Array
) -> tuple[State, Array]:
    """The layer with every neuron clamped, none of which hears of another: all gates are as they were.

    Returns:
        The state after the piece, and the hidden state [steps, streams, H] in it.
    """
    (layer, signal), cell = place, network.cell

    def step(before: State, now: tuple[Signals, Array]) -> tuple[State, Array]:
        seen, keep = now

        def hold(name: str, computed: Array) -> Array:
            if name == signal:
                return jnp.broadcast_to(values, computed.shape)
            return computed if name in cell.states else seen[name]

        before = {name: array * keep[:, None] for name, array in before.items()}
        projection = jnp.zeros((len(keep), len(cell.blocks) * len(values)))
        after, signals = cell.step(network.layers[layer].weights(), before, projection, hold)
        return after, signals["hidden"]

    return jax.lax.scan(step, state, (shown, piece[2]))


def _carried_over(network: Network, layer: int, shown: Signals, deviation: Array) -> Array:
    """What a neuron keeps of a deviation of its own hidden state after one step, which the gradient counts already."""
    cell = network.cell

    def after_a_step(hidden: Array) -> Array:
        def hold(name: str, computed: Array) -> Array:
            return computed if name in cell.states else shown[name]

        before = {name: jnp.zeros_like(deviation) for name in cell.states} | {"hidden": hidden}
        projection = jnp.zeros((*hidden.shape[:-1], len(cell.blocks) * hidden.shape[-1]))
        return cell.step(network.layers[layer].weights(), before, projection, hold)[0]["hidden"]

    carried: Array = jax.jvp(after_a_step, (jnp.zeros_like(deviation),), (deviation,))[1]
    return carried


def _unchanged(values: Array, _: None) -> Array:
    return values
