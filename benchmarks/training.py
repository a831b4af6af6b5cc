"""How fast networks train, beside PyTorch's own layers and Flax's, and beside numpy's matrix product.

    python -m benchmarks.training

A round is one update of each rival in turn: embedding, one recurrent layer, readout over the whole vocabulary,
cross-entropy, gradient clipped to norm 1, Adam.
"""

from __future__ import annotations

import argparse

from benchmarks.machine import machine
from benchmarks.measuring import ROUNDS, in_turn, on_one_core, product
from benchmarks.training_rivals import Case, flax_update, our_update, projected_reading, table_reading, torch_update

CASES = {
    "LSTM-256, characters": Case("lstm", 96, 64, 256, rows=64, steps=128),
    "LSTM-512, characters": Case("lstm", 96, 64, 512, rows=64, steps=128),
    "GRU-256, characters": Case("gru", 96, 64, 256, rows=64, steps=128),
    "GRU-512, characters": Case("gru", 96, 64, 512, rows=64, steps=128),
    "LSTM-512, words": Case("lstm", 10_000, 256, 512, rows=32, steps=70),
}
VOCABULARIES = (100, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 50_000)


def main() -> None:
    """Prints the results as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    on_one_core()
    print(
        f"""## Training

Written by `python -m benchmarks.training`. An update is: embedding, one recurrent layer, readout over the whole
vocabulary, cross-entropy, the gradient clipped to norm 1, Adam. Milliseconds are processor time on one pinned core,
medians over {options.rounds} rounds in which all take turns in one process with one allocator setting. The rate counts
the multiplications and additions of the recurrent and of the readout product alone, forward and twice backward;
numpy's is that of all tokens' product with the recurrent weights, made in the same rounds.

| update | tokens, vocabulary | ours, ms | PyTorch / ours | Flax nnx.RNN / ours | GFLOP/s | of numpy's rate |
|---|---|---|---|---|---|---|""",
        flush=True,
    )
    for name, case in CASES.items():
        print(compared(name, case, options.rounds), flush=True)
    print(
        """
### The first layer's input: a table made anew for each update, or a projection of every token

Forward and backward through the first layer of LSTM-256 with an embedding of 64, of 64 x 128 = 8,192 tokens. The table
[V, 4 x 256] is looked up inside the recurrence; the tokens' projections [8,192, 4 x 256] are made before it. The
smaller of the two is taken, which is less work and less memory in one.

| vocabulary | table, ms | projection, ms | table / projection | taken |
|---|---|---|---|---|""",
        flush=True,
    )
    for vocabulary in VOCABULARIES:
        print(crossing(Case("lstm", vocabulary, 64, 256, rows=64, steps=128), options.rounds), flush=True)
    print(f"\nMeasured on {machine('jax', 'flax', 'optax', 'torch', 'numpy')}.")


def compared(name: str, case: Case, rounds: int) -> str:
    """A row of the first table."""
    took = in_turn(
        {
            "ours": our_update(case),
            "torch": torch_update(case),
            "flax": flax_update(case),
            "numpy": product(case.tokens, case.hidden, case.recurrent_columns),
        },
        rounds,
    )
    rate = 3 * 2 * case.tokens * case.hidden * (case.recurrent_columns + case.vocabulary) / took["ours"]
    of_numpy = 2 * case.tokens * case.hidden * case.recurrent_columns / took["numpy"]
    return (
        f"| {name} | {case.rows} x {case.steps}, {case.vocabulary:,} | {1e3 * took['ours']:.0f} "
        f"| {took['torch'] / took['ours']:.2f} | {took['flax'] / took['ours']:.2f} "
        f"| {rate / 1e9:.0f} | {rate / of_numpy:.0%} |"
    )


def crossing(case: Case, rounds: int) -> str:
    """A row of the second table."""
    took = in_turn({"table": table_reading(case), "projection": projected_reading(case)}, rounds)
    return (
        f"| {case.vocabulary:,} | {1e3 * took['table']:.0f} | {1e3 * took['projection']:.0f} "
        f"| {took['table'] / took['projection']:.2f} | {'table' if case.vocabulary <= case.tokens else 'projection'} |"
    )


if __name__ == "__main__":
    main()
