"""Activations: what every neuron did at every token. The noun that recording, analysis and widgets share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn_widgets import storage
from rnn_widgets.arrays import Floats, SignalKey, checked_activations, checked_surprisal, frozen, signal_key
from rnn_widgets.text import Text

__all__ = ["SIGNAL_RANGES", "Activations", "Floats", "Predictions", "SignalKey", "fingerprint"]

SIGNAL_RANGES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "hidden": (-1.0, 1.0),
        "input_gate": (0.0, 1.0),
        "forget_gate": (0.0, 1.0),
        "output_gate": (0.0, 1.0),
        "reset_gate": (0.0, 1.0),
        "update_gate": (0.0, 1.0),
        "cell_gate": (-1.0, 1.0),
        "candidate": (-1.0, 1.0),
    }
)
"""The range of each signal that a tanh or a logistic function bounds. Others (cell, pre_activation) have none."""

_FORMAT = "rnn_widgets activations 1"


@dataclass(frozen=True, eq=False)
class Predictions:
    """The k likeliest tokens after each token, the likeliest first.

    Attributes:
        tokens: int32 (T, k), indices into `vocabulary`.
        probabilities: float32 (T, k), in 0..1, falling along k.
        vocabulary: the tokens that the network can predict.

    Raises:
        ValueError: if the shapes differ, an index is not in the vocabulary, or a probability is not in 0..1.
    """

    tokens: NDArray[np.int32]
    probabilities: Floats
    vocabulary: tuple[str, ...]

    def __post_init__(self) -> None:
        tokens, probabilities = np.asarray(self.tokens), np.asarray(self.probabilities)
        if tokens.shape != probabilities.shape or tokens.ndim != 2:
            raise ValueError(
                "Predictions take tokens and probabilities of the same shape (tokens of the text, k), "
                f"got {tokens.shape} and {probabilities.shape}."
            )
        if tokens.dtype.kind not in "iu" or not ((tokens >= 0) & (tokens < len(self.vocabulary))).all():
            raise ValueError(
                f"Predicted tokens are indices into the vocabulary, 0..{len(self.vocabulary) - 1}, "
                f"got {tokens.dtype} up to {tokens.max(initial=0)}."
            )
        if not ((probabilities >= 0) & (probabilities <= 1 + 1e-5)).all():
            raise ValueError("Probabilities are in 0..1, but some are below, above, or NaN.")
        object.__setattr__(self, "tokens", frozen(tokens, np.int32))
        object.__setattr__(self, "probabilities", frozen(probabilities, np.float32))
        object.__setattr__(self, "vocabulary", tuple(self.vocabulary))

    def __repr__(self) -> str:
        return f"Predictions(tokens={self.tokens.shape}, vocabulary={len(self.vocabulary)})"

    def at(self, token: int) -> list[tuple[str, float]]:
        """The likeliest tokens after the token with this index, with their probabilities."""
        pairs = zip(self.tokens[token], self.probabilities[token], strict=True)
        return [(self.vocabulary[index], float(probability)) for index, probability in pairs]

    def listed(self, start: int, stop: int) -> list[list[tuple[str, float]]]:
        """`at` for each token from `start` to `stop` (not included), probabilities to four decimals."""
        return [
            [(token, round(probability, 4)) for token, probability in self.at(index)] for index in range(start, stop)
        ]


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
        head: dict[str, object] = {
            "signals": list(self.values),
            "tokens": self.text.tokens,
            "documents": self.text.documents,
            "joiner": self.text.joiner,
            "network": self.network,
        }
        arrays: dict[str, NDArray[Any]] = {_array_name(key): array for key, array in self.values.items()}
        if self.surprisal is not None:
            arrays["surprisal"] = self.surprisal
        if self.predictions is not None:
            arrays["predictions.tokens"] = self.predictions.tokens
            arrays["predictions.probabilities"] = self.predictions.probabilities
            head["vocabulary"] = self.predictions.vocabulary
        storage.write(path, _FORMAT, head, arrays)

    @staticmethod
    def load(path: str | Path) -> Activations:
        """Reads what `save` wrote. The file is data only: nothing in it is executed.

        Raises:
            FileNotFoundError: if there is no such file.
            ValueError: if it is not a file that `save` wrote.
        """
        head, arrays = storage.read(path, _FORMAT)
        try:
            predictions = None
            if "vocabulary" in head:
                predictions = Predictions(
                    arrays["predictions.tokens"], arrays["predictions.probabilities"], tuple(head["vocabulary"])
                )
            keys: list[SignalKey] = [(signal, layer) for signal, layer in head["signals"]]
            return Activations(
                Text(tuple(head["tokens"]), tuple(head["documents"]), head["joiner"]),
                {key: arrays[_array_name(key)] for key in keys},
                arrays.get("surprisal"),
                predictions,
                head["network"],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} is damaged: {error}") from error


def fingerprint(*parts: bytes) -> str:
    """A short name for the given bytes: equal bytes, equal name."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.hexdigest()[:16]


def _array_name(key: SignalKey) -> str:
    return f"{key[0]}/{key[1]}"
