"""Recipes: small TOML files that say how a model is trained, and the text each asks for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import optax

from rnn_widgets.models.cells import CELLS
from rnn_widgets.models.sections import check, one_of, parsed, settle
from rnn_widgets.text import TOKENIZERS

SCHEDULES = ("constant", "cosine", "linear")
"""The learning rate's courses beside those of optax."""


@dataclass(frozen=True)
class TextSection:
    """What is read.

    Attributes:
        corpus: name of the text, a key of `rnn_widgets.models.corpora.CORPORA`.
        tokenizer: name of the tokeniser.
        held_out: share of the tokens at the text's end that is never trained on, cut where a document starts.
        minimum_count: how often the training text must hold a token for it to enter the vocabulary.
        wrap: width in characters at which every paragraph is hard-wrapped; 0 leaves the lines as they are.
    """

    corpus: str
    tokenizer: str
    held_out: float = 0.085
    minimum_count: int = 1
    wrap: int = 0

    def __post_init__(self) -> None:
        settle(self, "text")
        one_of("text.tokenizer", self.tokenizer, TOKENIZERS)
        check(0.0 < self.held_out < 1.0, "text.held_out", "between 0 and 1", self.held_out)
        check(self.minimum_count >= 1, "text.minimum_count", "at least 1", self.minimum_count)
        check(self.wrap >= 0, "text.wrap", "0 or a width", self.wrap)


@dataclass(frozen=True)
class ModelSection:
    """The network, as in `Architecture`.

    Attributes:
        pretrained: where word vectors to start from are taken: "" or "glove-6b-50d".
    """

    cell: str
    embedding: int
    hidden: int
    layers: int = 1
    tied: bool = False
    memory: int = 0
    pretrained: str = ""

    def __post_init__(self) -> None:
        settle(self, "model")
        one_of("model.cell", self.cell, CELLS)
        one_of("model.pretrained", self.pretrained, ("", "glove-6b-50d"))
        for name in ("embedding", "hidden", "layers"):
            check(getattr(self, name) >= 1, f"model.{name}", "at least 1", getattr(self, name))
        check(self.memory == 0 or self.memory >= 3, "model.memory", "0 or at least 3", self.memory)


@dataclass(frozen=True)
class TrainingSection:
    """How the network learns.

    Attributes:
        epochs: how often the training text is read, at most.
        rows: texts read side by side.
        steps: tokens through which the error is propagated back.
        carry_state: whether the state goes on from piece to piece; if not, each window of `steps`
            tokens starts from zero.
        accumulate: pieces that are read for one update of the parameters, whose gradient is the mean over all their
            tokens; an epoch's last update takes those that are left.
        optimizer: name of any optax optimiser that takes a learning rate.
        optimizer_options: its other arguments.
        learning_rate: the largest one.
        schedule: "constant"; "cosine" or "linear", which fall to zero at the end of the last epoch; or the name of any
            optax schedule, such as "exponential_decay". Its steps are updates of the parameters.
        schedule_options: arguments of the optax schedule, beside those that `learning_rate` and `epochs` say.
        warmup: updates over which the learning rate first rises.
        clip: largest norm of the whole gradient; 0 clips nothing.
        dropout_inputs, dropout_outputs, dropout_recurrent: see `Noise`.
        check_every: updates after which the held-out loss is measured within an epoch too; 0 leaves it to its end.
        patience: how often in a row the held-out loss may be measured and not be the lowest, before training stops;
            0 never stops.
        seed: of everything random.
    """

    epochs: int
    rows: int
    steps: int
    learning_rate: float
    optimizer: str = "adam"
    optimizer_options: Mapping[str, Any] = field(default_factory=dict)
    schedule: str = "constant"
    schedule_options: Mapping[str, Any] = field(default_factory=dict)
    warmup: int = 0
    clip: float = 1.0
    carry_state: bool = True
    accumulate: int = 1
    dropout_inputs: float = 0.0
    dropout_outputs: float = 0.0
    dropout_recurrent: float = 0.0
    check_every: int = 0
    patience: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        settle(self, "training")
        known = self.schedule in SCHEDULES or self.schedule in _schedules_of_optax()
        expected = f"one of {', '.join(map(repr, SCHEDULES))}, or a schedule of optax: "
        check(known, "training.schedule", expected + ", ".join(_schedules_of_optax()), self.schedule)
        if self.schedule in SCHEDULES and self.schedule_options:
            raise ValueError(
                f"training.schedule_options are for schedules of optax: {self.schedule!r} takes none, "
                f"got {dict(self.schedule_options)!r}."
            )
        for name in ("epochs", "rows", "steps", "accumulate"):
            check(getattr(self, name) >= 1, f"training.{name}", "at least 1", getattr(self, name))
        for name in ("dropout_inputs", "dropout_outputs", "dropout_recurrent"):
            check(0.0 <= getattr(self, name) < 1.0, f"training.{name}", "from 0 to below 1", getattr(self, name))
        for name in ("warmup", "check_every", "patience", "clip"):
            check(getattr(self, name) >= 0, f"training.{name}", "at least 0", getattr(self, name))
        check(0 <= self.seed < 2**32, "training.seed", "from 0 to below 2**32", self.seed)
        check(self.learning_rate > 0, "training.learning_rate", "above 0", self.learning_rate)


@dataclass(frozen=True)
class Recipe:
    """How one model is made. `Recipe.load(name or path)` reads one, `dataclasses.replace` changes one.

    Every part checks its values where it is made, so a recipe that exists can be trained, if its text is long enough.
    """

    name: str
    description: str
    text: TextSection
    model: ModelSection
    training: TrainingSection

    def __post_init__(self) -> None:
        settle(self, "recipe")

    @staticmethod
    def load(source: str | Path) -> Recipe:
        """The recipe of this name that the package holds, or that a TOML file holds.

        Raises:
            FileNotFoundError: if there is neither; the message lists the package's recipes.
            ValueError: if a key is unknown or missing, or a value is of the wrong type or out of range.
        """
        packaged = resources.files(__package__) / "recipes" / f"{source}.toml"
        if str(source) in available_recipes():
            return Recipe.from_dict(tomllib.loads(packaged.read_text(encoding="utf-8")))
        path = Path(source)
        if not path.is_file():
            raise FileNotFoundError(
                f"There is no recipe {str(source)!r}. Packaged are: {', '.join(available_recipes())}; "
                "or give the path of a TOML file."
            )
        try:
            return Recipe.from_dict(tomllib.loads(path.read_text(encoding="utf-8")))
        except ValueError as error:
            raise ValueError(f"{path} is not a recipe: {error}") from error

    @staticmethod
    def from_dict(content: Mapping[str, Any]) -> Recipe:
        """The recipe that such a table describes; `to_dict` turned round.

        Raises:
            ValueError: if a key is unknown or missing, or a value is of the wrong type or out of range.
        """
        return parsed(Recipe, content, "recipe")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def available_recipes() -> list[str]:
    """Names of the recipes that the package holds."""
    folder = resources.files(__package__) / "recipes"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def _schedules_of_optax() -> list[str]:
    return [name for name in dir(optax.schedules) if name.endswith(("_schedule", "_decay")) and name[0] != "_"]
