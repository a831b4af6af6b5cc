"""The training loop: one update after the other, with reports, early stopping and checkpoints."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from math import isnan, log2
from pathlib import Path
from typing import Any

from rnn_widgets.models.history import End, History, Observer
from rnn_widgets.models.language_model import LanguageModel
from rnn_widgets.models.progress import training_progress
from rnn_widgets.models.recipes import Recipe
from rnn_widgets.models.training.interruption import interruption
from rnn_widgets.models.training.material import material
from rnn_widgets.models.training.processes import is_first, together
from rnn_widgets.models.training.run import Run
from rnn_widgets.models.training.task import Task
from rnn_widgets.text import Text


def train(
    recipe: Recipe | str | Path,
    on_step: Observer | None = None,
    *,
    text: Text | str | Sequence[Text | str] | None = None,
    checkpoint: str | Path | None = None,
    checkpoint_seconds: float = 60.0,
    checkpoint_steps: int = 0,
    devices: int | None = None,
    progress: bool | None = None,
) -> tuple[LanguageModel, History]:
    """Trains a language model.

    Ctrl-C, or a KeyboardInterrupt that `on_step` raises, ends the training after the update that is under way: a
    checkpoint of that step is written if a folder was given, and what was reached is returned. A second Ctrl-C is
    raised at once, and leaves the checkpoints that are on disk.

    In several processes (call `jax.distributed.initialize` first, then this in all of them, with the same recipe and
    text) the devices of all share each batch's rows. All return the same. The first one shows progress, warns, and
    reads and writes its checkpoints, from which any number of processes goes on; Ctrl-C in one of them ends all
    within about a second. `on_step` is called in each.

    Args:
        recipe: a Recipe, a packaged recipe's name, or the path of a TOML file.
        on_step: called with the History after each report, every 50 updates, at the end of each epoch, and where the
            held-out loss is measured.
        text: read in place of the recipe's corpus: a str, a Text, which is not tokenised again, or a list of either,
            each a document.
        checkpoint: folder for checkpoints, written after every epoch and within long ones. Where it holds one of the
            same recipe and text, training goes on from it, with the same result as without the break.
        checkpoint_seconds: how long an epoch may go on without a checkpoint; 0 writes one after every update.
        checkpoint_steps: updates after which one is written in any case; 0 leaves it to the seconds.
        devices: how many local devices of each process share each batch's rows; by default as many as part them evenly.
            The loss is that of one device but for rounding.
        progress: whether to show a progress bar; by default on a terminal and in a notebook.

    Returns:
        The model with the parameters of the lowest held-out loss, and the history, whose `end` says why the training
        ended and where the checkpoint is that is on disk by then.

    Raises:
        ValueError: if the text is too short, there are not so many devices, or the checkpoint is damaged or belongs to
            another recipe or text, or processes were given different ones. Nothing on disk is changed then.
        OtherProcessError: if another process failed, or as a `LostProcessError` if it is gone.
        TrainingDivergedError: if the loss or the gradient is not finite any more, or the loss is far above guessing.

    Warns:
        UserWarning: if the training was interrupted, with what is returned and saved; else if the held-out loss
            never fell below that of guessing every token alike, log2(V) bits.
    """
    with together():
        for name, value in (("checkpoint_seconds", checkpoint_seconds), ("checkpoint_steps", checkpoint_steps)):
            if not value >= 0:
                raise ValueError(f"{name} is at least 0, got {value!r}.")
        recipe = recipe if isinstance(recipe, Recipe) else Recipe.load(recipe)
        task = Task(recipe, material(recipe, text), devices)
    run = Run(task, None if checkpoint is None else Path(checkpoint), checkpoint_seconds, checkpoint_steps)
    history = run.history
    if on_step is not None:
        history.observe(on_step)
    shown = progress if is_first() else False
    bar = training_progress(recipe.name, task.updates, shown, run.state.updates, history.reports)
    with interruption() as asking, closing(run), bar as show:
        ending = False
        while not (run.finished or ending):
            report = run.advance()
            if report is not None:
                with together():
                    try:
                        history.report(report)
                    except KeyboardInterrupt:
                        if asking.asked:
                            raise
                        asking.asked = True
                show(report)
            ending = run.keep(asking.asked, reported=report is not None)
        history.end = run.end()
    if not is_first():
        return task.model(run.state), history
    if history.end.reason == "interrupted":
        warnings.warn(_interrupted(history, history.end, task.updates), stacklevel=2)
    else:
        _warn_if_nothing_was_learned(history, len(task.material.vocabulary))
    return task.model(run.state), history


def about(recipe: Recipe, history: History) -> dict[str, Any]:
    """What a saved model's config says of its origin: the recipe, and the epoch with the best held-out loss."""
    best = history.best
    reached = None if best is None else {name: value for name, value in asdict(best).items() if not isnan(value)}
    return {"recipe": recipe.to_dict(), "reached": reached}


def _interrupted(history: History, end: End, steps: int) -> str:
    best = history.best
    returned = "as it was then" if best is None else f"of the lowest held-out loss, of step {best.step}"
    saved = (
        "No checkpoint was asked for, so training cannot go on from there."
        if end.checkpoint is None
        else f"The checkpoint of step {end.step} is saved in {end.checkpoint}: train with it to go on."
    )
    return f"Training was interrupted after step {end.step} of {steps}. Returned is the model {returned}. {saved}"


def _warn_if_nothing_was_learned(history: History, tokens: int) -> None:
    best, guessing = history.best, log2(tokens)
    if best is not None and best.held_out_loss >= guessing:
        warnings.warn(
            f"Nothing was learned that holds beyond the training text: {best.held_out_loss:.3f} bits per held-out "
            f"token at best, where guessing among the {tokens} tokens alike needs {guessing:.3f}. "
            "Give a longer text or more epochs.",
            stacklevel=3,
        )
