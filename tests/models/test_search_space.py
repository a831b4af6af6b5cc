"""What may be searched: ranges, keys and values, as Python, as TOML and as words of a command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnn_widgets as rw
from rnn_widgets.models import Recipe
from rnn_widgets.models.recipe_files import recipe_toml
from rnn_widgets.models.search import load_space, parse_range
from rnn_widgets.models.search.space import checked_space, with_values
from tests.models.conftest import tiny_recipe

RECIPE = tiny_recipe()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: rw.Uniform(2.0, 1.0), "wrong way round: low must be below high"),
        (lambda: rw.Uniform(0.0, float("inf")), "an end that is not a finite number: inf"),
        (lambda: rw.Uniform(0.0, True), "not a finite number: True"),
        (lambda: rw.Uniform(0.0, 1.0, log=True), "a logarithm only above 0"),
        (lambda: rw.Whole(1, 2.5), "takes whole numbers, got high=2.5"),
        (lambda: rw.Whole(3, 3), "wrong way round"),
        (lambda: rw.Whole(1, 9, 9), "needs a step from 1 to 8, got 9"),
        (lambda: rw.Whole(1, 9, 2, log=True), "either log or a step"),
        (lambda: rw.Whole(0, 9, log=True), "a logarithm only above 0"),
        (lambda: rw.OneOf(()), "at least one choice"),
        (lambda: rw.OneOf("lstm"), "a list of choices, got the string 'lstm'"),
        (lambda: rw.OneOf(("lstm", "lstm")), "holds a choice twice"),
        (lambda: rw.OneOf((None,)), "a string, a number or a truth value, got None"),
    ],
)
def test_ranges_that_are_none_are_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_numpys_numbers_become_pythons() -> None:
    assert rw.Whole(np.int64(1), np.int32(3)) == rw.Whole(1, 3)
    assert rw.OneOf(tuple(np.arange(2))).choices == (0, 1)
    assert [type(choice) for choice in rw.OneOf((np.True_, np.float32(1))).choices] == [bool, float]


@pytest.mark.parametrize(
    ("space", "error", "message"),
    [
        ({}, ValueError, "The space is empty"),
        ([("training.seed", [1])], TypeError, "A space maps keys of a recipe to ranges"),
        ({"training.learning_rat": [0.1]}, ValueError, "no key 'training.learning_rat'.*'training.learning_rate'"),
        ({"qqqq": [0.1]}, ValueError, "no key 'qqqq' to search. Keys are: model.cell, "),
        ({"text.tokenizer": ["words"]}, ValueError, "'text.tokenizer' cannot be searched: it changes what a token is"),
        ({"training.learning_rate": 0.1}, TypeError, "a Uniform, a Whole, a OneOf, or a list of choices, got 0.1"),
        ({"model.hidden": rw.Uniform(1, 9)}, ValueError, r"a whole number: give Whole\(low, high\)"),
        ({"model.cell": rw.Whole(1, 9)}, ValueError, "of type str: give a list of choices"),
        ({"model.cell": ["lstm", "mlp"]}, ValueError, "holds 'mlp', which the recipe refuses: model.cell is one of"),
        ({"model.hidden": rw.Whole(0, 9)}, ValueError, "holds 0, which the recipe refuses: model.hidden is at least 1"),
        ({"training.dropout_inputs": rw.Uniform(0, 1)}, ValueError, "holds 1.0, which the recipe refuses"),
        ({"training.learning_rate": ["fast"]}, ValueError, "holds 'fast', which the recipe refuses"),
    ],
)
def test_what_a_recipe_does_not_take_is_named(space: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        checked_space(RECIPE, space)


def test_values_go_to_their_keys_and_leave_the_recipe_as_it_is() -> None:
    changed = with_values(RECIPE, {"model.cell": "gru", "training.optimizer_options.b1": 0.5})
    assert changed.model.cell == "gru" and dict(changed.training.optimizer_options) == {"b1": 0.5}
    assert RECIPE.model.cell == "lstm" and not RECIPE.training.optimizer_options


def test_a_space_is_written_as_a_recipe_is(tmp_path: Path) -> None:
    path = tmp_path / "space.toml"
    path.write_text("""
[model]
cell = ["lstm", "gru"]
hidden = { low = 8, high = 64, step = 8 }
[training]
learning_rate = { low = 1e-4, high = 1, log = true }
[training.optimizer_options]
b1 = { low = 0.5, high = 0.9 }
""")
    assert load_space(path) == {
        "model.cell": rw.OneOf(("lstm", "gru")),
        "model.hidden": rw.Whole(8, 64, 8),
        "training.learning_rate": rw.Uniform(1e-4, 1.0, log=True),
        "training.optimizer_options.b1": rw.Uniform(0.5, 0.9),
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[model", "space.toml is not a space to search"),
        ("[model]\nhidden = 8", "model.hidden takes a list, or a table of low and high, got 8"),
        ("[model]\nhidden = { low = 8 }", "of which low and high are needed"),
        ("[model]\nhidden = { low = 8, high = 9, by = 1 }", "The range of model.hidden has low, high, step, log"),
        ("[training]\nlearning_rate = { low = 0.1, high = 0.2, step = 0.1 }", "not a whole number: leave out step"),
        ("[model]\nhiden = [8]", "no key 'model.hiden' to search. Did you mean 'model.hidden'"),
    ],
)
def test_a_file_that_holds_no_space_is_refused(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "space.toml"
    path.write_text(content)
    with pytest.raises(ValueError, match=message):
        load_space(path)


@pytest.mark.parametrize(
    ("written", "key", "meant"),
    [
        ("training.learning_rate=1e-4..1e-2 log", "training.learning_rate", rw.Uniform(1e-4, 1e-2, log=True)),
        ("training.dropout_inputs = 0..0.5", "training.dropout_inputs", rw.Uniform(0.0, 0.5)),
        ("training.rows=8..64 step 8", "training.rows", rw.Whole(8, 64, 8)),
        ("model.cell=lstm, gru", "model.cell", rw.OneOf(("lstm", "gru"))),
        ("model.tied=true,false", "model.tied", rw.OneOf((True, False))),
        ("training.optimizer_options.b1=0.8..0.9", "training.optimizer_options.b1", rw.Uniform(0.8, 0.9)),
        ("training.optimizer_options.nesterov=true", "training.optimizer_options.nesterov", rw.OneOf((True,))),
    ],
)
def test_a_range_is_said_in_one_word_of_a_command(written: str, key: str, meant: object) -> None:
    assert parse_range(written) == (key, meant)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("model.hidden", "A range is KEY=LOW..HIGH"),
        ("model.hidden=", "A range is KEY=LOW..HIGH"),
        ("model.hidden=1.5..3", "model.hidden is of type int, got '1.5'"),
        ("model.tied=yes", "model.tied is of type bool, got 'yes'"),
        ("model.hidden=8..64 steps 8", "After LOW..HIGH stands nothing, log, or step N"),
        ("model.hidde=8..64", "Did you mean 'model.hidden'"),
    ],
)
def test_words_that_say_no_range_are_refused(written: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_range(written)


def test_a_recipe_is_the_same_after_it_was_written(tmp_path: Path) -> None:
    options = {"b1": 0.5, "a name": 1.0}
    recipe = tiny_recipe(training__optimizer_options=options, training__clip=0.0, training__learning_rate=1e-5)
    recipe = Recipe.from_dict({**recipe.to_dict(), "description": 'says "ü" \\ and\x7f\n'})
    path = tmp_path / "recipe.toml"
    path.write_text(recipe_toml(recipe), encoding="utf-8")
    assert Recipe.load(path) == recipe
