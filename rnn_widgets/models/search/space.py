"""What a search may choose: keys of a recipe, and for each a range of values."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any, TypeAlias, get_origin, get_type_hints

from rnn_widgets.models.recipes import ModelSection, Recipe, TrainingSection

Value: TypeAlias = str | int | float | bool

# A key of [text] changes what a token is, and bits per token of different tokens are not to be compared.
_SECTIONS: Mapping[str, type] = MappingProxyType({"model": ModelSection, "training": TrainingSection})


@dataclass(frozen=True)
class Uniform:
    """Any number from `low` to `high`; with `log`, each factor is as likely as any other.

    Raises:
        ValueError: if the ends are not finite numbers in ascending order, or `log` meets a number that is not above 0.
    """

    low: float
    high: float
    log: bool = False

    def __post_init__(self) -> None:
        for end in (self.low, self.high):
            if not isinstance(end, Real) or isinstance(end, bool) or not isfinite(end):
                raise ValueError(f"{self} has an end that is not a finite number: {end!r}.")
        object.__setattr__(self, "low", float(self.low))
        object.__setattr__(self, "high", float(self.high))
        _check_ends(self, 0.0)

    @property
    def ends(self) -> tuple[float, float]:
        return self.low, self.high

    @property
    def choices(self) -> None:
        return None


@dataclass(frozen=True)
class Whole:
    """A whole number: `low`, `low + step`, ... up to `high`; with `log`, each factor is as likely as any other.

    Raises:
        ValueError: if the ends are not whole numbers in ascending order, the step is below 1 or too wide to reach
            a second number, or `log` meets a number below 1 or another step than 1.
    """

    low: int
    high: int
    step: int = 1
    log: bool = False

    def __post_init__(self) -> None:
        for name in ("low", "high", "step"):
            number = getattr(self, name)
            if not isinstance(number, Integral) or isinstance(number, bool):
                raise ValueError(f"{self} takes whole numbers, got {name}={number!r}.")
            object.__setattr__(self, name, int(number))
        _check_ends(self, 1)
        if not 1 <= self.step <= self.high - self.low:
            raise ValueError(f"{self} needs a step from 1 to {self.high - self.low}, got {self.step}.")
        if self.log and self.step != 1:
            raise ValueError(f"{self} takes either log or a step.")

    @property
    def ends(self) -> tuple[float, float]:
        return self.low, self.high

    @property
    def choices(self) -> None:
        return None


@dataclass(frozen=True)
class OneOf:
    """One of these values, each as likely as any other. A plain list in a space says the same.

    Raises:
        ValueError: if there are no choices, the same one twice, or one that is not a string, number or truth value.
    """

    choices: tuple[Value, ...]

    def __post_init__(self) -> None:
        if isinstance(self.choices, str):
            raise ValueError(f"OneOf takes a list of choices, got the string {self.choices!r}.")
        object.__setattr__(self, "choices", tuple(map(_plain, self.choices)))
        if not self.choices:
            raise ValueError("OneOf needs at least one choice.")
        if len({(type(choice), choice) for choice in self.choices}) < len(self.choices):
            raise ValueError(f"{self} holds a choice twice.")

    @property
    def ends(self) -> None:
        return None

    @property
    def log(self) -> bool:
        return False


Range: TypeAlias = Uniform | Whole | OneOf
Space: TypeAlias = Mapping[str, Range]


def checked_space(recipe: Recipe, space: Mapping[str, Range | list[Any] | tuple[Any, ...]]) -> Space:
    """The space with its lists as OneOf, if the recipe takes every value in it.

    Raises:
        ValueError: if it is empty, or holds a key or a value that the recipe does not take.
        TypeError: if something else than a range stands in it.
    """
    if not isinstance(space, Mapping):
        raise TypeError(f"A space maps keys of a recipe to ranges, or is the path of a TOML file, got {space!r}.")
    if not space:
        raise ValueError("The space is empty: name at least one key, such as 'training.learning_rate', and its range.")
    return MappingProxyType({key: _checked_range(recipe, key, given) for key, given in space.items()})


def with_values(recipe: Recipe, values: Mapping[str, Value]) -> Recipe:
    """The recipe with these values at these keys.

    Raises:
        ValueError: if the recipe does not take one.
    """
    content = recipe.to_dict()
    for key, value in values.items():
        *tables, name = key.split(".", 2)
        place = content
        for table in tables:
            place = place[table]
        place[name] = value
    return Recipe.from_dict(content)


def kind_of(key: str) -> Any:
    """The type of a key's values; Any for an option, such as `training.optimizer_options.b1`.

    Raises:
        ValueError: if a recipe has no such key; the message names the nearest one, or lists them.
    """
    kinds = {
        f"{section}.{field.name}": get_type_hints(kind)[field.name]
        for section, kind in _SECTIONS.items()
        for field in dataclasses.fields(kind)
    }
    tables = {name for name, kind in kinds.items() if get_origin(kind) is Mapping}
    table, _, option = key.rpartition(".")
    if table in tables and option:
        return Any
    if key in kinds and key not in tables:
        return kinds[key]
    if key.startswith("text."):
        raise ValueError(
            f"{key!r} cannot be searched: it changes what a token is, so that bits per token cannot be compared."
        )
    known = sorted((set(kinds) - tables) | {f"{name}.OPTION" for name in tables})
    near = get_close_matches(key, known, 1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Keys are: {', '.join(known)}."
    raise ValueError(f"A recipe has no key {key!r} to search. {hint}")


def _checked_range(recipe: Recipe, key: str, given: object) -> Range:
    kind = kind_of(key)
    chosen = OneOf(tuple(given)) if isinstance(given, (list, tuple)) else given
    if not isinstance(chosen, (Uniform, Whole, OneOf)):
        raise TypeError(f"The range of {key} is a Uniform, a Whole, a OneOf, or a list of choices, got {given!r}.")
    if kind is int and isinstance(chosen, Uniform):
        raise ValueError(f"{key} is a whole number: give Whole(low, high) in place of {chosen}.")
    if kind in (str, bool) and not isinstance(chosen, OneOf):
        raise ValueError(f"{key} is of type {kind.__name__}: give a list of choices in place of {chosen}.")
    for value in chosen.choices if isinstance(chosen, OneOf) else chosen.ends:
        try:
            with_values(recipe, {key: value})
        except ValueError as error:
            raise ValueError(f"The range of {key} holds {value!r}, which the recipe refuses: {error}") from error
    return chosen


def _check_ends(given: Uniform | Whole, least: float) -> None:
    if not given.low < given.high:
        raise ValueError(f"{given} is the wrong way round: low must be below high.")
    if given.log and not (given.low > 0 and given.low >= least):
        raise ValueError(f"{given} has a logarithm only above 0: raise low, or leave out log.")


def _plain(choice: object) -> Value:
    value = choice.item() if hasattr(choice, "item") else choice
    if not isinstance(value, (str, int, float, bool)):
        raise ValueError(f"A choice is a string, a number or a truth value, got {choice!r}.")
    return value
