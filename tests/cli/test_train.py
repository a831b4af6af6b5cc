from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from rnn_widgets.cli.train import add_train_arguments, run_train
from rnn_widgets.models import generate, load_model
from tests.models.conftest import RHYME

RECIPE = """
name = "rhyme"
description = "for tests"
[text]
corpus = "moby-dick"
tokenizer = "words"
held_out = 0.2
[model]
cell = "lstm"
embedding = 8
hidden = 12
[training]
epochs = 3
rows = 2
steps = 10
learning_rate = 0.02
"""


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_train_arguments(parser)
    return run_train(parser.parse_args(arguments))


def test_train_saves_a_model_and_says_what_it_reached(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rhyme.toml").write_text(RECIPE)
    (tmp_path / "rhyme.txt").write_text(RHYME * 6)
    output = tmp_path / "out"
    command = (str(tmp_path / "rhyme.toml"), "--text", str(tmp_path / "rhyme.txt"), "--output", str(output))
    assert run(*command, "--epochs", "2") == 0
    said = capsys.readouterr().out
    assert "epoch 1: " in said and "epoch 2: " in said
    assert "rhyme reached" in said and "bits per token on the held-out text" in said
    assert len(generate(load_model(output), "one for", length=5, seed=0)) == 8
    assert run(*command, "--epochs", "2", "--seed", "1") == 2
    assert "belongs to another recipe" in capsys.readouterr().err


@pytest.mark.filterwarnings("always:Nothing was learned")
def test_learning_nothing_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rhyme.toml").write_text(RECIPE.replace("words", "characters").replace("epochs = 3", "epochs = 1"))
    (tmp_path / "short.txt").write_text("abcdefgh" * 4 + "XYZWVUTS")
    arguments = (str(tmp_path / "rhyme.toml"), "--text", str(tmp_path / "short.txt"), "--output", str(tmp_path / "out"))
    assert run(*arguments) == 0
    said = capsys.readouterr().err
    assert said.startswith("rnn-widgets train: Nothing was learned") and said.count("\n") == 1


def test_an_unknown_recipe_and_a_missing_text_are_errors_of_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("no-such", "--output", str(tmp_path)) == 2
    assert "no recipe 'no-such'" in capsys.readouterr().err
    assert run("char-rnn", "--text", str(tmp_path / "none.txt"), "--output", str(tmp_path)) == 2
    assert "none.txt: No such file or directory" in capsys.readouterr().err
    assert run("char-rnn", "--epochs", "0", "--output", str(tmp_path)) == 2
    assert "training.epochs is at least 1" in capsys.readouterr().err
