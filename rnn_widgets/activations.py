"""Activations: what every neuron did at every token. The noun that recording, analysis and widgets share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from safetensors import safe_open
from safetensors.numpy import save_file

from rnn_widgets.text import Text

Floats: TypeAlias = NDArray[np.float32]
SignalKey: TypeAlias = tuple[str, int]

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
"""The range of each signal that a tanh or a logistic function bounds. Other signals (cell, pre_activation) have none."""

_FORMAT = "rnn_widgets activations 1"


@dataclass(frozen=True, eq=False)
class Predictions:
    """The k likeliest tokens after each token, the likeliest first.

    Attributes:
        tokens: int32 (T, k), indices into `vocabulary`.
        probabilities: float32 (T, k), in 0..1, falling along k.
        vocabulary: the tokens that the network can predict.
    """

    tokens: NDArray[np.int32]
    probabilities: Floats
    vocabulary: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.tokens.shape != self.probabilities.shape or self.tokens.ndim != 2:
            raise ValueError(
                "Predictions take tokens and probabilities of the same shape (tokens of the text, k), "
                f"got {self.tokens.shape} and {self.probabilities.shape}."
            )

    def __repr__(self) -> str:
        return f"Predictions(tokens={self.tokens.shape}, vocabulary={len(self.vocabulary)})"

    def at(self, token: int) -> list[tuple[str, float]]:
        """The likeliest tokens after the token with this index, with their probabilities."""
        pairs = zip(self.tokens[token], self.probabilities[token], strict=True)
        return [(self.vocabulary[index], float(probability)) for index, probability in pairs]


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
    """

    text: Text
    values: Mapping[SignalKey, Floats]
    surprisal: Floats | None = None
    predictions: Predictions | None = None
    network: str = field(default="")

    @property
    def tokens(self) -> tuple[str, ...]:
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
        return self.values[self.key(key) if isinstance(key, str) else self.key(*key)]

    def neurons(self, signal: str, layer: int = -1) -> int:
        """Number of neurons H of a layer."""
        return self[signal, layer].shape[1]

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
            tokens: the T tokens, or a Text.
            values: (T, H), any real dtype, which is taken as `hidden` of layer 0; or `{signal: (T, H)}`; or
                `{(signal, layer): (T, H)}`. Copied to float32.
            surprisal: (T,) bits of each token, NaN where there is none.
            predictions: the likeliest tokens after each token.
            network: a name for the network; recordings of equal names are taken to show the same neurons.
                Made from the signals' names and sizes if not given.

        Raises:
            ValueError: if a shape does not fit the tokens, or a value is not finite in float32.
        """
        text = tokens if isinstance(tokens, Text) else Text(tuple(tokens))
        items = values.items() if isinstance(values, Mapping) else [("hidden", values)]
        arrays = {_signal_key(key): _checked(_signal_key(key), array, len(text)) for key, array in items}
        if not arrays:
            raise ValueError("from_arrays needs at least one signal, got an empty mapping.")
        if predictions is not None and len(predictions.tokens) != len(text):
            raise ValueError(f"There are {len(text)} tokens, but predictions for {len(predictions.tokens)}.")
        if network is None:
            shapes = [f"{signal}[{layer}]:{array.shape[1]}" for (signal, layer), array in sorted(arrays.items())]
            network = " ".join(shapes)
        return Activations(text, MappingProxyType(arrays), _surprisal(surprisal, len(text)), predictions, network)

    def save(self, path: str | Path) -> None:
        """Writes everything to one safetensors file, tokens included."""
        tensors = {f"{signal}/{layer}": np.ascontiguousarray(array) for (signal, layer), array in self.values.items()}
        head: dict[str, object] = {
            "order": list(tensors),
            "tokens": self.text.tokens,
            "documents": self.text.documents,
            "joiner": self.text.joiner,
            "network": self.network,
        }
        if self.surprisal is not None:
            tensors["surprisal"] = self.surprisal
        if self.predictions is not None:
            tensors["predictions.tokens"] = self.predictions.tokens
            tensors["predictions.probabilities"] = self.predictions.probabilities
            head["vocabulary"] = self.predictions.vocabulary
        tensors["head"] = np.frombuffer(json.dumps(head).encode(), np.uint8)
        save_file(tensors, path, metadata={"format": _FORMAT})

    @staticmethod
    def load(path: str | Path) -> Activations:
        """Reads what `save` wrote. The file is data only: nothing in it is executed.

        Raises:
            FileNotFoundError: if there is no such file.
            ValueError: if it is not a file that `save` wrote.
        """
        path = Path(path)
        if not path.is_file():
            raise FileNotFoundError(f"There is no file {path}.")
        try:
            with safe_open(path, framework="numpy") as file:
                format_name = (file.metadata() or {}).get("format")
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        except Exception as error:
            raise ValueError(f"{path} is not a safetensors file: {error}") from error
        if format_name != _FORMAT:
            raise ValueError(f"{path} was not written by Activations.save: its format is {format_name!r}.")
        head = json.loads(tensors["head"].tobytes())
        predictions = None
        if "vocabulary" in head:
            predictions = Predictions(
                tensors["predictions.tokens"], tensors["predictions.probabilities"], tuple(head["vocabulary"])
            )
        keys = [(signal, int(layer)) for signal, _, layer in (name.rpartition("/") for name in head["order"])]
        return Activations.from_arrays(
            Text(tuple(head["tokens"]), tuple(head["documents"]), head["joiner"]),
            {key: tensors[name] for key, name in zip(keys, head["order"], strict=True)},
            surprisal=tensors.get("surprisal"),
            predictions=predictions,
            network=head["network"],
        )


def fingerprint(*parts: bytes) -> str:
    """A short name for the given bytes: equal bytes, equal name."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.hexdigest()[:16]


