"""Arrays in, results out: relevance, findings, spectra, projections and groups. Knows no network and no widget."""

from rnn_widgets.analysis.coherence import Coherence, CoherencePeak, coherence
from rnn_widgets.analysis.describing import Description, describe
from rnn_widgets.analysis.finding import Findings, Ledger, find_neurons
from rnn_widgets.analysis.grouping import Groups, groups
from rnn_widgets.analysis.origins import RhythmOrigin, RhythmOrigins, rhythm_origins
from rnn_widgets.analysis.projection import Projection, project, project_embedding
from rnn_widgets.analysis.relevance import Relevance, relevance
from rnn_widgets.analysis.similar import SimilarStates, similar_states
from rnn_widgets.analysis.spectrogram import Spectrogram, spectrogram
from rnn_widgets.analysis.spectrum import Peak, Spectrum, spectrum

__all__ = [
    "Coherence",
    "CoherencePeak",
    "Description",
    "Findings",
    "Groups",
    "Ledger",
    "Peak",
    "Projection",
    "Relevance",
    "RhythmOrigin",
    "RhythmOrigins",
    "SimilarStates",
    "Spectrogram",
    "Spectrum",
    "coherence",
    "describe",
    "find_neurons",
    "groups",
    "project",
    "project_embedding",
    "relevance",
    "rhythm_origins",
    "similar_states",
    "spectrogram",
    "spectrum",
]
