"""Arrays in, results out: relevance, findings and spectra. Knows no network and no widget."""

from rnn_widgets.analysis.coherence import Coherence, CoherencePeak, coherence
from rnn_widgets.analysis.finding import Findings, Ledger, find_neurons
from rnn_widgets.analysis.relevance import Relevance, relevance
from rnn_widgets.analysis.similar import SimilarStates, similar_states
from rnn_widgets.analysis.spectrum import Peak, Spectrum, spectrum

__all__ = [
    "Coherence",
    "CoherencePeak",
    "Findings",
    "Ledger",
    "Peak",
    "Relevance",
    "SimilarStates",
    "Spectrum",
    "coherence",
    "find_neurons",
    "relevance",
    "similar_states",
    "spectrum",
]
