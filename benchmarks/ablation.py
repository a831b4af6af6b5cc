"""How fast neurons are ablated, beside a loop of compiled calls and beside numpy's own matrix product.

    python -m benchmarks.ablation

A round is, in turn: `ablate` for every neuron, a loop of compiled calls and a loop of `ablate`, both for one neuron
after the other, and numpy's product, of as many rows as `ablate` makes and of one.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.machine import machine
from benchmarks.measuring import ROUNDS, in_turn, on_one_core, product
from rnn_widgets import features
from rnn_widgets.models import Architecture, LanguageModel, Network, ablate
from rnn_widgets.models.clamping import Shape, Streams, Subject, clamped_bits
from rnn_widgets.text import Text, Vocabulary

LOOPED = 4
LETTERS = [chr(code) for code in range(48, 126)] + [" "]
SPACE = features.regex(" ")


@dataclass(frozen=True)
class Case:
    """A network with untrained weights, and how much it reads; the last layer's neurons are clamped."""

    cell: str
    hidden: int
    layers: int
    tokens: int

    def subjects(self) -> tuple[LanguageModel, Text]:
        """The network, and one document."""
        vocabulary = Vocabulary.from_tokens(LETTERS)
        network = Network(Architecture(self.cell, len(vocabulary), 64, self.hidden, self.layers), jax.random.key(0))
        drawn = np.random.default_rng(0).choice(LETTERS, self.tokens)
        return LanguageModel(network, vocabulary, "characters"), Text(tuple(map(str, drawn)))


CASES = {
    "LSTM-256": Case("lstm", 256, 1, 1_000),
    "LSTM-512": Case("lstm", 512, 1, 4_000),
    "LSTM-512, 2 layers": Case("lstm", 512, 2, 1_000),
    "GRU-512": Case("gru", 512, 1, 1_000),
}


def main() -> None:
    """Prints the results as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--tokens", type=int, help="of every text")
    parser.add_argument("--only", choices=CASES, nargs="+", default=list(CASES))
    options = parser.parse_args()
    on_one_core()
    print(
        f"""## Ablation

Written by `python -m benchmarks.ablation`. Every neuron of the last layer of an untrained network is clamped, one after
the other, while it reads one document of characters. Seconds are processor time on one pinned core, medians over
{options.rounds} rounds in which all take turns in one process with one allocator setting. The loop makes compiled calls
that clamp one neuron and read the text for it alone, and brings the surprisals home; the other loop calls `ablate` for
one neuron after the other. Both run over {LOOPED} neurons and are scaled up to all. The rate counts the multiplications
and additions of the clamped layer's recurrent product and of the readout alone; numpy's is that of the recurrent
product of as many rows, made in the same rounds. Beside the first loop stands how many times as long numpy takes for a
row that comes alone as for one of so many: of a single layer's rows together, not much more can be expected.

| network | tokens | `ablate`, s | loop of calls / `ablate` | numpy's rows | loop of `ablate` / `ablate` | GFLOP/s \
| of numpy's rate |
|---|---|---|---|---|---|---|---|""",
        flush=True,
    )
    for name in options.only:
        case = CASES[name]
        if options.tokens:
            case = Case(case.cell, case.hidden, case.layers, options.tokens)
        print(compared(name, case, options.rounds), flush=True)
    print(f"\nMeasured on {machine('jax', 'flax', 'numpy')}.")


def compared(name: str, case: Case, rounds: int) -> str:
    """A row of the table."""
    model, text = case.subjects()
    columns = len(model.module.cell.blocks) * case.hidden
    vocabulary = model.architecture.vocabulary
    rows = Shape.of(case.hidden, text, vocabulary).padded
    took = in_turn(
        {
            "ablate": lambda: ablate(model, text, SPACE, value="zero", progress=False),
            "calls": one_neuron_a_call(model, text),
            "loop": loop_of_ablate(model, text),
            "numpy": product(rows, case.hidden, columns),
            "row": product(1, case.hidden, columns),
        },
        rounds,
    )
    rate = 2 * case.hidden * case.tokens * case.hidden * (columns + vocabulary) / took["ablate"]
    of_numpy = 2 * rows * case.hidden * columns / took["numpy"]
    scale = case.hidden / LOOPED / took["ablate"]
    return (
        f"| {name} | {case.tokens:,} | {took['ablate']:.1f} | {scale * took['calls']:.1f} "
        f"| {rows * took['row'] / took['numpy']:.1f} | {scale * took['loop']:.1f} "
        f"| {rate / 1e9:.0f} | {rate / of_numpy:.0%} |"
    )


def one_neuron_a_call(model: LanguageModel, text: Text) -> Callable[[], None]:
    """Reads the text for one clamped neuron after the other: one row in every product, and nothing beside it."""
    subject = Subject.of(model, (model.architecture.layers - 1, "hidden"))
    streams = Streams.of(text, model.vocabulary.encode(text.tokens), 1)
    pieces = [streams.piece(number) for number in range(len(streams))]

    def run() -> None:
        for neuron in range(LOOPED):
            state = subject.initial_state(1)
            clamp = jnp.array([neuron]), jnp.zeros(1)
            for piece in pieces:
                state, bits = clamped_bits(
                    subject.graph, subject.parameters, subject.table, state, piece, subject.place, *clamp
                )
                np.asarray(bits)

    return run


def loop_of_ablate(model: LanguageModel, text: Text) -> Callable[[], None]:
    """Calls `ablate` for one neuron after the other, which reads the text for nobody clamped beside it."""

    def run() -> None:
        for neuron in range(LOOPED):
            ablate(model, text, SPACE, neuron, value="zero", progress=False)

    return run


if __name__ == "__main__":
    main()
