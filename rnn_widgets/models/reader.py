"""The compiled part of recording: lanes of tokens read piece by piece, on one device or several."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from math import ceil, log
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax import Array
from jax.sharding import Mesh
from numpy.typing import NDArray

from rnn_widgets.activations import SignalKey
from rnn_widgets.models.cells import Signals
from rnn_widgets.models.lanes import Piece, Run
from rnn_widgets.models.local_devices import BY_ROW, EVERYWHERE, STEPS_BY_ROW, by_row, everywhere, row_mesh
from rnn_widgets.models.network import Graph, Network, Parameters, States
from rnn_widgets.models.reading import TILE, input_table
from rnn_widgets.models.text_network import TextNetwork

_STEPS_READ_OUT = 16
"""Steps whose logits are computed together: those of a large vocabulary are much larger than all signals."""

Expected: TypeAlias = tuple[Array, Array, Array]
"""After each token: bits of the token that follows, the k likeliest tokens, and their probabilities [..., k]."""


class Shown:
    """What a piece showed, on its way from the devices, of which each has `TILE` lanes."""

    def __init__(self, layers: list[Signals], expected: Expected) -> None:
        self._layers, self._expected = layers, expected
        self._arrived: dict[Any, list[NDArray[Any]]] = {}

    def signal(self, key: SignalKey, run: Run) -> NDArray[np.float32]:
        """A signal at a run's tokens, [tokens, H]."""
        return self._at(key, self._layers[key[1]][key[0]], run)

    def expected(self, run: Run) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.float32]]:
        """`Expected` after each of a run's tokens."""
        bits, likeliest, probabilities = (self._at(place, part, run) for place, part in enumerate(self._expected))
        return bits, likeliest, probabilities

    def state(self, names: Iterable[str], run: Run) -> tuple[dict[str, NDArray[np.float32]], ...]:
        """What of the signals of these names each layer carries on after a run, arrays [H]."""
        last = Run(run.lane, run.first + run.tokens - 1, run.start + run.tokens - 1, 1)
        layers = range(len(self._layers))
        return tuple({name: self.signal((name, layer), last)[0].copy() for name in names} for layer in layers)

    def _at(self, name: object, array: Array, run: Run) -> NDArray[Any]:
        if name not in self._arrived:
            shards = sorted(array.addressable_shards, key=lambda shard: shard.index[1].start or 0)
            self._arrived[name] = [np.asarray(shard.data) for shard in shards]
        device, lane = divmod(run.lane, TILE)
        part: NDArray[Any] = self._arrived[name][device][run.first : run.first + run.tokens, lane]
        return part


class Reader:
    """Reads pieces of `lanes` lanes.

    Args:
        model: the network that reads.
        predictions: how many of the likeliest tokens are named after each token.
        stretches: how many parts of a text are to be read, at most, at the same time.
        devices: how many devices share the lanes; None takes as many local ones as there are lanes' worth of stretches.

    Raises:
        ValueError: if there are not so many devices.
    """

    def __init__(self, model: TextNetwork, predictions: int, stretches: int, devices: int | None) -> None:
        self._mesh = row_mesh(devices, ceil(stretches / TILE))
        self.lanes = TILE * self._mesh.size
        self._predictions = predictions
        self._module = model.module
        self._graph, parameters = nnx.split(model.module, nnx.Param)
        table = input_table(self._graph, parameters)
        self._parameters, self._table = jax.device_put((parameters, table), everywhere(self._mesh))

    def begun(self) -> States:
        """The state before the first piece."""
        return self.placed(self._module.initial_state(self.lanes))

    def placed(self, state: Any) -> States:
        """A state of arrays [lanes, H], each lane on its device."""
        placed: States = jax.device_put(state, by_row(self._mesh))
        return placed

    def read(self, state: States, piece: Piece) -> tuple[States, Shown]:
        """The state after a piece, and what it shows. Neither is waited for."""
        given = piece.tokens, piece.following, piece.keep, piece.going
        after, layers, expected = _read(
            self._graph, self._mesh, self._predictions, self._parameters, self._table, state, given
        )
        return after, Shown(layers, expected)


@partial(jax.jit, static_argnums=(0, 1, 2))
def _read(
    graph: Graph, mesh: Mesh, predictions: int, parameters: Parameters, table: Array | None, state: States, given: Any
) -> Any:
    """The state after, each layer's signals [PIECE, lanes, H], and what was `Expected`.

    It shows every signal, whichever are kept: another program might round differently.
    """

    def read(parameters: Parameters, table: Array | None, state: States, given: Any) -> Any:
        network = nnx.merge(graph, parameters)
        tokens, following, keep, going = given
        after, layers = network.watch(tokens, state, keep=keep, going=going, table=table)
        return after, layers, _expected(network, layers[-1]["hidden"], following, predictions)

    return jax.shard_map(
        read,
        mesh=mesh,
        in_specs=(EVERYWHERE, EVERYWHERE, BY_ROW, STEPS_BY_ROW),
        out_specs=(BY_ROW, STEPS_BY_ROW, STEPS_BY_ROW),
        check_vma=False,
    )(parameters, table, state, given)


def _expected(network: Network, hidden: Array, following: Array, count: int) -> Expected:
    """From the last layer's hidden state [steps, lanes, H] and the tokens that follow [steps, lanes]."""

    def expect(now: tuple[Array, Array]) -> Expected:
        states, wanted = now
        logits = network.logits(states)
        total = jax.nn.logsumexp(logits, axis=1)
        bits = (total - jnp.take_along_axis(logits, wanted[:, None], axis=1)[:, 0]) / log(2.0)
        best, likeliest = jax.lax.top_k(logits, count)
        return bits, likeliest, jnp.exp(best - total[:, None])

    steps, lanes = following.shape
    rows = _STEPS_READ_OUT * lanes
    expected = jax.lax.map(expect, (hidden.reshape(-1, rows, hidden.shape[-1]), following.reshape(-1, rows)))
    bits, likeliest, probabilities = (part.reshape(steps, lanes, *part.shape[2:]) for part in expected)
    return bits, likeliest, probabilities
