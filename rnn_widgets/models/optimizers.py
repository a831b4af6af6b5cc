"""Optimisers and learning rates by the names that recipes give them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import optax

from rnn_widgets.models.network import Parameters
from rnn_widgets.models.recipes import TrainingSection

_HEIGHTS = ("peak_value", "init_value", "value")
_LENGTHS = ("decay_steps", "transition_steps")


def make_schedule(training: TrainingSection, updates: int) -> optax.Schedule:
    """The learning rate that a recipe names, as a function of the updates done before.

    A schedule of optax gets the recipe's `learning_rate` as its peak (or else initial) value, and the updates after
    the warm-up as its length, unless `schedule_options` say otherwise.

    Args:
        training: the recipe's section.
        updates: how many there are in all epochs.

    Raises:
        ValueError: if optax's schedule does not take the recipe's options.
    """
    peak = training.learning_rate
    warmup = min(training.warmup, max(updates - 1, 0)) if training.schedule in ("cosine", "linear") else training.warmup
    if training.schedule == "cosine":
        return optax.warmup_cosine_decay_schedule(0.0, peak, warmup, max(updates, 1))
    if training.schedule == "constant":
        return optax.linear_schedule(0.0, peak, warmup) if warmup else optax.constant_schedule(peak)
    left = max(updates - warmup, 1)
    falling = (
        optax.linear_schedule(peak, 0.0, left) if training.schedule == "linear" else _from_optax(training, peak, left)
    )
    if not warmup:
        return falling
    return optax.join_schedules([optax.linear_schedule(0.0, peak, warmup), falling], [warmup])


def make_optimizer(
    training: TrainingSection, schedule: optax.Schedule, parameters: Parameters
) -> optax.GradientTransformation:
    """The optimiser that a recipe names, with its learning rate, after clipping the gradient's norm.

    Raises:
        ValueError: if optax has no such optimiser, it does not take the recipe's options, or it needs more than
            parameters and their gradient, as a line search does.
    """
    make = getattr(optax, training.optimizer, None)
    if not callable(make):
        raise ValueError(
            f"optax has no optimiser {training.optimizer!r}. Known ones are adam, adamw, rmsprop, adagrad, sgd."
        )
    try:
        optimizer = make(learning_rate=schedule, **training.optimizer_options)
        if not isinstance(optimizer, optax.GradientTransformation):
            raise TypeError(f"it makes a {type(optimizer).__name__}, not an optimiser")
        if training.clip:
            optimizer = optax.chain(optax.clip_by_global_norm(training.clip), optimizer)
        jax.eval_shape(lambda these: optimizer.update(these, optimizer.init(these), these), parameters)
    except (TypeError, ValueError) as error:
        raise ValueError(f"optax.{training.optimizer} does not fit the recipe: {error}") from error
    return optimizer


def _from_optax(training: TrainingSection, peak: float, length: int) -> optax.Schedule:
    make = getattr(optax, training.schedule)
    taken = inspect.signature(make).parameters
    height = [name for name in _HEIGHTS if name in taken][:1]
    given = {name: _numbered(option) for name, option in training.schedule_options.items()}
    options = dict.fromkeys(height, peak) | {name: length for name in _LENGTHS if name in taken} | given
    try:
        schedule: optax.Schedule = make(**options)
        rate = jnp.asarray(schedule(0))
        if rate.shape:
            raise TypeError(f"it gives an array of shape {rate.shape}, not a number")
    except (TypeError, ValueError, AttributeError) as error:
        raise ValueError(
            f"optax.{training.schedule} does not fit training.schedule_options, {training.schedule_options}: {error}"
        ) from error
    return schedule


def _numbered(option: Any) -> Any:
    """TOML's keys are strings; those of `boundaries_and_scales` are steps."""
    if not isinstance(option, Mapping):
        return option
    return {int(key) if str(key).isdigit() else key: value for key, value in option.items()}
