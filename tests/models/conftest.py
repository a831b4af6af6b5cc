from __future__ import annotations

import pytest

from rnn_widgets.models import LanguageModel, Recipe, load_model

RHYME = (
    "one for sorrow, two for joy, three for a girl, four for a boy, five for silver, six for gold, "
    "seven for a secret never to be told.\n"
)


def tiny_recipe(**changes: object) -> Recipe:
    """A recipe that trains in a second; `section__key=value` changes it."""
    content: dict[str, dict[str, object]] = {
        "text": {"corpus": "moby-dick", "tokenizer": "characters", "held_out": 0.2},
        "model": {"cell": "lstm", "embedding": 8, "hidden": 16},
        "training": {"epochs": 3, "rows": 4, "steps": 16, "learning_rate": 0.01},
    }
    for name, value in changes.items():
        section, _, key = name.partition("__")
        content[section][key] = value
    return Recipe.from_dict({"name": "tiny", "description": "for tests", **content})


@pytest.fixture(scope="session")
def word_lstm() -> LanguageModel:
    return load_model("word-lstm")


@pytest.fixture(scope="session")
def char_lstm() -> LanguageModel:
    return load_model("char-lstm")


@pytest.fixture(scope="session")
def char_rnn() -> LanguageModel:
    return load_model("char-rnn")
