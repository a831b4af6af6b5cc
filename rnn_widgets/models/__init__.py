"""Networks: cells, the language model, training, generation, recording, ablation, and the packaged models."""

from rnn_widgets.models.ablation import ablate, ablate_each
from rnn_widgets.models.compilation import keep_compiled
from rnn_widgets.models.echoes import felt
from rnn_widgets.models.effects import Ablation
from rnn_widgets.models.evaluation import Quality, evaluate
from rnn_widgets.models.generation import generate
from rnn_widgets.models.history import End, History, Report
from rnn_widgets.models.language_model import LanguageModel
from rnn_widgets.models.network import Architecture, Network
from rnn_widgets.models.packaged import available_models, load_model, save_model
from rnn_widgets.models.recipes import Recipe, available_recipes
from rnn_widgets.models.recording import record
from rnn_widgets.models.search import OneOf, Search, Trial, Uniform, Whole, search
from rnn_widgets.models.training import TrainingDivergedError, train

keep_compiled()

__all__ = [
    "Ablation",
    "Architecture",
    "End",
    "History",
    "LanguageModel",
    "Network",
    "OneOf",
    "Quality",
    "Recipe",
    "Report",
    "Search",
    "TrainingDivergedError",
    "Trial",
    "Uniform",
    "Whole",
    "ablate",
    "ablate_each",
    "available_models",
    "available_recipes",
    "evaluate",
    "felt",
    "generate",
    "load_model",
    "record",
    "save_model",
    "search",
    "train",
]
