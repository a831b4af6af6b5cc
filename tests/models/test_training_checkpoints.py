from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rnn_widgets.models import History, LanguageModel, Recipe, train
from rnn_widgets.models.training.checkpoints import last_checkpoint
from tests.models.conftest import RHYME, tiny_recipe

ANY_TEXT = "".join(np.random.default_rng(0).choice(list("abcdefghi"), 1500))

# 19 pieces make an epoch: 10 updates, the last of a single piece. Reports are at 3, 6, 9, 10, 12, 15, 18, 20, 21, ...
EVERYTHING = tiny_recipe(
    training__epochs=30,
    training__learning_rate=0.1,
    training__optimizer="adamw",
    training__optimizer_options={"weight_decay": 0.01},
    training__schedule="exponential_decay",
    training__schedule_options={"decay_rate": 0.5},
    training__warmup=8,
    training__accumulate=2,
    training__dropout_inputs=0.1,
    training__dropout_outputs=0.2,
    training__dropout_recurrent=0.1,
    training__check_every=3,
    training__patience=8,
)
WINDOWS = tiny_recipe(
    training__carry_state=False,
    training__steps=9,
    training__optimizer="adagrad",
    training__learning_rate=0.02,
    model__cell="vanilla",
)


class PowerCutError(Exception):
    """Ends a training with nothing done about it."""


def ended_at(step: int, how: type[BaseException]) -> Callable[[History], None]:
    def watch(history: History) -> None:
        if history.reports[-1].step == step:
            raise how

    return watch


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_the_same(folders: tuple[Path, Path], histories: tuple[History, History]) -> None:
    """That two trainings came to the same, bit for bit, but for their speed."""
    whole, parted = (history.to_frame().drop(columns="tokens_per_second") for history in histories)
    np.testing.assert_array_equal(whole, parted)
    ours, theirs = (last_checkpoint(folder) for folder in folders)
    assert ours is not None and theirs is not None
    assert ours.step == theirs.step and ours.head["counters"] == theirs.head["counters"]
    assert ours.arrays.keys() == theirs.arrays.keys()
    for name, array in ours.arrays.items():
        np.testing.assert_array_equal(array, theirs.arrays[name], err_msg=name)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[LanguageModel, History, Path]:
    folder = tmp_path_factory.mktemp("whole") / "checkpoints"
    return *train(EVERYTHING, text=ANY_TEXT, checkpoint=folder), folder


@pytest.mark.filterwarnings("ignore:Training was interrupted")
@pytest.mark.parametrize("steps", [(6,), (10,), (3, 9, 20, 21)])
def test_training_goes_on_bit_for_bit_from_the_middle_of_an_epoch_and_from_its_end(
    whole: tuple[LanguageModel, History, Path], steps: tuple[int, ...], tmp_path: Path
) -> None:
    model, history, folder = whole
    assert history.end is not None and history.end.reason == "waited" and history.end.step > max(steps)
    parts = tmp_path / "parts"
    for step in steps:
        _, part = train(EVERYTHING, ended_at(step, KeyboardInterrupt), text=ANY_TEXT, checkpoint=parts)
        assert part.end is not None and (part.end.reason, part.end.step) == ("interrupted", step)
        assert (parts / str(step)).is_dir()
    again, went_on = train(EVERYTHING, text=ANY_TEXT, checkpoint=parts)
    assert_the_same((folder, parts), (history, went_on))
    assert again.network == model.network and went_on.end is not None and went_on.end.reason == "waited"


def test_after_a_power_cut_training_goes_on_from_the_last_checkpoint_within_an_epoch(
    whole: tuple[LanguageModel, History, Path], tmp_path: Path
) -> None:
    model, history, folder = whole
    with pytest.raises(PowerCutError):
        train(EVERYTHING, ended_at(18, PowerCutError), text=ANY_TEXT, checkpoint=tmp_path / "parts", checkpoint_steps=8)
    saved = last_checkpoint(tmp_path / "parts")
    assert saved is not None and saved.step == 16
    again, went_on = train(EVERYTHING, text=ANY_TEXT, checkpoint=tmp_path / "parts")
    assert_the_same((folder, tmp_path / "parts"), (history, went_on))
    assert again.network == model.network


