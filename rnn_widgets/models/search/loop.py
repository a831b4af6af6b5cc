"""Searching: one training of the recipe after the other, each with other values, the hopeless ones ended early."""

from __future__ import annotations

import importlib.util
import json
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from math import isnan, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jax

from rnn_widgets.activations import fingerprint
from rnn_widgets.models.history import History
from rnn_widgets.models.progress import trials_progress
from rnn_widgets.models.recipes import Recipe
from rnn_widgets.models.search.result import Search, State
from rnn_widgets.models.search.space import Range, Space, checked_space, with_values
from rnn_widgets.models.search.written import load_space
from rnn_widgets.models.training import TrainingDivergedError, material, train
from rnn_widgets.text import Text

if TYPE_CHECKING:
    import optuna

# XLA says the one where it makes an array, the other where it computes with one that it could not make
_TOO_LARGE = ("RESOURCE_EXHAUSTED", "Out of memory")


def search(
    recipe: Recipe | str | Path,
    space: Mapping[str, Range | list[Any] | tuple[Any, ...]] | str | Path,
    *,
    trials: int,
    study: str | Path | None = None,
    sampler: str = "tpe",
    pruner: str | None = "median",
    seed: int = 0,
    text: Text | str | Sequence[Text | str] | None = None,
    on_trial: Callable[[Search], None] | None = None,
    progress: bool | None = None,
) -> Search:
    """Searches for the values of a recipe with the lowest held-out loss.

    The search reads only the recipe's training text, of which it holds out a part once more, as large a share as the
    recipe says; its trials are compared there. The recipe's own held-out text chooses nothing, so that what
    `train(search.best)` reaches on it is not flattered by the number of trials.

    Ctrl-C (KeyboardInterrupt) ends the search and returns the trials that came to an end. A training that diverges,
    does not fit the memory, or whose values do not go together, is a failed trial and ends nothing.

    Args:
        recipe: a Recipe, a packaged recipe's name, or the path of a TOML file.
        space: for each key, such as "training.learning_rate", a Uniform, a Whole, a OneOf or a list of choices; or
            the path of a TOML file, see `load_space`. Keys of [text] cannot be searched.
        trials: how many there are in the end, those of the study included.
        study: file that keeps the trials, a journal of Optuna's. Where it exists, the search goes on from it; a trial
            that was interrupted is begun anew.
        sampler: "tpe", which proposes values near those that did well (tree-structured Parzen estimator, Bergstra et
            al. 2011), at random until 10 trials have ended; "random"; or "grid", which ends after all combinations
            of choices and whole numbers, in random order.
        pruner: "median" ends a trial whose lowest held-out loss is above the median that the finished trials had at
            the same epoch, once 5 have finished; "halving" lets the best third go on after 1, 3, 9, ... epochs (Li et
            al. 2020); None ends none.
        seed: of the sampler. The same seed after the same trials proposes the same values.
        text: read in place of the recipe's corpus.
        on_trial: called with the Search after each trial, and at the start where the study holds some.
        progress: whether to show a progress bar; by default on a terminal and in a notebook.

    Raises:
        ImportError: if Optuna is not installed; the message says how to install it.
        ValueError: if the recipe refuses a key or a value of the space, the text is too short, or the study belongs to
            another recipe, space or text. Nothing on disk is changed then.
    """
    if importlib.util.find_spec("optuna") is None:
        raise ImportError("A search is done by Optuna. Install it with: pip install 'rnn-widgets[search]'")
    from rnn_widgets.models.search.proposals import Proposals
    from rnn_widgets.models.search.study_file import StudyFile, described

    recipe = recipe if isinstance(recipe, Recipe) else Recipe.load(recipe)
    searched = checked_space(recipe, load_space(space) if isinstance(space, (str, Path)) else space)
    _check_whole("trials", trials, 1)
    _check_whole("seed", seed, 0)
    proposals = Proposals(searched, sampler, pruner, seed)
    train_text = material(recipe, text).train
    material(recipe, train_text)
    file = None if study is None else StudyFile(Path(study), _identity(recipe, searched, train_text))
    found = Search(recipe, searched)
    if on_trial is not None:
        found.observe(on_trial)
    past = file.trials if file else []
    for ended in past:
        proposals.add(ended)
    found.add(*(described(ended, number, searched) for number, ended in enumerate(past)))
    try:
        with trials_progress(recipe.name, trials, progress) as show:
            while len(found) < trials and (trial := proposals.next()) is not None:
                begun = time.monotonic()
                state, loss, reason = _attempt(
                    recipe, train_text, trial, lambda now: show(len(found), _said(found, now))
                )
                ended = proposals.end(trial, state, loss, time.monotonic() - begun, reason)
                if file:
                    file.add(ended)
                found.add(described(ended, len(found), searched))
                show(len(found), _said(found, ""))
    except KeyboardInterrupt:
        found.interrupted = True
    return found


class _PrunedError(Exception):
    """The trial is not worth more epochs."""


def _attempt(recipe: Recipe, text: Text, trial: optuna.Trial, show: Callable[[str], None]) -> tuple[State, float, str]:
    """Trains with a trial's values; how it ended, the lowest held-out loss, and why it ended early.

    Raises:
        KeyboardInterrupt: if somebody ended the training.
    """

    def follow(history: History) -> None:
        report = history.reports[-1]
        if isnan(report.held_out_loss) or report.epoch % 1:
            return
        epoch, epochs = round(report.epoch), chosen.training.epochs
        trial.report(report.held_out_loss, epoch)
        show(f"epoch {epoch} of {epochs}: {report.held_out_loss:.3f} bits")
        if epoch < epochs and trial.should_prune():
            raise _PrunedError(f"Others did better after epoch {epoch}.")

    try:
        chosen = with_values(recipe, trial.params)
        with warnings.catch_warnings():
            # the table says the one by its loss, the search the other
            for words in ("Nothing was learned", "Training was interrupted"):
                warnings.filterwarnings("ignore", words)
            _, history = train(chosen, follow, text=text, progress=False)
    except _PrunedError as reason:
        return "pruned", nan, str(reason)
    except (TrainingDivergedError, ValueError, MemoryError) as error:
        return "failed", nan, str(error) or type(error).__name__
    except jax.errors.JaxRuntimeError as error:
        if not any(words in str(error) for words in _TOO_LARGE):
            raise
        return "failed", nan, f"It does not fit the memory: {str(error).splitlines()[0]}"
    if history.best is None or history.end is None or history.end.reason == "interrupted":
        raise KeyboardInterrupt
    return "finished", history.best.held_out_loss, ""


def _said(found: Search, now: str) -> str:
    """What stands beside the bar."""
    best = found.best_trial
    lowest = f"lowest {best.held_out_loss:.3f} bits in trial {best.number}" if best else ""
    return "  ".join(part for part in (lowest, now) if part)


def _identity(recipe: Recipe, space: Space, text: Text) -> dict[str, str]:
    """Short names of what trials must share to be compared."""
    sections = {name: part for name, part in recipe.to_dict().items() if name not in ("name", "description")}
    parts = {
        "recipe": sections,
        "space": {key: repr(choosable) for key, choosable in space.items()},
        "text": [text.tokens, text.documents],
    }
    return {name: fingerprint(json.dumps(part, sort_keys=True).encode()) for name, part in parts.items()}


def _check_whole(name: str, value: int, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{name} is a whole number from {least}, got {value!r}.")
