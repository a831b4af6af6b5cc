"""How well the packaged models predict held-out text, beside Kneser-Ney n-grams of the same tokens.

Both read the same training tokens, have the same closed vocabulary, `<unk>` included, and are measured on every
held-out token but each document's first, given the tokens before it in its document.

    python -m benchmarks.ngram
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.kneser_ney import KneserNey
from benchmarks.machine import machine
from rnn_widgets.models import Quality, Recipe, available_models, evaluate, load_model
from rnn_widgets.models.data import Numbered
from rnn_widgets.models.training import material

ORDERS = (3, 4, 5, 6, 7)
BAR = 5


@dataclass(frozen=True)
class Comparison:
    """One packaged model and its n-grams on the same held-out text; `ngrams` is bits per token by order."""

    name: str
    train: int
    vocabulary: int
    unknown: float
    network: Quality
    ngrams: dict[int, float]

    @property
    def ratio(self) -> float:
        return self.network.bits / self.ngrams[BAR]


def compare(name: str, orders: Sequence[int] = ORDERS) -> Comparison:
    """Measures one packaged model on the held-out text of its recipe."""
    model = load_model(name)
    texts = material(Recipe.load(name))
    if texts.vocabulary != model.vocabulary:
        raise ValueError(f"{name} was trained on another text than this package holds: their vocabularies differ.")
    train = Numbered.from_text(texts.train, texts.vocabulary)
    held_out = Numbered.from_text(texts.held_out, texts.vocabulary)
    size = len(texts.vocabulary)
    ngrams = {order: float(np.nanmean(KneserNey(train, size, order).surprisal(held_out))) for order in orders}
    unknown = float(np.mean(held_out.tokens == 0))
    return Comparison(name, len(train.tokens), size, unknown, evaluate(model, texts.held_out), ngrams)


def report(comparisons: list[Comparison]) -> str:
    """The results as Markdown."""
    lines = [
        "## Held-out cross-entropy, bits per token",
        "",
        "Written by `python -m benchmarks.ngram`. Lower is better. The n-gram is an",
        "interpolated modified Kneser-Ney model (Chen and Goodman 1999) of the same training tokens with the same",
        "closed vocabulary, `<unk>` included. The networks are the packaged float16 ones. The held-out text is the",
        "novel's last chapters, which neither has learned from; but each training kept the epoch with the best loss on",
        "this very text, and two or three settings of each recipe were compared on it: choices that favour the network",
        "a little. A document's first token is not predicted.",
        "",
        "| model | network | Kneser-Ney, order 5 | network / n-gram | network's accuracy | "
        "training tokens | held-out tokens | vocabulary | held-out `<unk>` |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines.extend(
        f"| `{row.name}` | {row.network.bits:.3f} | {row.ngrams[BAR]:.3f} | {row.ratio:.3f} "
        f"| {row.network.accuracy:.1%} | {row.train:,} | {row.network.tokens:,} "
        f"| {row.vocabulary:,} | {row.unknown:.1%} |"
        for row in comparisons
    )
    lines += [
        "",
        "Kneser-Ney of other orders:",
        "",
        "| tokens of | " + " | ".join(f"order {order}" for order in ORDERS) + " |",
        "|---" * (1 + len(ORDERS)) + "|",
        *(
            f"| `{row.name}` | " + " | ".join(f"{row.ngrams[order]:.3f}" for order in ORDERS) + " |"
            for row in comparisons
        ),
        "",
        f"Measured on {machine('jax', 'flax', 'numpy')}.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report([compare(name) for name in available_models()]))
