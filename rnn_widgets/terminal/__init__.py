"""Activations as coloured text in a terminal, with the relevance and the rhythm of the neurons shown."""

from rnn_widgets.terminal.neurons import parse_neurons
from rnn_widgets.terminal.show import show

__all__ = ["parse_neurons", "show"]
