"""Recipes: small TOML files that say how a model is trained, and the text each asks for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from rnn_widgets.models.cells import CELLS
from rnn_widgets.text import TOKENIZERS

Section = TypeVar("Section")


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
        _one_of("text.tokenizer", self.tokenizer, TOKENIZERS)
        _check(0.0 < self.held_out < 1.0, "text.held_out", "between 0 and 1", self.held_out)
        _check(self.minimum_count >= 1, "text.minimum_count", "at least 1", self.minimum_count)
        _check(self.wrap >= 0, "text.wrap", "0 or a width", self.wrap)


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
        _one_of("model.cell", self.cell, CELLS)
        _one_of("model.pretrained", self.pretrained, ("", "glove-6b-50d"))
        for name in ("embedding", "hidden", "layers"):
            _check(getattr(self, name) >= 1, f"model.{name}", "at least 1", getattr(self, name))
        _check(self.memory == 0 or self.memory >= 3, "model.memory", "0 or at least 3", self.memory)


@dataclass(frozen=True)
class TrainingSection:
    """How the network learns.

    Attributes:
        epochs: how often the training text is read, at most.
        rows: texts read side by side.
        steps: tokens through which the error is propagated back.
        carry_state: whether the state goes on from piece to piece; if not, each window of `steps`
            tokens starts from zero.
        optimizer: name of any optax optimiser that takes a learning rate.
        optimizer_options: its other arguments.
        learning_rate: the largest one.
        schedule: "cosine" (falls to zero at the end of the last epoch) or "constant".
        warmup: steps over which the learning rate first rises.
        clip: largest norm of the whole gradient.
        dropout_inputs, dropout_outputs, dropout_recurrent: see `Noise`.
        patience: epochs without a better held-out loss after which training stops; 0 never stops.
        seed: of everything random.
    """

    epochs: int
    rows: int
    steps: int
    learning_rate: float
    optimizer: str = "adam"
    optimizer_options: Mapping[str, float] = field(default_factory=dict)
    schedule: str = "constant"
    warmup: int = 0
    clip: float = 1.0
    carry_state: bool = True
    dropout_inputs: float = 0.0
    dropout_outputs: float = 0.0
    dropout_recurrent: float = 0.0
    patience: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        _one_of("training.schedule", self.schedule, ("cosine", "constant"))
        for name in ("epochs", "rows", "steps"):
            _check(getattr(self, name) >= 1, f"training.{name}", "at least 1", getattr(self, name))
        for name in ("dropout_inputs", "dropout_outputs", "dropout_recurrent"):
            _check(0.0 <= getattr(self, name) < 1.0, f"training.{name}", "from 0 to below 1", getattr(self, name))
        for name in ("warmup", "patience"):
            _check(getattr(self, name) >= 0, f"training.{name}", "at least 0", getattr(self, name))
        for name in ("learning_rate", "clip"):
            _check(getattr(self, name) > 0, f"training.{name}", "above 0", getattr(self, name))


@dataclass(frozen=True)
class Recipe:
    """How one model is made. `Recipe.load(name or path)` reads one, `dataclasses.replace` changes one."""

    name: str
    description: str
    text: TextSection
    model: ModelSection
    training: TrainingSection

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
        return Recipe.from_dict(tomllib.loads(path.read_text(encoding="utf-8")))

    @staticmethod
    def from_dict(content: Mapping[str, Any]) -> Recipe:
        """The recipe that such a table describes; `to_dict` turned round."""
        return _parsed(Recipe, content, "recipe")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def available_recipes() -> list[str]:
    """Names of the recipes that the package holds."""
    folder = resources.files(__package__) / "recipes"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def _parsed(kind: type[Section], content: Mapping[str, Any], where: str) -> Section:
    hints = get_type_hints(kind)
    known = {part.name: part for part in fields(kind)}  # type: ignore[arg-type]  # every kind is one of the dataclasses above
    unknown = [key for key in content if key not in known]
    if unknown:
        raise ValueError(f"[{where}] has no key {unknown[0]!r}. Its keys are: {', '.join(known)}.")
    missing = [
        name
        for name, part in known.items()
        if name not in content and part.default is MISSING and part.default_factory is MISSING
    ]
    if missing:
        raise ValueError(f"[{where}] needs the key {missing[0]!r}.")
    return kind(**{name: _value(hints[name], value, f"{where}.{name}") for name, value in content.items()})


def _value(kind: Any, value: Any, where: str) -> Any:
    if kind in (TextSection, ModelSection, TrainingSection) and isinstance(value, Mapping):
        return _parsed(kind, value, where.removeprefix("recipe."))
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    expected = kind if isinstance(kind, type) else Mapping
    if not isinstance(value, expected) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"{where} takes {expected.__name__}, got {value!r}.")
    return value


def _one_of(where: str, value: str, allowed: Any) -> None:
    _check(value in allowed, where, f"one of {', '.join(map(repr, allowed))}", value)


def _check(holds: bool, where: str, expected: str, value: object) -> None:
    if not holds:
        raise ValueError(f"{where} is {expected}, got {value!r}.")
