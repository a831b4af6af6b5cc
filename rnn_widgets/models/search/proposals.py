"""What Optuna proposes: values for one trial after the other, and which trials are not worth more epochs."""

from __future__ import annotations

from itertools import product
from math import prod

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.pruners import BasePruner, MedianPruner, NopPruner, SuccessiveHalvingPruner
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.trial import FrozenTrial, TrialState

from rnn_widgets.models.search.result import State
from rnn_widgets.models.search.space import OneOf, Range, Space, Uniform, Value, Whole
from rnn_widgets.models.search.study_file import quietly

SAMPLERS = ("tpe", "random", "grid")
PRUNERS = ("median", "halving", None)

_LARGEST_GRID = 100_000


class Proposals:
    """Values for one trial after the other, from those that came to an end.

    Every trial has a sampler of its own, seeded by the seed and the trial's number: so a search that goes on proposes
    what it would have proposed without the break.

    Raises:
        ValueError: if there is no such sampler or pruner, or no grid of this space.
    """

    def __init__(self, space: Space, sampler: str, pruner: str | None, seed: int) -> None:
        if sampler not in SAMPLERS:
            raise ValueError(f"sampler is one of {', '.join(map(repr, SAMPLERS))}, got {sampler!r}.")
        if pruner not in PRUNERS:
            raise ValueError(f"pruner is one of {', '.join(map(repr, PRUNERS))}, got {pruner!r}.")
        self._space, self._sampler, self._seed = space, sampler, seed
        self._grid = _grid(space, seed) if sampler == "grid" else []
        with quietly():
            self._study = optuna.create_study(pruner=_pruner(pruner))

    def add(self, ended: FrozenTrial) -> None:
        """Takes in a trial of an earlier call."""
        self._study.add_trial(ended)

    def next(self) -> optuna.Trial | None:
        """A trial with values; None where the grid has no more."""
        past = self._study.get_trials(deepcopy=False)
        self._study.sampler = self._seeded(len(past))
        if self._sampler == "grid":
            tried = [trial.params for trial in past]
            point = next((point for point in self._grid if point not in tried), None)
            if point is None:
                return None
            self._study.enqueue_trial(point)
        return self._study.ask({key: _distribution(choosable) for key, choosable in self._space.items()})

    def end(self, trial: optuna.Trial, state: State, loss: float, seconds: float, reason: str) -> FrozenTrial:
        """The trial as it ended."""
        trial.set_user_attr("seconds", seconds)
        trial.set_user_attr("reason", reason)
        if state == "finished":
            return self._study.tell(trial, loss)
        return self._study.tell(trial, state=TrialState.PRUNED if state == "pruned" else TrialState.FAIL)

    def _seeded(self, number: int) -> BaseSampler:
        seed = int(np.random.SeedSequence((self._seed, number)).generate_state(1)[0])
        return TPESampler(seed=seed) if self._sampler == "tpe" else RandomSampler(seed=seed)


def _grid(space: Space, seed: int) -> list[dict[str, Value]]:
    """All combinations in random order."""
    columns = [_points(key, choosable) for key, choosable in space.items()]
    size = prod(map(len, columns))
    if size > _LARGEST_GRID:
        raise ValueError(
            f"The grid has {size:,} points, more than {_LARGEST_GRID:,}: take wider steps, or sampler='random'."
        )
    points = [dict(zip(space, point, strict=True)) for point in product(*columns)]
    return [points[number] for number in np.random.default_rng(seed).permutation(size)]


def _points(key: str, choosable: Range) -> tuple[Value, ...] | range:
    match choosable:
        case OneOf(choices):
            return choices
        case Whole(low, high, step, log=False):
            return range(low, high + 1, step)
    raise ValueError(f"A grid has no points in {key}, which is {choosable}: give a list of choices.")


def _distribution(choosable: Range) -> BaseDistribution:
    match choosable:
        case Uniform(low, high, log):
            return FloatDistribution(low, high, log=log)
        case Whole(low, high, step, log):
            return IntDistribution(low, high - (high - low) % step, step=step, log=log)
        case OneOf(choices):
            return CategoricalDistribution(choices)


def _pruner(name: str | None) -> BasePruner:
    if name == "median":
        return MedianPruner(n_startup_trials=5)
    # every number is given, because what Optuna would guess from the first trials is lost where a search goes on
    return NopPruner() if name is None else SuccessiveHalvingPruner(min_resource=1, reduction_factor=3)
