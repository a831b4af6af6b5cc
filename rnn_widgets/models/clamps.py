"""Many clamps that read the same pieces, on one device or several."""

from __future__ import annotations

from functools import partial
from math import ceil
from typing import Any, TypeAlias

import jax
import numpy as np
from jax import Array
from jax.sharding import Mesh
from numpy.typing import NDArray

from rnn_widgets.activations import Floats
from rnn_widgets.models.clamping import NO_NEURON, Piece, Place, Shape, Subject, clamped_bits
from rnn_widgets.models.local_devices import BY_ROW, EVERYWHERE, STEPS_BY_ROW, by_row, everywhere, row_mesh
from rnn_widgets.models.network import Graph, Parameters, States
from rnn_widgets.text import Text

_WORTH_A_DEVICE = 8
"""Clamps for which another device is taken."""

Held: TypeAlias = tuple[Array, Array]
"""Which neuron each clamp holds, int32 [clamps], and at which value, float32 [clamps]."""


class Clamps:
    """Reads pieces for as many clamps at once as the devices take.

    Each device has some of the clamps, and reads beside them for nobody clamped: what changes nothing changes no bit.

    Args:
        subject: the network, and the place where neurons are clamped.
        neurons: how many are to be clamped.
        text: what is to be read.
        vocabulary: the network's tokens.
        devices: how many part the clamps among themselves; None takes all local ones that have enough to do.

    Attributes:
        at_once: how many clamps there are at once.
        streams: how many streams of documents each reads.

    Raises:
        ValueError: if there are not so many devices.
    """

    def __init__(self, subject: Subject, neurons: int, text: Text, vocabulary: int, devices: int | None) -> None:
        self._mesh = row_mesh(devices, neurons // _WORTH_A_DEVICE)
        self._shape = Shape.of(ceil(neurons / self._mesh.size), text, vocabulary)
        self.at_once = self._mesh.size * self._shape.clamps
        self.streams = self._shape.streams
        self._subject = subject
        self._weights = jax.device_put((subject.parameters, subject.table), everywhere(self._mesh))

    def begun(self) -> States:
        """The state before the first piece."""
        layer, copies = self._subject.place[0], self._mesh.size * self._shape.padded
        state = self._subject.initial_state(self.streams, copies)
        places = [everywhere(self._mesh) if number < layer else by_row(self._mesh) for number in range(len(state))]
        placed: States = tuple(jax.device_put(one, place) for one, place in zip(state, places, strict=True))
        return placed

    def held(self, neurons: NDArray[np.int64], values: Floats) -> Held:
        """Clamps of these neurons at these values, at most `at_once`."""
        shape = self._mesh.size, self._shape.padded
        held, value = np.full(shape, NO_NEURON, np.int32), np.zeros(shape, np.float32)
        device, beside = np.divmod(np.arange(len(neurons)), self._shape.clamps)
        held[device, 1 + beside], value[device, 1 + beside] = neurons, values
        placed: Held = jax.device_put((held.reshape(-1), value.reshape(-1)), by_row(self._mesh))
        return placed

    def changes(self, state: States, piece: Piece, held: Held) -> tuple[States, Floats]:
        """Reads a piece.

        Returns:
            The state after, and [steps, at_once, streams] what each clamp adds to the surprisal, in bits, of the tokens
            that follow.
        """
        subject = self._subject
        state, arrived = _read(subject.graph, self._mesh, subject.place, *self._weights, state, piece, *held)
        steps = len(arrived)
        bits = np.asarray(arrived).reshape(steps, self._mesh.size, self._shape.padded, self.streams)
        changes = bits[:, :, 1 : 1 + self._shape.clamps] - bits[:, :, :1]
        return state, changes.reshape(steps, self.at_once, self.streams)


@partial(jax.jit, static_argnums=(0, 1, 2))
def _read(
    graph: Graph,
    mesh: Mesh,
    place: Place,
    parameters: Parameters,
    table: Array | None,
    state: States,
    piece: Piece,
    neurons: Array,
    values: Array,
) -> Any:
    """`clamped_bits`, with the clamps parted among the mesh's devices."""

    def read(parameters: Parameters, table: Array | None, state: States, *given: Any) -> Any:
        piece, neurons, values = given
        return clamped_bits(graph, parameters, table, state, piece, place, neurons, values)

    # what lies below the clamped layer is read by every device: it is one row a stream
    layers = tuple(EVERYWHERE if number < place[0] else BY_ROW for number in range(len(state)))
    return jax.shard_map(
        read,
        mesh=mesh,
        in_specs=(EVERYWHERE, EVERYWHERE, layers, EVERYWHERE, BY_ROW, BY_ROW),
        out_specs=(layers, STEPS_BY_ROW),
        check_vma=False,
    )(parameters, table, state, piece, neurons, values)
