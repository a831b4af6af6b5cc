"""Reading in pieces of one fixed shape: what recording and generation share.

A matrix product may round differently when its number of rows differs, and a trained network amplifies that over
many tokens. So tokens are always read on `TILE` lanes a device, empty ones included, and `PIECE` at a time, padding
included. The same numbers then come out whether documents are read alone or together, at once or in pieces;
and nothing is compiled anew for another length.
"""

from __future__ import annotations

from functools import partial
from typing import TypeAlias

import jax
import numpy as np
from flax import nnx
from jax import Array
from numpy.typing import NDArray

from rnn_widgets.models.network import Graph, Parameters, States

TILE = 8
PIECE = 128

_LARGEST_TABLE = 2**15

Numbers: TypeAlias = NDArray[np.int32]


def input_table(graph: Graph, parameters: Parameters) -> Array | None:
    """Embedding, input weights and bias of the first layer as one [V, K H] table; None where it would be too large."""
    vocabulary = nnx.merge(graph, parameters).architecture.vocabulary
    return _input_table(graph, parameters) if vocabulary <= _LARGEST_TABLE else None


@partial(jax.jit, static_argnums=0)
def _input_table(graph: Graph, parameters: Parameters) -> Array:
    return nnx.merge(graph, parameters).input_table()


@partial(jax.jit, static_argnums=0)
def read_on(
    graph: Graph, parameters: Parameters, table: Array | None, state: States, tokens: Array, going: Array
) -> States:
    """The state after one more piece.

    Args:
        graph: the network's structure.
        parameters: its parameters.
        table: its `input_table`.
        state: the state before the piece.
        tokens: int32 [PIECE, rows].
        going: bool [PIECE, rows], false where there is no token.
    """
    after, _ = nnx.merge(graph, parameters).watch(tokens, state, going=going, table=table)
    return after
