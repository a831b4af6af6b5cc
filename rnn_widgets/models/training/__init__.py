"""Training a language model from a recipe, with reports, early stopping and checkpoints to go on from."""

from rnn_widgets.models.training.divergence import TrainingDivergedError
from rnn_widgets.models.training.loop import about, train
from rnn_widgets.models.training.material import Material, material

__all__ = ["Material", "TrainingDivergedError", "about", "material", "train"]
