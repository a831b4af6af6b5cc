"""See what a recurrent neural network does.

Importing the package imports neither jax nor anywidget: each public name loads what it needs when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnn_widgets import features as features
    from rnn_widgets.activations import Activations as Activations
    from rnn_widgets.activations import Predictions as Predictions
    from rnn_widgets.analysis import Coherence as Coherence
    from rnn_widgets.analysis import CoherencePeak as CoherencePeak
    from rnn_widgets.analysis import Description as Description
    from rnn_widgets.analysis import Findings as Findings
    from rnn_widgets.analysis import Groups as Groups
    from rnn_widgets.analysis import Ledger as Ledger
    from rnn_widgets.analysis import Peak as Peak
    from rnn_widgets.analysis import Projection as Projection
    from rnn_widgets.analysis import Relevance as Relevance
    from rnn_widgets.analysis import RhythmOrigin as RhythmOrigin
    from rnn_widgets.analysis import RhythmOrigins as RhythmOrigins
    from rnn_widgets.analysis import SimilarStates as SimilarStates
    from rnn_widgets.analysis import Spectrogram as Spectrogram
    from rnn_widgets.analysis import Spectrum as Spectrum
    from rnn_widgets.analysis.coherence import coherence as coherence
    from rnn_widgets.analysis.describing import describe as describe
    from rnn_widgets.analysis.finding import find_neurons as find_neurons
    from rnn_widgets.analysis.grouping import groups as groups
    from rnn_widgets.analysis.origins import rhythm_origins as rhythm_origins
    from rnn_widgets.analysis.projection import project as project
    from rnn_widgets.analysis.projection import project_embedding as project_embedding
    from rnn_widgets.analysis.relevance import relevance as relevance
    from rnn_widgets.analysis.similar import similar_states as similar_states
    from rnn_widgets.analysis.spectrogram import spectrogram as spectrogram
    from rnn_widgets.analysis.spectrum import spectrum as spectrum
    from rnn_widgets.features import Feature as Feature
    from rnn_widgets.models import Ablation as Ablation
    from rnn_widgets.models import History as History
    from rnn_widgets.models import OneOf as OneOf
    from rnn_widgets.models import Recipe as Recipe
    from rnn_widgets.models import Search as Search
    from rnn_widgets.models import Uniform as Uniform
    from rnn_widgets.models import Whole as Whole
    from rnn_widgets.models import ablate as ablate
    from rnn_widgets.models import generate as generate
    from rnn_widgets.models import load_model as load_model
    from rnn_widgets.models import record as record
    from rnn_widgets.models import save_model as save_model
    from rnn_widgets.models import train as train
    from rnn_widgets.models.search import search as search
    from rnn_widgets.terminal.show import show as show
    from rnn_widgets.text import Text as Text
    from rnn_widgets.text import Vocabulary as Vocabulary
    from rnn_widgets.widgets import EmbeddingChart as EmbeddingChart
    from rnn_widgets.widgets import FourierSurface as FourierSurface
    from rnn_widgets.widgets import GroupsChart as GroupsChart
    from rnn_widgets.widgets import LearningCurve as LearningCurve
    from rnn_widgets.widgets import NeuronCompanion as NeuronCompanion
    from rnn_widgets.widgets import ProjectionChart as ProjectionChart
    from rnn_widgets.widgets import RelevanceHeatmap as RelevanceHeatmap
    from rnn_widgets.widgets import Selection as Selection
    from rnn_widgets.widgets import TextHighlighter as TextHighlighter
    from rnn_widgets.widgets import TrialsChart as TrialsChart
    from rnn_widgets.widgets import explore as explore
    from rnn_widgets.widgets import link as link
    from rnn_widgets.widgets.export import to_html as to_html
    from rnn_widgets.widgets.export import to_png as to_png
    from rnn_widgets.widgets.export import to_svg as to_svg

__version__ = "0.1.0"

_HOMES = {
    "rnn_widgets.activations": ("Activations", "Predictions"),
    "rnn_widgets.analysis": (
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
    ),
    "rnn_widgets.features": ("Feature",),
    "rnn_widgets.models": (
        "Ablation",
        "History",
        "OneOf",
        "Recipe",
        "Search",
        "Uniform",
        "Whole",
        "ablate",
        "generate",
        "load_model",
        "record",
        "save_model",
        "search",
        "train",
    ),
    "rnn_widgets.terminal": ("show",),
    "rnn_widgets.text": ("Text", "Vocabulary"),
    "rnn_widgets.widgets": (
        "EmbeddingChart",
        "FourierSurface",
        "GroupsChart",
        "LearningCurve",
        "NeuronCompanion",
        "ProjectionChart",
        "RelevanceHeatmap",
        "Selection",
        "TextHighlighter",
        "TrialsChart",
        "explore",
        "link",
    ),
    "rnn_widgets.widgets.export": ("to_html", "to_png", "to_svg"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted([*_HOME_OF, "features"])  # noqa: PLE0605


def __getattr__(name: str) -> object:
    if name == "features":
        return import_module("rnn_widgets.features")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'rnn_widgets' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
