from __future__ import annotations

from typing import Any

import jax
import numpy as np
import optax
import pytest
from flax import nnx

from rnn_widgets.models import Architecture, Network
from rnn_widgets.models.optimizers import make_optimizer, make_schedule
from rnn_widgets.models.recipes import TrainingSection

UPDATES = 100
PARAMETERS = nnx.state(Network(Architecture("gru", 5, 3, 4), jax.random.key(0)), nnx.Param)
GRADIENT = jax.tree.map(lambda part: 10.0 * np.ones_like(part), PARAMETERS)


def section(**changes: Any) -> TrainingSection:
    return TrainingSection(**{"epochs": 1, "rows": 1, "steps": 1, "learning_rate": 0.5, **changes})


def rates(at: list[int], **changes: Any) -> list[float]:
    schedule = make_schedule(section(**changes), UPDATES)
    return [float(schedule(number)) for number in at]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {0: 0.5, 99: 0.5}),
        ({"warmup": 10}, {0: 0.0, 5: 0.25, 10: 0.5, 99: 0.5}),
        ({"schedule": "cosine"}, {0: 0.5, 50: 0.25, 100: 0.0}),
        ({"schedule": "cosine", "warmup": 20}, {0: 0.0, 20: 0.5, 60: 0.25, 100: 0.0}),
        ({"schedule": "linear", "warmup": 20}, {10: 0.25, 20: 0.5, 60: 0.25, 100: 0.0}),
        # optax's own: over all updates, from the recipe's learning rate, unless its options say otherwise
        ({"schedule": "exponential_decay", "schedule_options": {"decay_rate": 0.25}}, {0: 0.5, 50: 0.25, 100: 0.125}),
        (
            {"schedule": "exponential_decay", "schedule_options": {"decay_rate": 0.1, "transition_steps": 10}},
            {0: 0.5, 10: 0.05},
        ),
        (
            {"schedule": "warmup_cosine_decay_schedule", "schedule_options": {"init_value": 0.0, "warmup_steps": 10}},
            {0: 0.0, 10: 0.5, 100: 0.0},
        ),
        (
            {"schedule": "piecewise_constant_schedule", "schedule_options": {"boundaries_and_scales": {"30": 0.1}}},
            {29: 0.5, 31: 0.05},
        ),
    ],
)
def test_a_recipes_learning_rate_rises_and_falls_as_it_says(
    changes: dict[str, Any], expected: dict[int, float]
) -> None:
    assert rates(list(expected), **changes) == pytest.approx(list(expected.values()), abs=1e-6)


def test_every_schedule_of_optax_may_be_named() -> None:
    def is_one(name: str) -> bool:
        return name.endswith(("_schedule", "_decay")) and not name.startswith("_")

    for name in filter(is_one, dir(optax.schedules)):
        assert section(schedule=name).schedule == name


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schedule": "exponential_decay"}, r"exponential_decay does not fit training\.schedule_options.*decay_rate"),
        ({"schedule": "cosine_decay_schedule", "schedule_options": {"speed": 1}}, "does not fit .*speed"),
    ],
)
def test_a_schedule_that_does_not_fit_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rates([0], **changes)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("adam", {"b1": 0.8, "nesterov": True}),
        ("adamw", {"weight_decay": 0.1}),
        ("adagrad", {}),
        ("adafactor", {}),
        ("lamb", {}),
        ("lion", {}),
        ("nadam", {}),
        ("rmsprop", {"momentum": 0.9}),
        ("sgd", {"momentum": 0.9}),
    ],
)
def test_any_optimizer_of_optax_may_be_named(name: str, options: dict[str, Any]) -> None:
    training = section(optimizer=name, optimizer_options=options, clip=0.0)
    ours = make_optimizer(training, optax.constant_schedule(0.5), PARAMETERS)
    theirs = getattr(optax, name)(learning_rate=0.5, **options)
    changes = [jax.tree.leaves(each.update(GRADIENT, each.init(PARAMETERS), PARAMETERS)[0]) for each in (ours, theirs)]
    for our, their in zip(*changes, strict=True):
        np.testing.assert_allclose(our, their, rtol=1e-6)


@pytest.mark.parametrize(("clip", "norm"), [(0.0, optax.tree.norm(GRADIENT)), (2.0, 2.0)])
def test_the_gradient_is_clipped_to_a_norm_or_not_at_all(clip: float, norm: float) -> None:
    optimizer = make_optimizer(section(optimizer="sgd", clip=clip), optax.constant_schedule(1.0), PARAMETERS)
    changes, _ = optimizer.update(GRADIENT, optimizer.init(PARAMETERS), PARAMETERS)
    assert float(optax.tree.norm(changes)) == pytest.approx(float(norm), rel=1e-6)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"optimizer": "no_such"}, "optax has no optimiser 'no_such'"),
        ({"optimizer_options": {"no_such": 1}}, "optax.adam does not fit the recipe"),
        ({"optimizer": "lbfgs"}, "optax.lbfgs does not fit the recipe"),
        ({"optimizer": "inject_hyperparams"}, "does not fit the recipe"),
        ({"optimizer": "scale_by_adam"}, "does not fit the recipe"),
    ],
)
def test_an_optimizer_that_does_not_fit_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_optimizer(section(**changes), optax.constant_schedule(0.5), PARAMETERS)
