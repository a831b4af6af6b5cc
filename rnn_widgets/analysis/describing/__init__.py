"""What one neuron stands for, and how it behaves."""

from rnn_widgets.analysis.describing.description import Description
from rnn_widgets.analysis.describing.one_neuron import describe

__all__ = ["Description", "describe"]
