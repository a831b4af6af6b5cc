"""How fast a packaged model writes, beside PyTorch's loop over steps with the same weights.

    python -m benchmarks.generation

A round is one text by each rival in turn: a prompt is read, then token after token is drawn and read, one document.
"""

from __future__ import annotations

import argparse

from benchmarks.machine import machine
from benchmarks.measuring import ROUNDS, in_turn, on_one_core, product
from benchmarks.reading_rivals import writing
from rnn_widgets.models import generate, load_model

MODEL, PROMPT, LENGTH = "char-lstm", "The whale", 1_000


def main() -> None:
    """Prints the results as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    on_one_core()
    model = load_model(MODEL)
    begun, hidden = model.vocabulary.encode(model.as_text(PROMPT).tokens), model.architecture.hidden
    took = in_turn(
        {
            "ours": lambda: generate(model, PROMPT, length=LENGTH, seed=0, progress=False),
            "torch": writing(model, begun, LENGTH),
            "numpy": product(1, hidden, 4 * hidden),
        },
        options.rounds,
    )
    rate = 2 * LENGTH * hidden * (4 * hidden + model.architecture.vocabulary) / took["ours"]
    of_numpy = 2 * hidden * 4 * hidden / took["numpy"]
    print(
        f"""## Generation

Written by `python -m benchmarks.generation`: `{MODEL}` writes {LENGTH:,} tokens, one document. Milliseconds are
processor time on one pinned core, medians over {options.rounds} rounds in which both take turns in one process with one
allocator setting. The loop reads and draws each token with `torch.nn.LSTMCell` and `torch.multinomial`. The rate counts
the multiplications and additions of the recurrent product and the readout; numpy's is that of the recurrent product
of a single row.

| ours, ms | PyTorch's loop, ms | PyTorch / ours | GFLOP/s | of numpy's rate |
|---|---|---|---|---|
| {1e3 * took["ours"]:.0f} | {1e3 * took["torch"]:.0f} | {took["torch"] / took["ours"]:.2f} \
| {rate / 1e9:.1f} | {rate / of_numpy:.0%} |

Measured on {machine("jax", "flax", "torch", "numpy")}."""
    )


if __name__ == "__main__":
    main()
