"""Reading with a clamped neuron, written out in numpy one token and one neuron at a time: slow and obvious."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnn_widgets.models import LanguageModel
from rnn_widgets.text import Text

Touch = Callable[[str, np.ndarray], np.ndarray]
State = dict[str, np.ndarray]


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def lstm(x: np.ndarray, state: State, weights: State, touch: Touch) -> State:
    i, f, g, o = np.split(x + state["hidden"] @ weights["recurrent"], 4)
    i, f = touch("input_gate", sigmoid(i)), touch("forget_gate", sigmoid(f))
    g, o = touch("cell_gate", np.tanh(g)), touch("output_gate", sigmoid(o))
    cell = touch("cell", f * state["cell"] + i * g)
    return {"hidden": touch("hidden", o * np.tanh(cell)), "cell": cell}


def gru(x: np.ndarray, state: State, weights: State, touch: Touch, reset_before: bool = False) -> State:
    h = state["hidden"]
    (x_r, x_z, x_n), (u_r, u_z, u_n) = np.split(x, 3), np.split(weights["recurrent"], 3, axis=1)
    r = touch("reset_gate", sigmoid(x_r + h @ u_r))
    z = touch("update_gate", sigmoid(x_z + h @ u_z))
    recalled = (r * h) @ u_n if reset_before else r * (h @ u_n + weights["recurrent_bias"])
    n = touch("candidate", np.tanh(x_n + recalled))
    return {"hidden": touch("hidden", (1 - z) * n + z * h)}


def vanilla(x: np.ndarray, state: State, weights: State, touch: Touch, rectified: bool = False) -> State:
    a = touch("pre_activation", x + state["hidden"] @ weights["recurrent"])
    return {"hidden": touch("hidden", np.maximum(a, 0) if rectified else np.tanh(a))}


STEPS = {
    "lstm": lstm,
    "gru": gru,
    "gru_reset_before": lambda *given: gru(*given, reset_before=True),
    "vanilla": vanilla,
    "vanilla_relu": lambda *given: vanilla(*given, rectified=True),
}


def surprisal(model: LanguageModel, text: Text, clamp: tuple[str, int, int, float] | None = None) -> np.ndarray:
    """Bits of each token, (T,), NaN at a document's first; `clamp` is signal, layer, neuron and value."""
    module, step = model.module, STEPS[model.architecture.cell]
    layers = [
        {name: np.asarray(p[...], np.float64) for name, p in vars(layer).items() if hasattr(p, "shape")}
        for layer in module.layers
    ]
    embedding, readout, bias = (
        np.asarray(p[...], np.float64) for p in (module.embedding, module.readout, module.readout_bias)
    )
    bits = np.full(len(text), np.nan)
    numbers = model.vocabulary.encode(text.tokens)
    zeros = {name: np.zeros(model.architecture.hidden) for name in ("hidden", "cell")}
    for part in text.slices():
        states = [zeros for _ in layers]
        for t in range(part.start, part.stop - 1):
            read = embedding[numbers[t]]
            for number, weights in enumerate(layers):
                x = read @ weights["input"] + weights["bias"]
                states[number] = step(x, states[number], weights, holding(number, clamp))
                read = states[number]["hidden"]
            logits = read @ readout + bias
            bits[t + 1] = np.log2(np.exp(logits - logits[numbers[t + 1]]).sum())
    return bits


def holding(number: int, clamp: tuple[str, int, int, float] | None) -> Touch:
    """What holds the clamped neuron in the layer of this number."""

    def touch(name: str, values: np.ndarray) -> np.ndarray:
        if clamp is not None and clamp[:2] == (name, number):
            values = values.copy()
            values[clamp[2]] = clamp[3]
        return values

    return touch
