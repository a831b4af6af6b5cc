"""Reading documents in pieces of one fixed shape: what recording and generation share.

A matrix product may round differently when its number of rows differs, and a trained network amplifies that over
many tokens. So documents are always read `TILE` rows at a time, empty rows included, and `PIECE` tokens at a time,
padding included. The same numbers then come out whether documents are read alone or together, at once or in pieces;
and nothing is compiled anew for another length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax import Array
from numpy.typing import NDArray

from rnn_widgets.models.cells import Signals
from rnn_widgets.models.language_model import Graph, Parameters, States

TILE = 8
PIECE = 128

Numbers: TypeAlias = NDArray[np.int32]


@partial(jax.jit, static_argnums=0)
def input_table(graph: Graph, parameters: Parameters) -> Array:
    """Embedding, input weights and bias of the first layer as one [V, K H] table."""
    return nnx.merge(graph, parameters).input_table()


@partial(jax.jit, static_argnums=0)
def read_piece(
    graph: Graph, parameters: Parameters, table: Array, state: States, tokens: Array, lengths: Array
) -> tuple[States, list[Signals]]:
    """Reads one piece; a row's state stays as it is after its `lengths` tokens.

    Args:
        graph: the network's structure.
        parameters: its parameters.
        table: its `input_table`.
        state: the state before the piece.
        tokens: int32 [PIECE, TILE].
        lengths: int32 [TILE], how many tokens of each row there are.

    Returns:
        The state after the piece, and each layer's signals [PIECE, TILE, H].
    """
    going = jnp.arange(tokens.shape[0])[:, None] < lengths
    return nnx.merge(graph, parameters).watch(tokens, state, going=going, table=table)


def tiles(documents: Sequence[Numbers]) -> Iterator[list[int]]:
    """The documents' indices in groups of at most TILE, documents of like length together."""
    order = sorted(range(len(documents)), key=lambda index: -len(documents[index]))
    for first in range(0, len(order), TILE):
        yield order[first : first + TILE]


def pieces(documents: Sequence[Numbers], length: int = PIECE) -> Iterator[tuple[int, Numbers, Numbers]]:
    """The documents of one tile piece by piece: (first token, tokens [PIECE, TILE], lengths [TILE]).

    Args:
        documents: at most TILE arrays of token numbers.
        length: tokens of a piece that are used, at most PIECE.
    """
    for first in range(0, max(len(document) for document in documents), length):
        tokens = np.zeros((PIECE, TILE), np.int32)
        lengths = np.zeros(TILE, np.int32)
        for row, document in enumerate(documents):
            part = document[first : first + length]
            tokens[: len(part), row] = part
            lengths[row] = len(part)
        yield first, tokens, lengths
