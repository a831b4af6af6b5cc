"""Searching over a recipe: what is tried, pruned, kept, gone on from, and refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import pandas as pd
import pytest

import rnn_widgets as rw
from rnn_widgets.models import History, Recipe, train
from rnn_widgets.models.search import Search, loop
from tests.models.conftest import RHYME, tiny_recipe

TEXT = RHYME * 8
RECIPE = tiny_recipe(training__epochs=3)
# two learning rates, because the rate is compiled into a training
SPACE = {"training.learning_rate": rw.OneOf((0.03, 1e-5)), "training.seed": rw.Whole(0, 9)}
TRIALS = 8
COMPILATION = (
    "jax_compilation_cache_dir",
    "jax_persistent_cache_min_compile_time_secs",
    "jax_persistent_cache_min_entry_size_bytes",
)


def searched(recipe: Recipe = RECIPE, space: Any = SPACE, **options: Any) -> Search:
    return rw.search(recipe, space, **{"text": TEXT, "sampler": "random", "progress": False, **options})


def told(found: Search) -> pd.DataFrame:
    """All that a search found, without the time that it took."""
    return found.to_frame().drop(columns="seconds")


@pytest.fixture(scope="module")
def pruned() -> Search:
    return searched(trials=TRIALS)


def test_a_search_is_a_frame_a_best_recipe_and_a_line(pruned: Search) -> None:
    frame = pruned.to_frame()
    assert list(frame) == ["trial", "state", "held_out_loss", "epochs", "seconds", *SPACE, "reason"]
    assert frame["trial"].tolist() == list(range(TRIALS)) and (frame["seconds"] > 0).all()
    assert frame["training.learning_rate"].isin([0.03, 1e-5]).all() and frame["training.seed"].between(0, 9).all()
    best = frame[frame["state"] == "finished"].sort_values("held_out_loss").iloc[0]
    assert pruned.best_values == {key: best[key] for key in SPACE}
    assert pruned.best.training.learning_rate == best["training.learning_rate"]
    assert pruned.best.training.seed == best["training.seed"] and pruned.best.model == RECIPE.model
    assert repr(pruned).startswith(f"Search(tiny over 2 keys, {TRIALS} trials, ")
    assert repr(pruned).endswith(f"lowest held-out {best['held_out_loss']:.3f} bits in trial {best['trial']})")


def test_a_trial_is_a_training_on_the_recipes_training_text_alone(pruned: Search) -> None:
    read = loop.material(RECIPE, TEXT).train
    best = pruned.best_trial
    assert best is not None
    _, history = train(pruned.best, text=read, progress=False)
    assert history.best is not None and history.best.held_out_loss == best.held_out_loss


def test_pruning_saves_epochs_and_changes_nothing_else(pruned: Search) -> None:
    whole = told(searched(trials=TRIALS, pruner=None))
    frame = told(pruned)
    ended = frame["state"] == "pruned"
    assert ended.any() and (whole["state"] == "finished").all() and (whole["epochs"] == 3).all()
    assert (frame[ended]["epochs"] < 3).all() and frame[ended]["reason"].str.startswith("Others did better").all()
    assert frame[~ended].equals(whole[~ended])


@pytest.fixture
def interrupt_the_third(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Ctrl-C in the middle of the third training from now on."""

    def arm() -> None:
        begun = []

        def interrupted(recipe: Recipe, follow: Callable[[History], None], **options: Any) -> Any:
            begun.append(recipe)

            def followed(history: History) -> None:
                follow(history)
                if len(begun) == 3:
                    signal.raise_signal(signal.SIGINT)

            return train(recipe, followed, **options)

        monkeypatch.setattr(loop, "train", interrupted)

    return arm


def test_a_search_goes_on_after_ctrl_c_as_if_it_had_not_stopped(
    pruned: Search, interrupt_the_third: Callable[[], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    study = tmp_path / "new" / "tiny.study"
    interrupt_the_third()
    stopped = searched(trials=4, study=study)
    assert stopped.interrupted and told(stopped).equals(told(pruned)[:2])
    monkeypatch.setattr(loop, "train", train)
    seen: list[int] = []
    resumed = searched(trials=4, study=study, on_trial=lambda found: seen.append(len(found)))
    assert seen == [2, 3, 4] and not resumed.interrupted
    assert told(resumed).equals(told(pruned)[:4])
    assert resumed.to_frame()[:2].equals(stopped.to_frame())
    lines = study.read_bytes()
    assert told(searched(trials=4, study=study)).equals(told(resumed)) and study.read_bytes() == lines


def test_a_search_goes_on_after_it_was_killed_in_a_training(pruned: Search, tmp_path: Path) -> None:
    study = tmp_path / "tiny.study"
    code = f"""
import os, signal
from rnn_widgets.models.search import loop
from tests.models.test_search import searched, train
def killed(recipe, follow, **options):
    def followed(history):
        follow(history)
        if os.path.getsize({str(study)!r}) > 1000:
            os.kill(os.getpid(), signal.SIGKILL)
    return train(recipe, followed, **options)
loop.train = killed
searched(trials=4, study={str(study)!r})
"""
    compiled = {name.upper(): str(getattr(jax.config, name)) for name in COMPILATION}
    ended = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2], env={**os.environ, **compiled}
    )
    assert ended.returncode == -signal.SIGKILL
    with study.open("ab") as file:
        file.write(b'{"op_code":4,"worker_id":"half a li')
    resumed = searched(trials=3, study=study)
    assert told(resumed).equals(told(pruned)[:3])
    assert all(json.loads(line) for line in study.read_text().splitlines())


