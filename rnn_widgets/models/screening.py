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
from rnn_widgets.models.clamping import Piece, Place, Streams, Subject, read_bits
from rnn_widgets.models.language_model import Graph, LanguageModel, Parameters, States
from rnn_widgets.models.reading import Numbers
from rnn_widgets.text import Text

_STREAMS = 16
_STEPS = 128


def looked_at(text: Text, numbers: Numbers) -> Streams:
    """The text as the functions of this module read it."""
    return Streams.of(text, numbers, _STREAMS, _STEPS)


def mean_signal(model: LanguageModel, subject: Subject, streams: Streams) -> NDArray[np.float64]:
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
    model: LanguageModel,
    subject: Subject,
    streams: Streams,
    values: Floats,
    segments: NDArray[np.int64],
) -> NDArray[np.float64]:
    """What clamping each neuron would change, were the network linear: [2, H] bits.

    The estimate of neuron j is the sum over tokens t of the gradient by its signal at t times (value - signal): the
    first term of the Taylor series (as in Molchanov et al. 2017, "Pruning convolutional neural networks for resource
    efficient inference"). One pass forward and one back serve all neurons.

    Args:
        model: the network.
        subject: the place in it.
        streams: the text, as `looked_at` lays it out.
        values: float32 (H,), what each neuron would be clamped to.
        segments: (T,), 0 at the tokens of the feature, 1 elsewhere.

    Returns:
        The change of the surprisals' mean in either segment.
    """
    predicted = streams.predicted[streams.predicted >= 0]
    counts = np.bincount(segments[predicted], minlength=2)
    state = model.module.initial_state(streams.width)
    states = []
    for number in range(len(streams)):
        states.append(state)
        state, _ = _look(subject.graph, subject.parameters, subject.table, state, streams.piece(number), subject.place)
    estimate = np.zeros((2, len(values)))
    by_state = jax.tree.map(lambda array: jnp.zeros((2, *array.shape), array.dtype), state)
    for number in reversed(range(len(streams))):
        at = streams.predicted[number]
        weights = np.stack([(at >= 0) & (segments[at] == segment) for segment in (0, 1)]) / counts[:, None, None]
        by_state, part = _pulled_back(
            subject.graph,
            subject.parameters,
            subject.table,
            states[number],
            streams.piece(number),
            subject.place,
            jnp.asarray(weights, jnp.float32),
            by_state,
            jnp.asarray(values),
        )
        estimate += np.asarray(part)
    return estimate


@partial(jax.jit, static_argnums=(0, 5))
def _look(
    graph: Graph, parameters: Parameters, table: Array, state: States, piece: Piece, place: Place
) -> tuple[States, Array]:
    """The state after a piece, and the signal [steps, streams, H] in it."""
    network = nnx.merge(graph, parameters)
    after, (_, shown) = read_bits(network, table, state, piece, place, lambda values, _: values)
    return after, shown


@partial(jax.jit, static_argnums=(0, 5))
def _pulled_back(
    graph: Graph,
    parameters: Parameters,
    table: Array,
    state: States,
    piece: Piece,
    place: Place,
    weights: Array,
    by_after: States,
    values: Array,
) -> tuple[States, Array]:
    """One piece of the backward pass, for the two weightings [2, steps, streams] of the surprisals at once.

    Returns:
        The gradients by the state before, [2, streams, H], and this piece's part of the estimates, [2, H].
    """
    network = nnx.merge(graph, parameters)

    def run(before: States, added: Array) -> tuple[tuple[States, Array], Array]:
        after, (bits, shown) = read_bits(network, table, before, piece, place, jnp.add, added)
        return (after, jnp.sum(weights * bits, axis=(1, 2))), shown

    nothing = jnp.zeros((*piece[0].shape, len(values)))
    _, pull, shown = jax.vjp(run, state, nothing, has_aux=True)
    by_state, by_signal = jax.vmap(pull)((by_after, jnp.eye(2)))
    return by_state, jnp.einsum("ktsh,tsh->kh", by_signal, values - shown)
