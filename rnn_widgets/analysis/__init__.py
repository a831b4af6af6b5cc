"""Arrays in, results out: relevance, findings and spectra. Knows no network and no widget."""

from rnn_widgets.analysis.finding import Findings, Ledger, find_neurons
from rnn_widgets.analysis.relevance import Relevance, relevance
from rnn_widgets.analysis.similar import SimilarStates, similar_states
from rnn_widgets.analysis.spectrum import Peak, Spectrum, spectrum

__all__ = [
    "Findings",
    "Ledger",
    "Peak",
    "Relevance",
    "SimilarStates",
    "Spectrum",
    "find_neurons",
    "relevance",
    "similar_states",
    "spectrum",
]
