"""How long a network feels that one neuron was held at one token."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax import Array

from rnn_widgets.activations import Doubles, neuron_number
from rnn_widgets.models.arguments import known_numbers, wanted_place
from rnn_widgets.models.clamping import Place, Subject, read_bits
from rnn_widgets.models.network import Graph, Parameters, States
from rnn_widgets.models.screening import looked_at, mean_signal
from rnn_widgets.models.text_network import TextNetwork
from rnn_widgets.text import Text

TOKENS = 128
"""Read before the clamp, and after it, where documents are long enough."""

_WINDOWS = 64


def felt(
    model: TextNetwork, text: Text, neuron: int, signal: str = "hidden", layer: int = -1, seed: int = 0
) -> Doubles:
    """How far the hidden state of a layer is from where it would be, after one of its neurons was clamped at one token.

    At one token the neuron's signal is held at its mean over the text, and then left alone; the distance is that of the
    layer's whole hidden state to the one that was never touched (Euclidean), the root of its mean square over 64 places
    of the text. Before each place 128 tokens are read, from a state of zero, and 128 from it on; less of each where no
    document is so long.

    Args:
        model: the network that reads.
        text: what it reads.
        neuron: which is clamped.
        signal: which signal of it,
        layer: and of which layer.
        seed: of the places.

    Returns:
        float64 (128,), first the distance at the token of the clamp.

    Raises:
        ValueError: if a name or number is unknown or out of range, or every document has a single token.
    """
    place = wanted_place(model, signal, layer)
    neuron = neuron_number(neuron, model.architecture.hidden)
    numbers = known_numbers(model, text)
    subject = Subject.of(model, place)
    mean = mean_signal(model, subject, looked_at(text, numbers))[neuron]
    longest = max(part.stop - part.start for part in text.slices())
    half = min(TOKENS, longest // 2)
    if not half:
        raise ValueError("Every document has a single token, so nothing can be felt after it.")
    starts = np.concatenate([np.arange(part.start, part.stop - 2 * half + 1) for part in text.slices()])
    chosen = np.random.default_rng(seed).choice(starts, min(_WINDOWS, len(starts)), replace=False)
    tokens = numbers[np.sort(chosen) + np.arange(2 * half)[:, None]]
    state = subject.initial_state(len(chosen), copies=2)
    taken_apart = subject.graph, subject.parameters, subject.table
    return np.asarray(_distances(*taken_apart, state, jnp.asarray(tokens), place, neuron, mean), np.float64)[half:]


@partial(jax.jit, static_argnums=(0, 5))
def _distances(
    graph: Graph,
    parameters: Parameters,
    table: Array | None,
    state: States,
    tokens: Array,
    place: Place,
    neuron: Array,
    value: Array,
) -> Array:
    """Distances [steps] of the second of two copies, which is clamped in the middle of the windows [steps, streams]."""
    steps, streams = tokens.shape

    def clamp(signal: Array, now: Array) -> Array:
        second = jnp.arange(2 * streams)[:, None] >= streams
        here = second & now & (jnp.arange(signal.shape[1]) == neuron)
        return jnp.where(here, value, signal)

    piece = tokens, tokens, jnp.ones(tokens.shape)
    middle = jnp.arange(steps) == steps // 2
    _, (_, shown) = read_bits(nnx.merge(graph, parameters), table, state, piece, place, clamp, middle, copies=2)
    untouched, clamped = jnp.split(shown["hidden"], 2, axis=1)
    return jnp.sqrt(jnp.mean(jnp.sum((clamped - untouched) ** 2, axis=2), axis=1))
