"""Training a language model from a recipe, with reports, early stopping and checkpoints to go on from."""

from rnn_widgets.models.training.divergence import TrainingDivergedError
from rnn_widgets.models.training.joining import join_processes
from rnn_widgets.models.training.loop import about, train
from rnn_widgets.models.training.material import Material, material
from rnn_widgets.models.training.processes import LostProcessError, OtherProcessError, is_first, together

__all__ = [
    "LostProcessError",
    "Material",
    "OtherProcessError",
    "TrainingDivergedError",
    "about",
    "is_first",
    "join_processes",
    "material",
    "together",
    "train",
]
