"""The shared models, the three widgets, their toolbar and companions, and what links them."""

from rnn_widgets.widgets.companion import NeuronCompanion
from rnn_widgets.widgets.embedding_chart import EmbeddingChart
from rnn_widgets.widgets.explorer import Explorer, explore
from rnn_widgets.widgets.fourier_surface import FourierSurface
from rnn_widgets.widgets.groups_chart import GroupsChart
from rnn_widgets.widgets.learning_curve import LearningCurve
from rnn_widgets.widgets.links import link
from rnn_widgets.widgets.projection_chart import ProjectionChart
from rnn_widgets.widgets.recording import Recording
from rnn_widgets.widgets.relevance_heatmap import RelevanceHeatmap
from rnn_widgets.widgets.selection import Selection
from rnn_widgets.widgets.text_highlighter import TextHighlighter
from rnn_widgets.widgets.toolbar import Toolbar
from rnn_widgets.widgets.trials_chart import TrialsChart

__all__ = [
    "EmbeddingChart",
    "Explorer",
    "FourierSurface",
    "GroupsChart",
    "LearningCurve",
    "NeuronCompanion",
    "ProjectionChart",
    "Recording",
    "RelevanceHeatmap",
    "Selection",
    "TextHighlighter",
    "Toolbar",
    "TrialsChart",
    "explore",
    "link",
]
