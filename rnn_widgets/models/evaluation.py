"""How well a model predicts a text, measured as `record` reads it: every document from a state of zero."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from flax import nnx

from rnn_widgets.models.data import Batches, Numbered, side_by_side
from rnn_widgets.models.network import Parameters, States
from rnn_widgets.models.steps import Measure, Piece, make_measure
from rnn_widgets.models.text_network import TextNetwork
from rnn_widgets.text import Text

_ROWS, _STEPS = 16, 256


@dataclass(frozen=True)
class Quality:
    """What a model reaches on a text.

    Attributes:
        bits: mean surprisal, bits per predicted token.
        accuracy: share of tokens that were the likeliest one.
        tokens: number of predicted tokens; a document's first token is not predicted.
    """

    bits: float
    accuracy: float
    tokens: int


def evaluate(model: TextNetwork, text: Text) -> Quality:
    """The model's quality on `text`, `<unk>` counting as one token of the closed vocabulary."""
    graph, parameters = nnx.split(model.module, nnx.Param)
    batches = measured_batches(Numbered.from_text(text, model.vocabulary))
    return quality(make_measure(graph), parameters, model.module.initial_state(batches.inputs.shape[2]), batches)


def measured_batches(numbered: Numbered) -> Batches:
    """A text's documents side by side, in the shape that `quality` takes."""
    return side_by_side(numbered, _ROWS, _STEPS)


def quality(measure: Measure, parameters: Parameters, state: States, batches: Batches) -> Quality:
    """Reads all batches without noise, the state carried."""
    total = np.zeros(3)
    for number in range(len(batches)):
        state, sums = measure(parameters, state, piece(batches, number))
        total += np.asarray(sums)
    if total[2] == 0:
        raise ValueError("There is nothing to predict in this text: every document has a single token.")
    return Quality(float(total[0] / total[2]), float(total[1] / total[2]), int(total[2]))


def piece(batches: Batches, number: int) -> Piece:
    """One piece of the batches, on the device."""
    return (
        jnp.asarray(batches.inputs[number]),
        jnp.asarray(batches.targets[number]),
        jnp.asarray(batches.keep[number]),
        jnp.asarray(batches.weights[number]),
    )
