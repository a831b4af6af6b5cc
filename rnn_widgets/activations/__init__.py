"""Activations: what every neuron did at every token. The noun that recording, analysis and widgets share."""

from rnn_widgets.activations.activations import Activations
from rnn_widgets.activations.fingerprints import fingerprint
from rnn_widgets.activations.layout import Layout, Parts
from rnn_widgets.activations.predictions import Predictions
from rnn_widgets.activations.ranges import SIGNAL_RANGES
from rnn_widgets.arrays import Doubles, Floats, Neurons, SignalKey, freeze, neuron_number, neuron_numbers

__all__ = [
    "SIGNAL_RANGES",
    "Activations",
    "Doubles",
    "Floats",
    "Layout",
    "Neurons",
    "Parts",
    "Predictions",
    "SignalKey",
    "fingerprint",
    "freeze",
    "neuron_number",
    "neuron_numbers",
]
