from __future__ import annotations

import numpy as np
import pytest

from benchmarks.ngram import BAR, compare
from rnn_widgets.models import LanguageModel, Recipe, record
from rnn_widgets.models.training import material
from rnn_widgets.text import Text


@pytest.mark.parametrize("name", ["word-lstm", "char-lstm", "char-rnn"])
def test_a_packaged_model_predicts_held_out_text_better_than_a_5_gram(name: str) -> None:
    result = compare(name, (BAR,))
    assert result.network.bits < result.ngrams[BAR]
    assert result.network.tokens > 39_000


def test_the_character_lstm_knows_how_long_a_line_is(char_lstm: LanguageModel) -> None:
    """Of the space and the newline that may end a word, it expects the newline where the line is full."""
    recipe = Recipe.load("char-lstm")
    documents = material(recipe).held_out.split()[:8]
    text = Text.concatenate([Text(document.tokens[:3000]) for document in documents])
    size = len(char_lstm.vocabulary)
    predictions = record(char_lstm, text, signals=["hidden"], predictions=size).predictions
    assert predictions is not None
    order = np.argsort(predictions.tokens, axis=1)
    space, newline = (char_lstm.vocabulary.tokens.index(token) for token in " \n")
    chances = np.take_along_axis(predictions.probabilities, order, axis=1)
    share = chances[:, newline] / (chances[:, space] + chances[:, newline])
    column = np.zeros(len(text), int)
    for t in range(1, len(text)):
        fresh = t in text.documents or text.tokens[t - 1] == "\n"
        column[t] = 0 if fresh else column[t - 1] + 1
    ends_a_word = np.array([token in " \n" for token in text.tokens[1:]] + [False])
    middle = ends_a_word & (column >= 20) & (column < 40)
    full = ends_a_word & (column >= recipe.text.wrap - 3)
    assert share[middle].mean() < 0.1
    assert share[full].mean() > 0.6
