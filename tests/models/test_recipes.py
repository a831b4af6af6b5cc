from __future__ import annotations

from pathlib import Path

import numpy as np
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


def test_numbers_of_any_make_are_written_alike() -> None:
    made = tiny_recipe(training__epochs=np.int64(3), training__learning_rate=np.float64(0.01), training__clip=1)
    assert made == tiny_recipe() and repr(made) == repr(tiny_recipe())


def test_a_file_that_is_no_recipe_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("name = mine")
    with pytest.raises(ValueError, match=r"mine\.toml is not a recipe: "):
        Recipe.load(tmp_path / "mine.toml")
    (tmp_path / "mine.toml").write_text('name = "mine"\ndescription = ""\ntext = 1\nmodel = 1\ntraining = 1')
    with pytest.raises(ValueError, match=r"\[text\] is a table of keys and values, got 1"):
        Recipe.load(tmp_path / "mine.toml")


def test_an_unknown_recipe_names_those_there_are() -> None:
    with pytest.raises(FileNotFoundError, match=r"no recipe 'word-gru'\. Packaged are: char-lstm, char-rnn"):
        Recipe.load("word-gru")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("training__epocs", 3, "has no key 'epocs'. Its keys are: epochs"),
        ("training__epochs", 0, "training.epochs is at least 1, got 0"),
        ("training__epochs", 2.5, "training.epochs is of type int, got 2.5"),
        ("training__rows", True, "training.rows is of type int, got True"),
        ("training__dropout_inputs", 1.0, "from 0 to below 1, got 1.0"),
        (
            "training__schedule",
            "exponential",
            "one of .constant., .cosine., .linear., or a schedule of optax: .*exponential_decay, .* got .exponential.",
        ),
        ("training__schedule_options", {"decay_rate": 0.5}, "are for schedules of optax: 'constant' takes none"),
        ("training__optimizer_options", {"b1": {0.9}}, "training.optimizer_options holds what a TOML file can hold"),
        ("training__learning_rate", float("nan"), "training.learning_rate is a finite number, got nan"),
        ("training__accumulate", 0, "training.accumulate is at least 1, got 0"),
        ("training__clip", -1.0, "training.clip is at least 0, got -1.0"),
        ("training__seed", -1, r"training.seed is from 0 to below 2\*\*32, got -1"),
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
