from __future__ import annotations

import math

import numpy as np
import pytest

from rnn_widgets.models import LanguageModel, generate, record
from rnn_widgets.text import UNKNOWN, Text


def test_the_same_seed_writes_the_same_and_another_something_else(char_lstm: LanguageModel) -> None:
    first = generate(char_lstm, "Call me", length=80, seed=4)
    assert generate(char_lstm, "Call me", length=80, seed=4) == first
    assert generate(char_lstm, "Call me", length=80, seed=5) != first


@pytest.mark.parametrize("length", [1, 64, 65, 150])
def test_length_counts_new_tokens_and_a_shorter_text_is_the_beginning_of_a_longer(
    char_rnn: LanguageModel, length: int
) -> None:
    text = generate(char_rnn, "The sea", length=length, seed=0)
    assert len(text) == 7 + length and str(text).startswith("The sea")
    assert generate(char_rnn, "The sea", length=150, seed=0).tokens[: 7 + length] == text.tokens


def test_unknown_is_never_written_even_where_it_is_the_likeliest(word_lstm: LanguageModel) -> None:
    prompt = "the xyzzy "
    written = generate(word_lstm, prompt, length=300, seed=0, temperature=2.0)
    assert "xyzzy" in written.tokens
    assert UNKNOWN not in written.tokens
    assert set(written.tokens[3:]) - {"xyzzy", " "} <= set(word_lstm.vocabulary.tokens)
    assert UNKNOWN not in generate(word_lstm, prompt, length=50, seed=0, temperature=0).tokens


def test_temperature_zero_takes_the_likeliest_known_token(char_rnn: LanguageModel) -> None:
    text = generate(char_rnn, "It was ", length=60, seed=0, temperature=0)
    assert text == generate(char_rnn, "It was ", length=60, seed=9, temperature=0)
    predictions = record(char_rnn, text, predictions=2).predictions
    assert predictions is not None
    for t in range(6, len(text) - 1):
        best = next(token for token, _ in predictions.at(t) if token != UNKNOWN)
        assert text.tokens[t + 1] == best


def test_a_tiny_temperature_is_nearly_greedy(char_rnn: LanguageModel) -> None:
    greedy = generate(char_rnn, "It was ", length=60, seed=0, temperature=0)
    assert generate(char_rnn, "It was ", length=60, seed=0, temperature=1e-38) == greedy


def test_lower_temperature_writes_likelier_text(char_lstm: LanguageModel) -> None:
    def bits(temperature: float) -> float:
        text = generate(char_lstm, "The ", length=200, seed=0, temperature=temperature, documents=4)
        surprisal = record(char_lstm, text).surprisal
        assert surprisal is not None
        return float(np.nanmean(surprisal))

    assert bits(0.5) < bits(1.0) < bits(2.0)


def test_drawn_frequencies_are_the_predicted_probabilities(char_rnn: LanguageModel) -> None:
    texts = generate(char_rnn, "th", length=1, seed=0, documents=800)
    drawn = [document.tokens[-1] for document in texts.split()]
    predictions = record(char_rnn, "th").predictions
    assert predictions is not None
    for token, probability in predictions.at(1)[:3]:
        error = 4 * math.sqrt(probability * (1 - probability) / 800)
        assert abs(drawn.count(token) / 800 - probability) < error


def test_documents_are_many_and_the_first_ones_do_not_depend_on_how_many(word_lstm: LanguageModel) -> None:
    many = generate(word_lstm, "The ship", length=40, seed=2, documents=11)
    assert many.documents == tuple(range(0, 11 * 43, 43))
    parts = many.split()
    assert parts[0] == generate(word_lstm, "The ship", length=40, seed=2)
    assert parts[:6] == generate(word_lstm, "The ship", length=40, seed=2, documents=6).split()
    assert len(set(parts)) == 11


def test_a_prompt_may_be_long_a_text_or_empty(char_rnn: LanguageModel) -> None:
    long = "so the ship went on, " * 40
    assert str(generate(char_rnn, long, length=5, seed=0)).startswith(long)
    text = Text(tuple("ship"))
    assert generate(char_rnn, text, length=5, seed=0).tokens[:4] == text.tokens
    assert len(generate(char_rnn, "", length=5, seed=0)) == 5


def test_writing_goes_on_from_the_whole_prompt(char_rnn: LanguageModel) -> None:
    """A text written in one go equals its second half written after its first, at temperature 0."""
    whole = generate(char_rnn, "x" * 130 + " The", length=40, seed=0, temperature=0)
    half = Text(whole.tokens[:-20])
    assert generate(char_rnn, half, length=20, seed=0, temperature=0) == whole


def test_writing_counts_the_tokens_of_all_documents(
    char_rnn: LanguageModel, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    generate(char_rnn, "The", length=70, seed=0, documents=9, progress=True)
    assert "630/630 tokens" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"length": 0}, "length is a whole number from 1, got 0"),
        ({"length": 99999999999}, "At most 10,000,000 tokens .* got length=99,999,999,999 x documents=1"),
        ({"length": 10**6, "documents": 11}, "= 11,000,000"),
        ({"length": 2.5}, "length is a whole number"),
        ({"documents": 0}, "documents is a whole number from 1, got 0"),
        ({"seed": -1}, "seed is a whole number from 0"),
        ({"temperature": -0.1}, "temperature is a finite number from 0, got -0.1"),
        ({"temperature": math.nan}, "temperature"),
        ({"temperature": math.inf}, "temperature"),
        ({"prompt": Text(("a", "b"), (0, 1))}, "A prompt is one document"),
    ],
)
def test_bad_arguments_are_named(char_rnn: LanguageModel, changes: dict[str, object], message: str) -> None:
    arguments = {"prompt": "a", "length": 3, "seed": 0} | changes
    with pytest.raises(ValueError, match=message):
        generate(char_rnn, **arguments)  # type: ignore[arg-type]
