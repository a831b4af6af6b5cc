from __future__ import annotations

import argparse
import os
import signal
import threading
import time
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


@pytest.mark.filterwarnings("always:Training was interrupted")
def test_ctrl_c_saves_the_model_and_a_checkpoint_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rhyme.toml").write_text(RECIPE)
    (tmp_path / "rhyme.txt").write_text(RHYME * 6)
    output, kept = tmp_path / "out", tmp_path / "kept"
    command = (str(tmp_path / "rhyme.toml"), "--text", str(tmp_path / "rhyme.txt"), "--output", str(output))
    command += ("--checkpoint", str(kept), "--checkpoint-seconds", "1e6", "--checkpoint-steps", "7")

    def press() -> None:
        while not any(path.name.isdigit() and int(path.name) > 50 for path in kept.glob("*")):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press).start()
    assert run(*command, "--epochs", "100000") == 130
    said = capsys.readouterr()
    assert said.err.startswith("rnn-widgets train: Training was interrupted after step ")
    assert f"is saved in {kept}: train with it to go on." in said.err and said.err.count("\n") == 1
    assert "rhyme reached" in said.out and load_model(output).name == "rhyme"
    step = max(int(path.name) for path in kept.iterdir())
    assert f"after step {step} of " in said.err


def test_the_same_command_goes_on_from_its_checkpoint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rhyme.toml").write_text(RECIPE)
    (tmp_path / "rhyme.txt").write_text(RHYME * 6)
    output = tmp_path / "out"
    command = (str(tmp_path / "rhyme.toml"), "--text", str(tmp_path / "rhyme.txt"), "--output", str(output))
    assert run(*command) == 0
    model = (output / "parameters.safetensors").read_bytes()
    capsys.readouterr()
    assert run(*command) == 0
    assert capsys.readouterr().out.startswith("rhyme reached")
    assert (output / "parameters.safetensors").read_bytes() == model
    assert any((output / "checkpoints").iterdir())


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


def test_what_is_for_several_processes_asks_for_distributed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("char-rnn", "--output", str(tmp_path / "out"), "--processes", "2") == 2
    assert "--processes is for several processes: give --distributed too." in capsys.readouterr().err
    assert run("char-rnn", "--output", str(tmp_path / "out"), "--distributed", "--process", "1") == 2
    assert "belong together: coordinator and processes are missing" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
