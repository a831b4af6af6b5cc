"""Arrays in, results out: relevance, findings and spectra. Knows no network and no widget."""

from rnn_widgets.analysis.finding import Findings, Ledger, find_neurons
from rnn_widgets.analysis.relevance import Relevance, relevance
from rnn_widgets.analysis.spectrum import Peak, Spectrum, spectrum

__all__ = ["Findings", "Ledger", "Peak", "Relevance", "Spectrum", "find_neurons", "relevance", "spectrum"]
