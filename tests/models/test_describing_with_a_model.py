"""Describing a neuron where the network itself can be asked."""

from __future__ import annotations

import numpy as np
import pytest

from rnn_widgets import features
from rnn_widgets.analysis import describe
from rnn_widgets.models import LanguageModel, felt, generate, record
from rnn_widgets.text import Text


@pytest.fixture(scope="module")
def text(char_lstm: LanguageModel) -> Text:
    return generate(char_lstm, "\n", length=256, seed=3, documents=10)


def test_the_network_tells_whether_it_uses_the_neuron_and_how_long_it_is_felt(
    char_lstm: LanguageModel, text: Text
) -> None:
    acts = record(char_lstm, text, predictions=0)
    newline = features.regex("\n", name="newline")
    neuron = int(np.argmin(acts["hidden"][newline.mask(text)].mean(axis=0) - acts["hidden"].mean(axis=0)))
    described = describe(acts, neuron, model=char_lstm, twins=20, features=[newline])
    assert described.found == ("newline",) and described.findings.hidden == 384
    assert described.to_frame()["verdict"][0] in {"used", "encoded", "inherited"}
    assert 1 <= described.findings.use.rank[0, 0] <= 384  # type: ignore[union-attr]
    assert described.felt is not None and described.felt.shape == (128,)
    assert 1 <= described.time_constant < 128 and "a clamp at one token is felt for" in described.explain()


@pytest.mark.parametrize("signal", ["hidden", "forget_gate"])
def test_a_clamp_is_felt_less_and_less(char_lstm: LanguageModel, text: Text, signal: str) -> None:
    distances = felt(char_lstm, text, 7, signal)
    assert distances.shape == (128,) and distances[0] > 0 and distances[-1] < distances[0] / 5


def test_at_first_it_is_as_far_as_the_neuron_was_from_its_mean(char_lstm: LanguageModel, text: Text) -> None:
    one = Text(text.tokens[:256])
    hidden = record(char_lstm, one)["hidden"][:, 7]
    assert felt(char_lstm, one, 7)[0] == pytest.approx(abs(hidden[128] - hidden.mean()), abs=1e-5)
    assert felt(char_lstm, Text(tuple("the sea")), 7).shape == (3,)


def test_bad_places_are_named(char_lstm: LanguageModel) -> None:
    with pytest.raises(ValueError, match="There is no neuron 384"):
        felt(char_lstm, Text(tuple("the sea")), 384)
    with pytest.raises(ValueError, match="Every document has a single token"):
        felt(char_lstm, Text(("a", "b"), (0, 1)), 0)