def test_short_windows_go_on_bit_for_bit_too(tmp_path: Path) -> None:
    _, history = train(WINDOWS, text=RHYME * 5, checkpoint=tmp_path / "whole")
    halfway = int(history.step[1])
    with pytest.raises(PowerCutError):
        train(
            WINDOWS,
            ended_at(halfway, PowerCutError),
            text=RHYME * 5,
            checkpoint=tmp_path / "parts",
            checkpoint_seconds=0,
        )
    _, went_on = train(WINDOWS, text=RHYME * 5, checkpoint=tmp_path / "parts")
    assert_the_same((tmp_path / "whole", tmp_path / "parts"), (history, went_on))


def test_a_finished_training_is_returned_and_not_written_again(
    whole: tuple[LanguageModel, History, Path],
) -> None:
    model, history, folder = whole
    before = files(folder)
    again, same = train(EVERYTHING, text=ANY_TEXT, checkpoint=folder)
    assert again.network == model.network and same.end == history.end and files(folder) == before
    np.testing.assert_array_equal(same.to_frame(), history.to_frame())


def test_the_last_two_checkpoints_are_kept(whole: tuple[LanguageModel, History, Path]) -> None:
    _, history, folder = whole
    assert history.end is not None and history.end.checkpoint == folder
    steps = sorted(int(path.name) for path in folder.iterdir())
    assert len(steps) == 2 and steps[-1] == history.end.step


@pytest.mark.parametrize(
    ("recipe", "text", "message"),
    [
        (tiny_recipe(training__epochs=9), RHYME * 5, r"recipe: training\.epochs is 3 there and 9 here.* more epochs"),
        (tiny_recipe(model__hidden=8), RHYME * 5, r"another recipe: model\.hidden is 16 there and 8 here\. Give"),
        (tiny_recipe(), RHYME * 6, r"belongs to another text\. Give another folder, or remove it to start anew"),
    ],
)
def test_a_checkpoint_of_another_recipe_network_or_text_is_refused_and_kept(
    recipe: Recipe, text: str, message: str, tmp_path: Path
) -> None:
    train(tiny_recipe(), text=RHYME * 5, checkpoint=tmp_path)
    before = files(tmp_path)
    with pytest.raises(ValueError, match=message):
        train(recipe, text=text, checkpoint=tmp_path)
    assert files(tmp_path) == before


def test_what_is_no_checkpoint_is_named_and_kept(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ValueError, match=r"no folder of checkpoints: it holds 'thesis\.txt'"):
        train(tiny_recipe(), text=RHYME * 5, checkpoint=tmp_path)
    with pytest.raises(ValueError, match=r"thesis\.txt is a file\. Checkpoints are kept in a folder"):
        train(tiny_recipe(), text=RHYME * 5, checkpoint=tmp_path / "thesis.txt")
    assert files(tmp_path) == {"thesis.txt": b"mine"}


def test_what_a_stop_while_writing_left_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "9.orbax-checkpoint-tmp").mkdir()
    _, history = train(tiny_recipe(), text=RHYME * 5, checkpoint=tmp_path)
    assert history.end is not None and sorted(path.name for path in tmp_path.iterdir()) == ["18", "27"]


def test_a_damaged_checkpoint_is_named_with_the_one_before_it(tmp_path: Path) -> None:
    train(tiny_recipe(), text=RHYME * 5, checkpoint=tmp_path)
    head = tmp_path / "27" / "head" / "metadata"
    content = json.loads(head.read_text())
    content["sums"]["parameters/embedding"] += 1
    head.write_text(json.dumps(content))
    with pytest.raises(ValueError, match=r"27 is damaged.*from step 18\..*'parameters/embedding' is not as it was"):
        train(tiny_recipe(), text=RHYME * 5, checkpoint=tmp_path)


@pytest.mark.parametrize("name", ["checkpoint_seconds", "checkpoint_steps"])
def test_a_negative_distance_between_checkpoints_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is at least 0, got -1"):
        train(tiny_recipe(), text=RHYME * 5, **{name: -1})
