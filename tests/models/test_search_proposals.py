"""What is proposed to a search, and that a break changes nothing in it."""

from __future__ import annotations

from collections.abc import Callable
from math import log10, nan
from pathlib import Path
from typing import Any

import pytest

import rnn_widgets as rw
from rnn_widgets.models.search.proposals import SAMPLERS, Proposals
from rnn_widgets.models.search.study_file import StudyFile
from tests.models.test_search import RECIPE, searched

SPACE = {
    "training.learning_rate": rw.Uniform(1e-5, 1e-1, log=True),
    "model.hidden": rw.Whole(8, 70, 8),
    "model.cell": rw.OneOf(("lstm", "gru", "vanilla")),
}
CHOICES = {"model.cell": rw.OneOf(("lstm", "gru")), "model.layers": rw.Whole(1, 3)}
IDENTITY = {"recipe": "a", "space": "b", "text": "c"}


def proposed(proposals: Proposals, count: int, keep: Callable[[Any], None] = lambda ended: None) -> list[dict]:
    """Values of so many trials, which are told a loss that is the lower the nearer the learning rate is to 0.01."""
    values = []
    while len(values) < count and (trial := proposals.next()) is not None:
        values.append(trial.params)
        rate = trial.params.get("training.learning_rate", 1.0)
        state = "failed" if rate > 0.05 else "finished"
        keep(proposals.end(trial, state, abs(log10(rate) + 2) if state == "finished" else nan, 1.0, ""))
    return values


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_break_changes_nothing_in_what_is_proposed(sampler: str, tmp_path: Path) -> None:
    space = CHOICES if sampler == "grid" else SPACE
    count, stopped = (6, 2) if sampler == "grid" else (20, 13)
    whole = proposed(Proposals(space, sampler, "median", 5), count)
    path = tmp_path / "study"
    file = StudyFile(path, IDENTITY)
    begun = proposed(Proposals(space, sampler, "median", 5), stopped, file.add)
    resumed = Proposals(space, sampler, "median", 5)
    kept = StudyFile(path, IDENTITY).trials
    assert len(kept) == stopped
    for ended in kept:
        resumed.add(ended)
    assert begun + proposed(resumed, count - stopped) == whole


def test_the_seed_is_what_chance_is_drawn_from() -> None:
    again, other = (proposed(Proposals(SPACE, "random", None, seed), 3) for seed in (0, 1))
    assert proposed(Proposals(SPACE, "random", None, 0), 3) == again != other


def test_every_value_lies_in_its_range() -> None:
    for values in proposed(Proposals(SPACE, "random", None, 0), 40):
        assert 1e-5 <= values["training.learning_rate"] <= 1e-1
        assert values["model.hidden"] in range(8, 71, 8)
        assert values["model.cell"] in ("lstm", "gru", "vanilla")


def test_tpe_comes_nearer_to_what_did_well_than_chance_does() -> None:
    def distance(sampler: str) -> float:
        late = proposed(Proposals(SPACE, sampler, None, 0), 40)[20:]
        return sum(abs(log10(values["training.learning_rate"]) + 2) for values in late) / len(late)

    assert distance("tpe") < 0.5 * distance("random")


def test_a_grid_proposes_every_combination_once_in_random_order() -> None:
    points = proposed(Proposals(CHOICES, "grid", None, 0), 100)
    assert len(points) == 6
    assert {(point["model.cell"], point["model.layers"]) for point in points} == {
        (cell, layers) for cell in ("lstm", "gru") for layers in (1, 2, 3)
    }
    assert points != proposed(Proposals(CHOICES, "grid", None, 1), 100)


def test_halving_lets_few_trials_go_on() -> None:
    proposals = Proposals(SPACE, "random", "halving", 0)
    reached = []
    for number in range(9):
        trial = proposals.next()
        assert trial is not None
        for epoch in range(1, 10):
            # the later the trial, the worse
            trial.report(1.0 + number, epoch)
            if trial.should_prune():
                break
        reached.append(epoch)
        proposals.end(trial, "finished" if epoch == 9 else "pruned", 1.0 + number, 1.0, "")
    assert reached[0] == 9 and reached[3:] == [1] * 6


def test_a_torn_line_is_cut_and_whole_ones_stay(tmp_path: Path) -> None:
    path = tmp_path / "study"
    file = StudyFile(path, IDENTITY)
    proposed(Proposals(SPACE, "random", None, 0), 3, file.add)
    lines = path.read_bytes().splitlines(keepends=True)
    for torn in (lines[-1][:1], lines[-1][:40], lines[-1][:-1]):
        path.write_bytes(b"".join(lines[:-1]) + torn)
        assert len(StudyFile(path, IDENTITY).trials) == 2
        assert path.read_bytes() == b"".join(lines[:-1])


def test_a_line_that_was_broken_in_the_middle_is_said(tmp_path: Path) -> None:
    path = tmp_path / "study"
    searched(RECIPE, trials=1, study=path)
    path.write_bytes(path.read_bytes() + b"half a line\n")
    with pytest.raises(ValueError, match=r"study is damaged in line \d"):
        searched(RECIPE, trials=2, study=path)
