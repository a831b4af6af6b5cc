"""Arrays in, results out: relevance and spectra. Knows no network and no widget."""

from rnn_widgets.analysis.relevance import Relevance, relevance
from rnn_widgets.analysis.spectrum import Peak, Spectrum, spectrum

__all__ = ["Peak", "Relevance", "Spectrum", "relevance", "spectrum"]
