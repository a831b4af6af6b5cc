"""PyTorch's ways of reading and writing with one of our LSTMs: each function here makes one, with the same weights."""

from __future__ import annotations

from collections.abc import Callable
from math import log

import numpy as np
import torch
from flax import nnx
from torch import Tensor

from rnn_widgets.models import LanguageModel
from rnn_widgets.models.parameters import parameter_arrays

PREDICTIONS = 5


class Weights:
    """The arrays of a one-layer LSTM, those of the input folded into a table [V, 4 H]."""

    def __init__(self, model: LanguageModel) -> None:
        torch.set_num_threads(1)
        arrays = parameter_arrays(nnx.state(model.module, nnx.Param))
        given = {name: torch.from_numpy(np.array(array)) for name, array in arrays.items()}
        self.embedding, self.input, self.bias = given["embedding"], given["layers.0.input"], given["layers.0.bias"]
        self.table = self.embedding @ self.input + self.bias
        self.recurrent = given["layers.0.recurrent"]
        self.readout, self.readout_bias = given["readout"], given["readout_bias"]
        self.neurons = len(self.recurrent)


def gates_by_hand(model: LanguageModel, tokens: np.ndarray, kept: tuple[str, ...]) -> Callable[[], object]:
    """A loop over steps that computes and keeps the signals, of tokens [steps, rows], and what was expected."""
    weights, numbers = Weights(model), torch.from_numpy(tokens).long()

    @torch.no_grad()
    def run() -> dict[str, np.ndarray]:
        hidden = cell = torch.zeros(numbers.shape[1], weights.neurons)
        shown: dict[str, list[Tensor]] = {name: [] for name in kept}
        for now in numbers:
            blocks = torch.addmm(weights.table[now], hidden, weights.recurrent)
            i, f, g, o = blocks.chunk(4, dim=1)
            signals = {
                "input_gate": torch.sigmoid(i),
                "forget_gate": torch.sigmoid(f),
                "cell_gate": torch.tanh(g),
                "output_gate": torch.sigmoid(o),
            }
            cell = signals["forget_gate"] * cell + signals["input_gate"] * signals["cell_gate"]
            hidden = signals["output_gate"] * torch.tanh(cell)
            signals |= {"hidden": hidden, "cell": cell}
            for name in kept:
                shown[name].append(signals[name])
        arrays = {name: torch.stack(steps) for name, steps in shown.items()}
        return {name: array.numpy() for name, array in (arrays | _expected(weights, arrays["hidden"], numbers)).items()}

    return run


def products_alone(model: LanguageModel, tokens: np.ndarray) -> Callable[[], object]:
    """Of the loop by hand the recurrent product of every step, and nothing else."""
    weights = Weights(model)
    steps, rows = tokens.shape
    hidden = torch.zeros(rows, weights.neurons)

    @torch.no_grad()
    def run() -> Tensor:
        blocks = hidden
        for _ in range(steps):
            blocks = hidden @ weights.recurrent
        return blocks

    return run


def lstm_cell(model: LanguageModel, tokens: np.ndarray) -> Callable[[], object]:
    """A loop over steps with `torch.nn.LSTMCell`, which shows the state alone, and what was expected."""
    weights, numbers = Weights(model), torch.from_numpy(tokens).long()
    cell = torch_cell(weights)

    @torch.no_grad()
    def run() -> dict[str, np.ndarray]:
        state, shown = None, []
        for now in weights.embedding[numbers]:
            state = cell(now, state)
            shown.append(state[0])
        hidden = torch.stack(shown)
        expected = _expected(weights, hidden, numbers)
        return {name: array.numpy() for name, array in ({"hidden": hidden} | expected).items()}

    return run


def writing(model: LanguageModel, begun: np.ndarray, length: int) -> Callable[[], object]:
    """A loop that reads `begun` (T,), then draws `length` tokens one by one with `torch.nn.LSTMCell`."""
    weights = Weights(model)
    cell = torch_cell(weights)

    @torch.no_grad()
    def run() -> list[int]:
        state, written = None, []
        for now in torch.from_numpy(begun).long():
            state = cell(weights.embedding[now][None], state)
        for _ in range(length):
            logits = torch.addmm(weights.readout_bias, state[0], weights.readout)
            drawn = torch.multinomial(torch.softmax(logits, dim=1), 1)[:, 0]
            written.append(int(drawn))
            state = cell(weights.embedding[drawn], state)
        return written

    return run


def torch_cell(weights: Weights) -> torch.nn.LSTMCell:
    """PyTorch's cell with our weights, whose blocks stand in the same order."""
    cell = torch.nn.LSTMCell(weights.embedding.shape[1], weights.neurons)
    nothing = torch.zeros_like(weights.bias)
    given = {"weight_ih": weights.input.T, "weight_hh": weights.recurrent.T, "bias_ih": weights.bias}
    cell.load_state_dict({**given, "bias_hh": nothing})
    return cell


def _expected(weights: Weights, hidden: Tensor, numbers: Tensor) -> dict[str, Tensor]:
    """Bits of each token but the first, and the likeliest ones with their probabilities, in blocks of 16 steps."""
    bits, best, likeliest = [], [], []
    following = torch.cat([numbers[1:], numbers[-1:]])
    for first in range(0, len(hidden), 16):
        states = hidden[first : first + 16].flatten(0, 1)
        logits = torch.addmm(weights.readout_bias, states, weights.readout)
        total = torch.logsumexp(logits, dim=1)
        wanted = following[first : first + 16].flatten()[:, None]
        bits.append((total - logits.gather(1, wanted)[:, 0]) / log(2))
        top = torch.topk(logits, PREDICTIONS, dim=1)
        best.append(torch.exp(top.values - total[:, None]))
        likeliest.append(top.indices)
    return {"surprisal": torch.cat(bits), "probabilities": torch.cat(best), "likeliest": torch.cat(likeliest)}
