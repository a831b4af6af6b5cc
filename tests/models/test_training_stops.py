"""Trainings that end before their last epoch: somebody interrupts them, or they diverge."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rnn_widgets.models import History, Recipe, TrainingDivergedError, evaluate, train
from rnn_widgets.models.training import material
from rnn_widgets.models.training.checkpoints import last_checkpoint
from tests.models.conftest import RHYME, tiny_recipe

TEXT = RHYME * 5


def interrupted_at(step: int) -> Callable[[History], None]:
    """Presses Ctrl-C, as a terminal and a notebook's interrupt do."""

    def press(history: History) -> None:
        if history.reports[-1].step == step:
            signal.raise_signal(signal.SIGINT)

    return press


def test_ctrl_c_returns_the_best_model_says_so_and_saves(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    said = (
        rf"interrupted after step 18 of 27\. Returned .* held-out loss, of step 18\. .* step 18 is saved in {tmp_path}"
    )
    with pytest.warns(UserWarning, match=said):
        model, history = train(tiny_recipe(), interrupted_at(18), text=TEXT, checkpoint=tmp_path)
    assert signal.getsignal(signal.SIGINT) is before
    assert history.end is not None and (history.end.step, history.end.reason) == (18, "interrupted")
    assert history.best is not None and len(history) == 2
    reached = evaluate(model, material(tiny_recipe(), TEXT).held_out)
    assert reached.bits == pytest.approx(history.best.held_out_loss, rel=1e-5)
    saved = last_checkpoint(tmp_path)
    assert saved is not None and saved.step == 18


def test_without_a_folder_ctrl_c_says_that_nothing_was_saved() -> None:
    with pytest.warns(UserWarning, match="No checkpoint was asked for"):
        _, history = train(tiny_recipe(), interrupted_at(9), text=TEXT)
    assert history.end is not None and history.end.checkpoint is None


def test_before_the_held_out_loss_was_measured_the_model_as_it_was_is_returned() -> None:
    long = RHYME * 60
    with pytest.warns(UserWarning, match=r"after step 50 of \d+\. Returned is the model as it was then"):
        model, history = train(tiny_recipe(), interrupted_at(50), text=long)
    assert history.best is None and len(history) == 1
    assert np.isfinite(evaluate(model, material(tiny_recipe(), TEXT).held_out).bits)


def test_ctrl_c_twice_ends_at_once_and_leaves_what_is_on_disk(tmp_path: Path) -> None:
    def press_twice(history: History) -> None:
        if history.reports[-1].step == 18:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        train(tiny_recipe(), press_twice, text=TEXT, checkpoint=tmp_path)
    assert signal.getsignal(signal.SIGINT) is before
    saved = last_checkpoint(tmp_path)
    assert saved is not None and saved.step == 9


def test_training_outside_the_main_thread_leaves_signals_alone() -> None:
    before, ends = signal.getsignal(signal.SIGINT), []

    def run() -> None:
        _, history = train(tiny_recipe(), text=TEXT)
        ends.append((history.end, signal.getsignal(signal.SIGINT)))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert ends[0][0].reason == "finished" and ends[0][1] is before


def rising(factor: float) -> Recipe:
    """A recipe whose learning rate is suddenly so many times as large at step 12, in the second of three epochs."""
    return tiny_recipe(
        training__optimizer="sgd",
        training__learning_rate=0.1,
        training__clip=0.0,
        training__schedule="piecewise_constant_schedule",
        training__schedule_options={"boundaries_and_scales": {"11": factor}},
    )


@pytest.mark.parametrize(
    ("factor", "message"),
    [(3e38, r"The (loss|gradient's norm) is (nan|inf) at step 1\d"), (1e4, r"bits per token, far above guessing")],
)
def test_a_diverging_training_names_the_step_and_the_last_good_checkpoint(
    factor: float, message: str, tmp_path: Path
) -> None:
    with pytest.raises(TrainingDivergedError, match=message) as caught:
        train(rising(factor), text=TEXT, checkpoint=tmp_path)
    error = caught.value
    assert f"The last good checkpoint, of step 9, is kept in {tmp_path}. Try a lower learning_rate or clip" in str(
        error
    )
    assert error.checkpoint == tmp_path and 11 < error.step <= 18
    saved = last_checkpoint(tmp_path)
    assert saved is not None and saved.step == 9
    assert error.history.step.tolist() == [9] and error.model is not None
    assert all(np.isfinite(array).all() for name, array in saved.arrays.items() if name.startswith("parameters/"))


def test_without_a_folder_a_diverging_training_says_that_nothing_was_saved() -> None:
    with pytest.raises(TrainingDivergedError, match=r"No checkpoint was written before\. Try a lower") as caught:
        train(rising(1e4), text=TEXT)
    assert caught.value.checkpoint is None
