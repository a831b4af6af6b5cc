"""How fast a text is recorded, beside PyTorch's loops over steps and beside numpy's matrix product.

    python -m benchmarks.recording

A round is one recording by each rival in turn: of 32 documents, every signal, exactly; and of one document, hidden
state and gates, `approximate=True`. At last a million tokens are recorded to a file.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from pathlib import Path

import jax
import numpy as np

from benchmarks.machine import machine
from benchmarks.measuring import ROUNDS, in_turn, on_one_core, product
from benchmarks.reading_rivals import gates_by_hand, lstm_cell, products_alone
from rnn_widgets import Activations
from rnn_widgets.models import Architecture, LanguageModel, Network, record
from rnn_widgets.models.reading import TILE
from rnn_widgets.text import Text, Vocabulary

LETTERS = [chr(code) for code in range(32, 126)]
TOKENS, DOCUMENTS, MANY = 2**14, 32, 10**6
SIZES = (256, 512)
GATES = ("hidden", "input_gate", "forget_gate", "cell_gate", "output_gate")


def main() -> None:
    """Prints the results as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--many", type=int, default=MANY, help="tokens that are recorded to a file")
    options = parser.parse_args()
    on_one_core()
    print(
        f"""## Recording

Written by `python -m benchmarks.recording`. {TOKENS:,} characters are read by an untrained LSTM. Seconds are processor
time on one pinned core, medians over {options.rounds} rounds in which all take turns in one process with one allocator
setting. All rivals compute each token's surprisal and the five likeliest next ones. The loop by hand makes each step's
product for all rows and then the gates, and keeps the same signals; that with `torch.nn.LSTMCell` can keep no gate, and
keeps the hidden state alone. The rate counts the multiplications and additions of the recurrent product and the
readout; numpy's is that of the recurrent product of all tokens at once and, in brackets, of {TILE} rows, as many as
there are in a step. Beside the loop by hand stands how many times as long it takes as its steps' products alone: what
would be gained on it if all but these took no time.

| LSTM | documents | recording, s | loop by hand / ours | loop by hand / its products | loop with LSTMCell / ours \
| largest difference | GFLOP/s | of numpy's rate |
|---|---|---|---|---|---|---|---|---|""",
        flush=True,
    )
    for hidden in SIZES:
        for documents in (DOCUMENTS, 1):
            print(compared(hidden, documents, options.rounds), flush=True)
    print(f"\n{to_a_file(max(SIZES), options.many)}")
    print(f"\nMeasured on {machine('jax', 'flax', 'torch', 'numpy')}.")


def network(hidden: int) -> LanguageModel:
    """An untrained LSTM of characters."""
    vocabulary = Vocabulary.from_tokens(LETTERS)
    module = Network(Architecture("lstm", len(vocabulary), 64, hidden), jax.random.key(0))
    return LanguageModel(module, vocabulary, "characters")


def drawn(tokens: int, documents: int) -> Text:
    """A text of documents of one length."""
    letters = np.random.default_rng(0).choice(LETTERS, tokens)
    return Text(tuple(map(str, letters)), tuple(range(0, tokens, tokens // documents)))


def compared(hidden: int, documents: int, rounds: int) -> str:
    """A row of the table."""
    model, text = network(hidden), drawn(TOKENS, documents)
    tokens = model.vocabulary.encode(text.tokens).reshape(documents, -1).T.copy()
    whole = documents > 1
    kept = model.signals if whole else GATES

    def ours() -> Activations:
        return record(model, text, signals=kept, approximate=not whole, devices=1, progress=False)

    by_hand = gates_by_hand(model, tokens, kept)
    took = in_turn(
        {
            "ours": ours,
            "by hand": by_hand,
            "products": products_alone(model, tokens),
            "cell": lstm_cell(model, tokens),
            "numpy": product(TOKENS, hidden, 4 * hidden),
            "rows": product(TILE, hidden, 4 * hidden),
        },
        rounds,
    )
    acts, theirs = ours(), by_hand()
    apart = max(
        float(np.abs(acts[name].reshape(documents, -1, hidden) - theirs[name].swapaxes(0, 1)).max()) for name in kept
    )
    rate = 2 * TOKENS * hidden * (4 * hidden + model.architecture.vocabulary) / took["ours"]
    of_numpy, of_rows = (
        2 * rows * hidden * 4 * hidden / took[name] for name, rows in (("numpy", TOKENS), ("rows", TILE))
    )
    return (
        f"| {hidden} | {f'{documents}, exact' if whole else '1, approximate'} | {took['ours']:.2f} "
        f"| {took['by hand'] / took['ours']:.2f} | {took['by hand'] / took['products']:.2f} "
        f"| {took['cell'] / took['ours']:.2f} | {apart:.0e} "
        f"| {rate / 1e9:.0f} | {rate / of_numpy:.0%} ({rate / of_rows:.0%}) |"
    )


def to_a_file(hidden: int, tokens: int) -> str:
    """A long recording, and how much memory it takes."""
    model, text = network(hidden), drawn(tokens, 50)
    multiplied = in_turn({"numpy": product(TOKENS, hidden, 4 * hidden)}, 1)["numpy"] * tokens / TOKENS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording.safetensors"
        took = in_turn({"ours": lambda: (record(model, text, file=path, progress=False), path.unlink())}, 1)["ours"]
        acts = record(model, text, file=path, progress=False)
        size = sum(acts[key].nbytes for key in acts)
    peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (
        f"{tokens:,} tokens of LSTM-{hidden}, every signal, were recorded to a file of {size / 1e9:.1f} GB in "
        f"{took:.0f} s, {took / multiplied:.1f} times what numpy takes for the recurrent product of as many rows at "
        f"once. This process, which did all that is above too, had at most {peak / 1e9:.2f} GB of memory."
    )


if __name__ == "__main__":
    main()
