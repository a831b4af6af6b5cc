"""Recurrent cells as pure step functions that return every signal. A further cell is one more entry of `CELLS`."""

from collections.abc import Mapping
from types import MappingProxyType

from rnn_widgets.models.cells.cell import Cell, Signals, State, Touch, Weights, untouched
from rnn_widgets.models.cells.gru import GRU, GRU_RESET_BEFORE
from rnn_widgets.models.cells.lstm import LSTM
from rnn_widgets.models.cells.vanilla import VANILLA, VANILLA_RELU

CELLS: Mapping[str, Cell] = MappingProxyType(
    {cell.name: cell for cell in (VANILLA, VANILLA_RELU, LSTM, GRU, GRU_RESET_BEFORE)}
)
"""The cells by name."""

__all__ = ["CELLS", "Cell", "Signals", "State", "Touch", "Weights", "untouched"]