def test_trials_that_fail_say_why_and_end_nothing() -> None:
    recipe = tiny_recipe(training__epochs=1, training__optimizer="sgd", training__clip=1e38)
    space = {"training.learning_rate": [0.01, 1e38], "training.rows": [4, 5000]}
    frame = searched(recipe, space, trials=9, sampler="grid").to_frame()
    assert len(frame) == 4
    fits = frame["training.rows"] == 4
    assert frame[~fits]["reason"].str.contains("too short for 5000 rows").all()
    diverged = fits & (frame["training.learning_rate"] == 1e38)
    assert frame[diverged]["reason"].str.contains("training diverged").all() and diverged.sum() == 1
    assert (frame["state"] == "failed").tolist() == (~fits | diverged).tolist()
    too_large = searched(tiny_recipe(training__epochs=1), {"model.hidden": [300_000]}, trials=1)
    assert too_large.trials[0].state == "failed" and "memory" in too_large.trials[0].reason
    with pytest.raises(
        ValueError, match=r"No trial of the search finished.*: 1 trials, 1 failed\. The last one: .*memory"
    ):
        too_large.best  # noqa: B018


def test_a_study_of_another_search_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    study = tmp_path / "tiny.study"
    searched(trials=1, study=study)
    before = study.read_bytes()
    with pytest.raises(ValueError, match=r"tiny\.study belongs to a search over another text\. Give another path"):
        searched(trials=2, study=study, text=TEXT + RHYME)
    with pytest.raises(ValueError, match="another recipe and another space"):
        searched(tiny_recipe(training__epochs=5), {"training.seed": [1, 2]}, trials=2, study=study)
    assert study.read_bytes() == before
    for content in (b"to be, or not to be", b'{"op_code": 0}\n', b'["a", "list"]\n', b"\x00\xff\n"):
        study.write_bytes(content)
        with pytest.raises(ValueError, match="is not the study of a search: give another path"):
            searched(trials=2, study=study)
        assert study.read_bytes() == content


def test_two_searches_do_not_mix_their_trials_in_one_study(tmp_path: Path) -> None:
    study = tmp_path / "tiny.study"

    def another_writes(found: Search) -> None:
        with study.open("ab") as file:
            file.write(study.read_bytes().splitlines(keepends=True)[-1])

    with pytest.raises(ValueError, match=r"Another search is writing to the study .*tiny\.study"):
        searched(trials=2, study=study, on_trial=another_writes)


def test_observers_are_told_of_each_trial_until_they_have_enough() -> None:
    found, seen = Search(RECIPE, {"training.seed": rw.OneOf((1, 2))}), []
    stop = found.observe(lambda search: seen.append(len(search)))
    for number in range(3):
        found.add(rw.models.Trial(number, "finished", 2.0, 1, 1.0, {"training.seed": 1}))
        if number == 1:
            stop()
    assert seen == [1, 2] and len(found.trials) == 3


def test_a_search_without_optuna_names_the_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(ImportError, match=r"pip install 'rnn-widgets\[search\]'"):
        searched(trials=1)


def test_optuna_says_nothing(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    searched(trials=1, study=tmp_path / "tiny.study")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"trials": 0}, "trials is a whole number from 1, got 0"),
        ({"seed": -1}, "seed is a whole number from 0, got -1"),
        ({"sampler": "bayes"}, "sampler is one of 'tpe', 'random', 'grid', got 'bayes'"),
        ({"pruner": "late"}, "pruner is one of 'median', 'halving', None, got 'late'"),
        (
            {"sampler": "grid", "space": {"training.clip": rw.Uniform(1, 2)}},
            r"A grid has no points in training\.clip, which is Uniform",
        ),
        ({"sampler": "grid", "space": {"training.seed": rw.Whole(0, 10**7)}}, "The grid has 10,000,001 points"),
        ({"text": ""}, "empty"),
        ({"text": "abcdefgh"}, "too short"),
    ],
)
def test_what_cannot_be_searched_is_named(options: dict[str, Any], message: str, tmp_path: Path) -> None:
    study = tmp_path / "tiny.study"
    with pytest.raises(ValueError, match=message):
        searched(**{"trials": 1, "study": study, **options})
    assert not os.path.lexists(study)
