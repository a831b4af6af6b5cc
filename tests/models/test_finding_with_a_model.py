"""Finding neurons where the network itself can be asked."""

from __future__ import annotations

import numpy as np
import pytest

from rnn_widgets import features
from rnn_widgets.analysis import Findings, find_neurons
from rnn_widgets.models import LanguageModel, generate, record
from rnn_widgets.text import Text

NEWLINE = features.regex("\n", name="newline")


@pytest.fixture(scope="module")
def text(char_lstm: LanguageModel) -> Text:
    return generate(char_lstm, "\n", length=260, seed=3, documents=10)


def found_in(model: LanguageModel, text: Text) -> Findings:
    return find_neurons(record(model, text, predictions=0), NEWLINE, model=model)


def test_a_trained_network_uses_the_neurons_that_tell_when_a_line_ends(char_lstm: LanguageModel, text: Text) -> None:
    found = found_in(char_lstm, text)
    assert found.use is not None
    best = int(np.nanargmax(found.use.effect[0]))
    assert found.verdicts[0, best] == "used" and found.use.rank[0, best] == 1 and found.use.low[0, best] > 0.5
    assert "bits more than others" in found.explain(best)
    assert "Use(384 neurons x 1 features" in repr(found.use)


def test_an_untrained_network_has_learned_nothing_and_uses_nothing(char_lstm: LanguageModel, text: Text) -> None:
    found = found_in(char_lstm.twin(7), text)
    assert set(found.verdicts[0]) == {"inherited", "chance"}


def test_twins_are_untrained_networks_that_read_the_text(char_lstm: LanguageModel, text: Text) -> None:
    first, second = char_lstm.record_twins(text, [4, 5])
    np.testing.assert_array_equal(first["hidden"], record(char_lstm.twin(4), text)["hidden"])
    assert first.tokens == text.tokens and first.network != second.network
