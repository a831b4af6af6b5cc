from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from rnn_widgets.cli.search import add_search_arguments, run_search
from rnn_widgets.models import Recipe
from rnn_widgets.models.search import loop
from tests.cli.test_train import RECIPE
from tests.models.conftest import RHYME


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_search_arguments(parser)
    return run_search(parser.parse_args(arguments))


@pytest.fixture
def command(tmp_path: Path) -> tuple[str, ...]:
    (tmp_path / "rhyme.toml").write_text(RECIPE.replace("epochs = 3", "epochs = 1"))
    (tmp_path / "rhyme.txt").write_text(RHYME * 6)
    return str(tmp_path / "rhyme.toml"), "--text", str(tmp_path / "rhyme.txt"), "--sampler", "grid"


def test_search_shows_the_trials_and_writes_the_best_recipe(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output, study = tmp_path / "best.toml", tmp_path / "rhyme.study"
    over = ("--over", "training.rows=2,5000", "--over", "training.seed=1..2", "--study", str(study))
    assert run(*command, *over, "--output", str(output)) == 0
    said = capsys.readouterr()
    assert "rhyme: 4 trials (" in said.out and "2 finished" in said.out and "2 failed" in said.out
    assert "is the best of 4: " in said.out and f"The best recipe is in {output}." in said.out
    assert said.err.count("rnn-widgets search: trial ") == 4 and "too short for 5000 rows" in said.err
    best = Recipe.load(output)
    assert best.training.rows == 2 and best.training.seed in (1, 2) and best.training.epochs == 1
    lines = study.read_text().splitlines()
    assert all(json.loads(line) for line in lines)
    assert run(*command, *over) == 0
    assert "rhyme: 4 trials" in capsys.readouterr().out and study.read_text().splitlines() == lines


def test_a_search_without_a_finished_trial_says_why(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    space = tmp_path / "space.toml"
    space.write_text("[training]\nrows = [4000, 5000]\n")
    assert run(*command, "--space", str(space), "--output", str(tmp_path / "best.toml")) == 1
    assert "No trial finished. " in capsys.readouterr().err and not (tmp_path / "best.toml").exists()


def test_what_cannot_be_searched_is_an_error_of_two(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, message in (
        ((), "What is to be searched? Give --over"),
        (("--over", "training.learning_rat=1e-4..1e-2"), "Did you mean 'training.learning_rate'"),
        (("--over", "model.cell=lstm,mlp"), "holds 'mlp', which the recipe refuses"),
        (("--over", "training.seed=1,2", "--trials", "0"), "trials is a whole number from 1, got 0"),
        (("--over", "training.seed=1,2", "--output", command[0]), "exists already: give --output another name"),
        (("--over", "training.seed=1,2", "--output", str(tmp_path / "no" / "best.toml")), "There is no folder"),
        (("--space", str(tmp_path / "none.toml")), "none.toml: No such file or directory"),
    ):
        assert run(*command, *arguments) == 2
        said = capsys.readouterr().err
        assert message in said and said.startswith("rnn-widgets search: ") and said.count("\n") == 1


def test_ctrl_c_ends_with_130_and_says_how_to_go_on(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    over = (*command, "--over", "training.seed=1,2", "--output", str(tmp_path / "best.toml"))
    with monkeypatch.context() as patch:
        patch.setattr(loop, "train", interrupted)
        assert run(*over) == 130
        assert capsys.readouterr().err == "rnn-widgets search: stopped\n"
        assert run(*over, "--study", str(tmp_path / "rhyme.study")) == 130
    assert capsys.readouterr().err == "rnn-widgets search: stopped; the same command goes on from here\n"
    assert run(*over, "--study", str(tmp_path / "rhyme.study")) == 0