def _signal_key(key: object) -> SignalKey:
    if isinstance(key, str) and key:
        return key, 0
    if isinstance(key, tuple) and len(key) == 2 and isinstance(key[0], str) and key[0]:
        layer = key[1]
        if isinstance(layer, (int, np.integer)) and not isinstance(layer, bool) and layer >= 0:
            return key[0], int(layer)
    raise ValueError(f"A key of values is a signal's name or (signal, layer) with a layer from 0, got {key!r}.")


def _checked(key: SignalKey, array: ArrayLike, tokens: int) -> Floats:
    given = np.asarray(array)
    name = f"values[{key[0]!r}, {key[1]}]"
    if given.dtype.kind not in "fiub" and given.dtype.name != "bfloat16":
        raise ValueError(f"{name} must hold real numbers, got dtype {given.dtype}.")
    if given.ndim != 2 or given.shape[0] != tokens or given.shape[1] == 0:
        turned = " It looks transposed: give values.T." if given.ndim == 2 and given.shape[1] == tokens else ""
        raise ValueError(f"{name} must have the shape ({tokens} tokens, neurons), got {given.shape}.{turned}")
    with np.errstate(over="ignore"):
        values = np.array(given, np.float32, order="C")
    bad = ~np.isfinite(values)
    if bad.any():
        token, neuron = np.argwhere(bad)[0]
        raise ValueError(
            f"{name} has {int(bad.sum())} values that are not finite (NaN, infinite, or too large for float32), the "
            f"first at token {token}, neuron {neuron}. Leave those tokens or neurons out, or replace the values."
        )
    values.flags.writeable = False
    return values


def _surprisal(given: ArrayLike | None, tokens: int) -> Floats | None:
    if given is None:
        return None
    surprisal = np.array(given, np.float32)
    if surprisal.shape != (tokens,):
        raise ValueError(f"surprisal must have the shape ({tokens},), one value a token, got {surprisal.shape}.")
    surprisal.flags.writeable = False
    return surprisal
