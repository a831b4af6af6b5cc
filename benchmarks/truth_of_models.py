"""What `find_neurons` says of the packaged `char-lstm`, and of networks of its shape that have learned nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.shares import counted, shown
from rnn_widgets import features
from rnn_widgets.analysis import Findings, find_neurons
from rnn_widgets.features import Mask
from rnn_widgets.models import Recipe, load_model, record
from rnn_widgets.models.training.material import material
from rnn_widgets.text import Text

MODEL, UNTRAINED = "char-lstm", 20
SPACE, LINE, QUOTES = features.regex(" ", name="space"), features.in_line(60), features.inside_quotes()
ASKED = (
    SPACE,
    LINE,
    features.regex("\n", name="newline"),
    features.regex("[aeiou]", name="vowel"),
    features.where(str.isupper, name="upper case"),
    features.regex("[.,;:!?]", name="punctuation"),
    features.in_word(4),
    features.inside_brackets(),
)
"""Eight features, as different as a text of characters has them."""


def untrained(models: int = UNTRAINED) -> Iterator[str]:
    """The row of networks that have learned nothing: a network and a feature of which a neuron is said to know."""
    model, text = load_model(MODEL), held_out(24, 500)
    claimed = []
    for seed in shown(range(models), "untrained networks"):
        of = model.twin(40_000 + seed)
        found = find_neurons(record(of, text, predictions=0), ASKED, model=of, seed=seed)
        claimed += np.isin(found.verdicts, ("used", "encoded")).any(axis=1).tolist()
    yield counted(
        f"{models} untrained networks x {len(ASKED)} features, {len(text):,} tokens: `used` or `encoded`", claimed
    )


def packaged() -> Iterator[str]:
    """Rows of single neurons of the packaged network, with the interval of the bits that their clamp costs."""
    model = load_model(MODEL)
    acts = record(model, held_out(40, 1_000, with_quotes=True), predictions=0)
    closing = features.Feature("closing quotation mark", closes)
    found = find_neurons(acts, [SPACE, LINE, QUOTES, closing], model=model)
    for name in (SPACE.name, LINE.name, closing.name):
        row = found.features.index(name)
        yield told(found, row, most_used(found, row), f"`{MODEL}`, {name}: used most")
    row = found.features.index(QUOTES.name)
    yield told(found, row, most_used(found, found.features.index(closing.name)), f"... the same neuron, {QUOTES.name}")
    row, neuron = strongest_unused(found)
    yield told(found, row, neuron, f"`{MODEL}`, {found.features[row]}: strongest of no use")


def closes(text: Text) -> Mask:
    """The marks that end a quotation."""
    inside = QUOTES.mask(text)
    before = np.append(False, inside[:-1])
    return before & ~inside & (np.array(text.tokens) == '"')


def most_used(found: Findings, row: int) -> int:
    """The neuron whose clamp costs the feature most, among those of the verdict if there are any."""
    assert found.use is not None
    used = found.verdicts[row] == "used"
    return int(
        np.where(used if used.any() else True, np.nan_to_num(found.use.effect[row], nan=-np.inf), -np.inf).argmax()
    )


def strongest_unused(found: Findings) -> tuple[int, int]:
    """The feature and the neuron of the largest effect that is called `encoded`."""
    size = np.where(found.verdicts == "encoded", np.abs(found.effect), -np.inf)
    row, neuron = np.unravel_index(size.argmax(), size.shape)
    return int(row), int(neuron)


def told(found: Findings, row: int, neuron: int, what: str) -> str:
    """A row of the table on one neuron."""
    assert found.use is not None
    use = found.use
    return (
        f"| {what} | 1 | neuron {found.neurons[neuron]}: effect {found.effect[row, neuron]:+.2f} at lag "
        f"{found.lag[row, neuron]}, ablation rank {use.rank[row, neuron]:.0f} of {found.hidden}, "
        f"`{found.verdicts[row, neuron]}` | {use.low[row, neuron]:.3f} .. {use.high[row, neuron]:.3f} bits |"
    )


def held_out(number: int, length: int, *, with_quotes: bool = False) -> Text:
    """So many stretches of the text that the packaged network was never trained on, documents of so many tokens.

    With quotes, such of which a tenth to nine tenths are inside quotation marks.
    """
    whole = material(Recipe.load(MODEL)).held_out
    inside = QUOTES.mask(whole)
    starts = [
        start
        for part in whole.slices()
        for start in range(part.start, part.stop - length + 1, length)
        if not with_quotes or 0.1 <= inside[start : start + length].mean() <= 0.9
    ][:number]
    tokens = tuple(token for start in starts for token in whole.tokens[start : start + length])
    return Text(tokens, tuple(range(0, len(tokens), length)), whole.joiner)
