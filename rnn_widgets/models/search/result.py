"""What a search found: its trials, observed while it runs and read afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from rnn_widgets.models.recipes import Recipe
from rnn_widgets.models.search.space import Space, Value, with_values

if TYPE_CHECKING:
    import pandas

    from rnn_widgets.plots import Figure

State: TypeAlias = Literal["finished", "pruned", "failed"]


@dataclass(frozen=True)
class Trial:
    """One training of a search.

    Attributes:
        number: of the trial, from 0.
        state: "finished"; "pruned", ended early because other trials did better; or "failed".
        held_out_loss: the lowest, in bits per token of the text that the search held out; NaN if it was never measured.
        epochs: whole epochs that were trained.
        seconds: that they took, compiling included.
        values: what was chosen for each searched key.
        reason: why it was pruned or failed.
    """

    number: int
    state: State
    held_out_loss: float
    epochs: int
    seconds: float
    values: Mapping[str, Value]
    reason: str = ""


class Search:
    """The trials of a search over a recipe, oldest first. It grows while the search runs; nobody else changes it.

    The lowest of many held-out losses is optimistic, because the text that measured them chose it. Therefore the search
    parts the recipe's training text once more, and never reads the recipe's own held-out text: how good the best
    values are is what `train(search.best)` reaches there.

    Attributes:
        recipe: what was searched over.
        space: the searched keys and their ranges.
        interrupted: whether Ctrl-C ended the search before it had all its trials.
    """

    def __init__(self, recipe: Recipe, space: Space) -> None:
        self.recipe, self.space = recipe, space
        self.interrupted = False
        self._trials: list[Trial] = []
        self._observers: list[Callable[[Search], None]] = []

    @property
    def trials(self) -> tuple[Trial, ...]:
        return tuple(self._trials)

    def observe(self, observer: Callable[[Search], None]) -> Callable[[], None]:
        """Calls `observer(search)` after every trial from now on; returns a function that ends it."""
        self._observers.append(observer)
        return lambda: self._observers.remove(observer)

    def add(self, *trials: Trial) -> None:
        """Takes trials in, and tells the observers if there are any."""
        self._trials += trials
        for observer in tuple(self._observers) if trials else ():
            observer(self)

    @property
    def best_trial(self) -> Trial | None:
        """The finished trial with the lowest held-out loss, the first of equals; None if none finished."""
        finished = (trial for trial in self._trials if trial.state == "finished")
        return min(finished, key=lambda trial: trial.held_out_loss, default=None)

    @property
    def best_values(self) -> dict[str, Value]:
        """What the best trial chose for each searched key.

        Raises:
            ValueError: if no trial finished; the message says what became of them.
        """
        best = self.best_trial
        if best is None:
            reasons = [trial.reason for trial in self._trials if trial.reason]
            last = f" The last one: {reasons[-1]}" if reasons else ""
            raise ValueError(f"No trial of the search finished, so there is no best one: {self._counts()}.{last}")
        return dict(best.values)

    @property
    def best(self) -> Recipe:
        """The recipe with the best values, to be given to `train`.

        Raises:
            ValueError: if no trial finished.
        """
        return with_values(self.recipe, self.best_values)

    def to_frame(self) -> pandas.DataFrame:
        """A pandas frame, one row a trial: trial, state, held_out_loss, epochs, seconds, each searched key, reason."""
        import pandas

        columns = ["trial", "state", "held_out_loss", "epochs", "seconds", *self.space, "reason"]
        rows = [
            [
                *(trial.number, trial.state, trial.held_out_loss, trial.epochs, trial.seconds),
                *(trial.values[key] for key in self.space),
                trial.reason,
            ]
            for trial in self._trials
        ]
        return pandas.DataFrame(rows, columns=columns)

    def plot(self) -> Figure:
        """A matplotlib figure: each trial's held-out loss, with the lowest so far, and by what it chose for each key.

        Raises:
            ImportError: if there is no matplotlib, which `rnn-widgets[plot]` brings.
        """
        from rnn_widgets.plots import Choice, trials

        choices = []
        for key, choosable in self.space.items():
            values = [trial.values[key] for trial in self._trials]
            named = any(isinstance(value, str | bool) for value in choosable.choices or ())
            choices.append(Choice(key, [str(value) for value in values] if named else values, choosable.log))
        return trials(
            [trial.number for trial in self._trials],
            np.array([trial.held_out_loss for trial in self._trials]),
            [trial.state == "finished" for trial in self._trials],
            choices,
            f"search over {self.recipe.name}",
        )

    def __len__(self) -> int:
        return len(self._trials)

    def __repr__(self) -> str:
        best = self.best_trial
        reached = f", lowest held-out {best.held_out_loss:.3f} bits in trial {best.number}" if best else ""
        return f"Search({self.recipe.name} over {len(self.space)} keys, {self._counts()}{reached})"

    def _counts(self) -> str:
        counts = Counter(trial.state for trial in self._trials)
        return ", ".join([f"{len(self)} trials", *(f"{count} {state}" for state, count in counts.items())])
