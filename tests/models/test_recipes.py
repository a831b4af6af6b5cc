from __future__ import annotations

from pathlib import Path

import pytest

from rnn_widgets.models import Recipe, available_recipes
from tests.models.conftest import tiny_recipe


def test_the_package_holds_the_recipes_of_its_models_and_of_the_original() -> None:
    assert available_recipes() == ["char-lstm", "char-rnn", "thesis-char-rnn", "thesis-word-lstm", "word-lstm"]
    for name in available_recipes():
        recipe = Recipe.load(name)
        assert recipe.name == name
        assert Recipe.from_dict(recipe.to_dict()) == recipe


def test_the_originals_set_up_is_a_recipe() -> None:
    words, characters = Recipe.load("thesis-word-lstm"), Recipe.load("thesis-char-rnn")
    assert (words.model.cell, words.model.hidden, words.training.optimizer) == ("lstm", 672, "rmsprop")
    assert (words.training.steps, words.training.carry_state) == (9, False)
    assert words.training.dropout_outputs > 0 and words.training.patience > 0
    assert (characters.model.cell, characters.training.optimizer) == ("vanilla", "adagrad")


def test_a_recipe_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'name = "mine"\ndescription = ""\n[text]\ncorpus = ""\ntokenizer = "words"\n'
        '[model]\ncell = "vanilla"\nembedding = 4\nhidden = 5\n'
        "[training]\nepochs = 1\nrows = 2\nsteps = 3\nlearning_rate = 1\n"
    )
    recipe = Recipe.load(path)
    assert recipe.model.hidden == 5 and recipe.training.learning_rate == 1.0


def test_an_unknown_recipe_names_those_there_are() -> None:
    with pytest.raises(FileNotFoundError, match=r"no recipe 'word-gru'\. Packaged are: char-lstm, char-rnn"):
        Recipe.load("word-gru")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("training__epocs", 3, "has no key 'epocs'. Its keys are: epochs"),
        ("training__epochs", 0, "training.epochs is at least 1, got 0"),
        ("training__epochs", 2.5, "training.epochs takes int, got 2.5"),
        ("training__rows", True, "training.rows takes int, got True"),
        ("training__dropout_inputs", 1.0, "from 0 to below 1, got 1.0"),
        ("training__schedule", "linear", "one of 'cosine', 'constant', got 'linear'"),
        ("text__tokenizer", "bytes", "text.tokenizer is one of 'words', 'characters'"),
        ("text__held_out", 0.0, "text.held_out is between 0 and 1"),
        ("model__cell", "elman", "model.cell is one of"),
    ],
)
def test_a_bad_key_or_value_is_named(name: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        tiny_recipe(**{name: value})


def test_a_missing_key_is_named() -> None:
    content = tiny_recipe().to_dict()
    del content["model"]["hidden"]
    with pytest.raises(ValueError, match=r"\[model\] needs the key 'hidden'"):
        Recipe.from_dict(content)
