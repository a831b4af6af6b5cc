"""A recording: every signal of every neuron at every token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike

from rnn_widgets import storage
from rnn_widgets.activations.layout import FORMAT, Layout, Parts
from rnn_widgets.activations.predictions import Predictions
from rnn_widgets.arrays import Floats, SignalKey, checked_activations, checked_surprisal, signal_key
from rnn_widgets.text import Text


@dataclass(frozen=True, eq=False)
class Activations:
    """Every recorded signal of every neuron at every token.

    The activation at t belongs to the token that was read at t, always.

    Attributes:
        text: the T tokens that the network read.
        values: float32 arrays of shape (T, H) by (signal, layer); H may differ between layers.
        surprisal: float32 (T,), bits of token t given the tokens before it; NaN at a document's first token.
        predictions: the likeliest tokens after each token.
        network: says which network the neurons belong to; equal for recordings of the same network.
        errors: of a recording that is not exact, the largest difference found of each (signal, layer); else None.

    Nothing in it can be changed: the arrays are copies and read-only. Its length is T, iterating over it gives the
    (signal, layer) of each array. Build one with `from_arrays`, which takes more kinds of input.

    Raises:
        ValueError: if a shape does not fit the tokens, a value is not finite in float32, or there is no signal.
    """

    text: Text
    values: Mapping[SignalKey, Floats]
    surprisal: Floats | None = None
    predictions: Predictions | None = None
    network: str = ""
    errors: Mapping[SignalKey, float] | None = None

    def __post_init__(self) -> None:
        tokens = len(self.text)
        given = {signal_key(key): array for key, array in self.values.items()}
        arrays = {key: checked_activations(key, array, tokens) for key, array in given.items()}
        if not arrays:
            raise ValueError("There is no signal: give at least one array of activations, got an empty mapping.")
        if self.predictions is not None and len(self.predictions.tokens) != tokens:
            raise ValueError(f"There are {tokens} tokens, but predictions for {len(self.predictions.tokens)}.")
        object.__setattr__(self, "values", MappingProxyType(arrays))
        if self.surprisal is not None:
            object.__setattr__(self, "surprisal", checked_surprisal(self.surprisal, tokens))
        if not self.network:
            sizes = (f"{signal}[{layer}]:{array.shape[1]}" for (signal, layer), array in sorted(arrays.items()))
            object.__setattr__(self, "network", " ".join(sizes))
        if self.errors is not None:
            errors = {signal_key(key): float(error) for key, error in self.errors.items()}
            if set(errors) != set(arrays) or not all(error >= 0 for error in errors.values()):
                raise ValueError(f"errors give a number from 0 for each of {list(arrays)}, got {errors}.")
            object.__setattr__(self, "errors", MappingProxyType({key: errors[key] for key in arrays}))

    def __reduce__(self) -> tuple[Any, ...]:
        # a read-only view of a dict cannot be copied or sent to another process
        errors = None if self.errors is None else dict(self.errors)
        return Activations, (self.text, dict(self.values), self.surprisal, self.predictions, self.network, errors)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The T tokens that the network read."""
        return self.text.tokens

    @property
    def signals(self) -> tuple[str, ...]:
        """Names of the signals, in the order recorded."""
        return tuple(dict.fromkeys(signal for signal, _ in self.values))

    @property
    def layers(self) -> tuple[int, ...]:
        """Numbers of the layers, ascending from 0."""
        return tuple(sorted({layer for _, layer in self.values}))

    def key(self, signal: str, layer: int = -1) -> SignalKey:
        """The (signal, layer) meant; a negative layer counts from the signal's last one.

        Raises:
            KeyError: if there is no such signal or layer; the message lists those there are.
        """
        layers = sorted(of for name, of in self.values if name == signal)
        if not layers:
            raise KeyError(f"There is no signal {signal!r}. Recorded are: {', '.join(self.signals)}.")
        if isinstance(layer, (int, np.integer)) and not isinstance(layer, bool):
            if layer in layers:
                return signal, int(layer)
            if -len(layers) <= layer < 0:
                return signal, layers[layer]
        raise KeyError(f"Signal {signal!r} has no layer {layer!r}. It is recorded for the layers {layers}.")

    def __getitem__(self, key: str | SignalKey) -> Floats:
        if isinstance(key, str):
            return self.values[self.key(key)]
        if isinstance(key, tuple) and len(key) == 2:
            return self.values[self.key(*key)]
        raise KeyError(f"Ask for acts[signal] or acts[signal, layer], got {key!r}.")

    def neurons(self, signal: str, layer: int = -1) -> int:
        """Number of neurons H of a layer."""
        return int(self[signal, layer].shape[1])

    def __len__(self) -> int:
        return len(self.text)

    def __iter__(self) -> Iterator[SignalKey]:
        return iter(self.values)

    def __repr__(self) -> str:
        signals = ", ".join(f"{signal}[{layer}]: {array.shape}" for (signal, layer), array in self.values.items())
        extras = [name for name in ("surprisal", "predictions") if getattr(self, name) is not None]
        if self.errors is not None:
            extras.append(f"approximate, within {max(self.errors.values()):.1g}")
        return f"Activations({self.text!r}; {'; '.join([signals, *extras])})"

    @staticmethod
    def from_arrays(
        tokens: Text | Sequence[str],
        values: ArrayLike | Mapping[str, ArrayLike] | Mapping[SignalKey, ArrayLike],
        *,
        surprisal: ArrayLike | None = None,
        predictions: Predictions | None = None,
        network: str | None = None,
    ) -> Activations:
        """Activations of a network of your own.

        Args:
            tokens: the T tokens, or a Text (which knows its documents, and what stands between two tokens).
            values: (T, H), any real dtype, which is taken as `hidden` of layer 0; or `{signal: (T, H)}`; or
                `{(signal, layer): (T, H)}`. Copied to float32.
            surprisal: (T,) bits of each token, not infinite; NaN where there is none.
            predictions: the likeliest tokens after each token.
            network: a name for the network; recordings of equal names are taken to show the same neurons.
                Made from the signals' names and sizes if not given.

        Raises:
            TypeError: if the tokens are one string, or one of them is not a string.
            ValueError: if a shape does not fit the tokens, a value is not finite in float32, a signal is named twice
                or not at all.
        """
        text = tokens if isinstance(tokens, Text) else Text(cast("tuple[str, ...]", tokens))
        items: list[tuple[object, Any]] = list(values.items()) if isinstance(values, Mapping) else [("hidden", values)]
        arrays = {signal_key(key): array for key, array in items}
        if len(arrays) < len(items):
            raise ValueError(f"A signal is given twice, as 'name' and as ('name', 0): {[key for key, _ in items]}.")
        return Activations(text, arrays, cast("Floats | None", surprisal), predictions, network or "")

    def save(self, path: str | Path) -> None:
        """Writes everything to one safetensors file, tokens included."""
        neurons = {key: array.shape[1] for key, array in self.values.items()}
        parts, layout = Parts(dict(self.values), self.surprisal), Layout(self.text, neurons, self.network)
        if self.predictions is not None:
            tokens, probabilities = self.predictions.tokens, self.predictions.probabilities
            parts = replace(parts, likeliest=tokens, probabilities=probabilities)
            layout = replace(layout, predictions=tokens.shape[1], vocabulary=self.predictions.vocabulary)
        if self.errors is not None:
            parts = replace(parts, errors=np.array(list(self.errors.values())))
        storage.write(path, FORMAT, layout.head(), parts.arrays())

    @staticmethod
    def load(path: str | Path, mapped: bool = False) -> Activations:
        """Reads what `save` wrote. The file is data only: nothing in it is executed.

        Args:
            path: the file.
            mapped: whether the arrays stay in the file, and come into memory only where they are looked at: for
                recordings that are larger than the memory. The file must then not be changed.

        Raises:
            FileNotFoundError: if there is no such file.
            ValueError: if it is not a file that `save` wrote.
        """
        head, arrays = storage.read(path, FORMAT, mapped)
        try:
            text = Text(tuple(head["tokens"]), tuple(head["documents"]), head["joiner"])
            parts = Parts.of(arrays, [(signal, layer) for signal, layer in head["signals"]])
            neurons = {key: array.shape[1] for key, array in parts.values.items()}
            layout = Layout(text, neurons, head["network"], vocabulary=tuple(head.get("vocabulary", ())))
            return Activations.of(layout, parts)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} is damaged: {error}") from error

    @staticmethod
    def of(layout: Layout, parts: Parts) -> Activations:
        """The recording that these arrays make, once they are filled in; from now on they are read-only."""
        for array in parts.arrays().values():
            array.flags.writeable = False
        predictions = errors = None
        if parts.likeliest is not None and parts.probabilities is not None:
            predictions = Predictions(parts.likeliest, parts.probabilities, layout.vocabulary)
        if parts.errors is not None:
            errors = dict(zip(parts.values, parts.errors.tolist(), strict=True))
        return Activations(layout.text, parts.values, parts.surprisal, predictions, layout.network, errors)
