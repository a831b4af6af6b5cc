"""What a recipe reads: its text in two parts, the vocabulary, and the pieces of each epoch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import fingerprint
from rnn_widgets.models.corpora import CORPORA, wrapped
from rnn_widgets.models.data import Batches, Numbered, split, streams, windows
from rnn_widgets.models.recipes import Recipe, TrainingSection
from rnn_widgets.text import TOKENIZERS, Text, Vocabulary, as_text


@dataclass(frozen=True)
class Material:
    """What a recipe reads: the two parts of its text, and the vocabulary that the first gives."""

    train: Text
    held_out: Text
    vocabulary: Vocabulary

    def fingerprint(self) -> str:
        """A name for the text: equal tokens and documents in both parts, equal name."""
        parts = ([part.tokens, part.documents] for part in (self.train, self.held_out))
        return fingerprint(*(json.dumps(part).encode() for part in parts))


def material(recipe: Recipe, text: Text | str | Sequence[Text | str] | None = None) -> Material:
    """The text of a recipe, or `text` in its place, wrapped, tokenised and parted as the recipe says.

    A list holds documents. A Text is read as it is, neither wrapped nor tokenised again.

    Raises:
        ValueError: if the text is empty or too short, no token is frequent enough for the vocabulary, or the recipe
            names an unknown corpus.
    """
    section = recipe.text
    if text is None and section.corpus not in CORPORA:
        raise ValueError(f"There is no corpus {section.corpus!r}. There are: {', '.join(CORPORA)}; or give text=.")
    tokenize = TOKENIZERS[section.tokenizer]
    whole = as_text(
        CORPORA[section.corpus]() if text is None else text,
        lambda document: tokenize(wrapped(document, section.wrap) if section.wrap else document),
    )
    train, held_out = split(whole, section.held_out)
    for name, part in (("training", train), ("held-out", held_out)):
        if len(part) == len(part.documents):
            raise ValueError(
                f"There is nothing to predict in the {name} text: each of its {len(part)} documents is a single "
                "token. Give longer documents."
            )
    try:
        vocabulary = Vocabulary.from_tokens(train.tokens, minimum_count=section.minimum_count)
    except ValueError as error:
        raise ValueError(
            f"No token occurs {section.minimum_count} times among the {len(train)} of the training text, so the "
            "vocabulary would be empty: lower text.minimum_count, or give more text."
        ) from error
    return Material(train, held_out, vocabulary)


def epoch_batches(numbered: Numbered, training: TrainingSection, epoch: int) -> Batches:
    """The pieces of an epoch, the same whenever they are cut.

    Raises:
        ValueError: if the text is too short for the recipe's rows and steps.
    """
    cut = streams if training.carry_state else windows
    return cut(numbered, training.rows, training.steps, np.random.default_rng((training.seed, epoch)))


def group_of(batches: Batches, number: int, pieces: int) -> tuple[NDArray[Any], ...]:
    """The `pieces` that one update reads; an epoch's last group is filled up with padding."""
    part = slice(number * pieces, (number + 1) * pieces)

    def cut(array: NDArray[Any]) -> NDArray[Any]:
        found = array[part]
        missing = pieces - len(found)
        return np.pad(found, ((0, missing), (0, 0), (0, 0))) if missing else found

    return cut(batches.inputs), cut(batches.targets), cut(batches.keep), cut(batches.weights)
