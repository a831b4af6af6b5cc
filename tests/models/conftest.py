from __future__ import annotations

from collections.abc import Iterator

import jax
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


@pytest.fixture(scope="session", autouse=True)
def compile_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Trainings of the same shape, which several tests repeat, are compiled once a session."""
    settings = {
        "jax_compilation_cache_dir": str(tmp_path_factory.mktemp("compiled")),
        "jax_persistent_cache_min_compile_time_secs": 0,
        "jax_persistent_cache_min_entry_size_bytes": -1,
    }
    before = {name: getattr(jax.config, name) for name in settings}
    for name, value in settings.items():
        jax.config.update(name, value)
    yield
    for name, value in before.items():
        jax.config.update(name, value)


@pytest.fixture(scope="session")
def word_lstm() -> LanguageModel:
    return load_model("word-lstm")


@pytest.fixture(scope="session")
def char_lstm() -> LanguageModel:
    return load_model("char-lstm")


@pytest.fixture(scope="session")
def char_rnn() -> LanguageModel:
    return load_model("char-rnn")
