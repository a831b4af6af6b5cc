"""What a recording consists of, and how its parts lie in arrays: in the memory, or in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnn_widgets import storage
from rnn_widgets.arrays import Floats, SignalKey, release
from rnn_widgets.storage import Arrays
from rnn_widgets.text import Text

FORMAT = "rnn_widgets activations 1"

_OTHERS = {
    "surprisal": "surprisal",
    "likeliest": "predictions.tokens",
    "probabilities": "predictions.probabilities",
    "errors": "errors",
}
"""Names in a file of the arrays that are not a signal's."""


@dataclass(frozen=True, eq=False)
class Parts:
    """The arrays of a recording.

    Attributes:
        values: (T, H) of each (signal, layer).
        surprisal: (T,).
        likeliest: (T, k), indices into the vocabulary.
        probabilities: (T, k).
        errors: (signals,), in the order of `values`.
    """

    values: dict[SignalKey, Floats]
    surprisal: Floats | None = None
    likeliest: NDArray[np.int32] | None = None
    probabilities: Floats | None = None
    errors: NDArray[np.float64] | None = None

    @staticmethod
    def of(arrays: Arrays, keys: Iterable[SignalKey]) -> Parts:
        """The arrays of a file, or of a Layout, which are found by their names."""
        values = {key: arrays[_array_name(key)] for key in keys}
        return Parts(values, **{part: arrays.get(name) for part, name in _OTHERS.items()})

    def arrays(self) -> Arrays:
        """All of them by their names."""
        arrays: Arrays = {_array_name(key): array for key, array in self.values.items()}
        others = {name: getattr(self, part) for part, name in _OTHERS.items()}
        return arrays | {name: array for name, array in others.items() if array is not None}

    def release(self) -> None:
        """Lets go of the memory that holds what was written, where the arrays lie in a file."""
        for array in self.arrays().values():
            release(array)


@dataclass(frozen=True)
class Layout:
    """The parts of a recording, before there is a number in them.

    Attributes:
        text: the T tokens.
        neurons: how many neurons H each (signal, layer) has.
        network: which network they belong to.
        predictions: how many of the likeliest next tokens are kept after each; 0 keeps none.
        vocabulary: the tokens that the network can predict.
        errors: whether the recording says how far each signal may be off.
    """

    text: Text
    neurons: Mapping[SignalKey, int]
    network: str
    predictions: int = 0
    vocabulary: tuple[str, ...] = ()
    errors: bool = False

    def in_memory(self) -> Parts:
        """The arrays, to be filled in."""
        return Parts.of({name: np.empty(shape, dtype) for name, (dtype, shape) in self._arrays().items()}, self.neurons)

    @contextmanager
    def in_file(self, path: str | Path) -> Iterator[Parts]:
        """The arrays, to be filled in, of a file that `Activations.load` reads: see `storage.new_file`."""
        with storage.new_file(path, FORMAT, self.head(), self._arrays()) as arrays:
            yield Parts.of(arrays, self.neurons)

    def head(self) -> dict[str, object]:
        """What a file says beside its arrays."""
        head: dict[str, object] = {
            "signals": list(self.neurons),
            "tokens": self.text.tokens,
            "documents": self.text.documents,
            "joiner": self.text.joiner,
            "network": self.network,
        }
        return {**head, "vocabulary": self.vocabulary} if self.predictions else head

    def _arrays(self) -> dict[str, tuple[type[Any], tuple[int, ...]]]:
        """Dtype and shape of each array."""
        tokens = len(self.text)
        arrays: dict[str, tuple[type[Any], tuple[int, ...]]] = {
            _array_name(key): (np.float32, (tokens, neurons)) for key, neurons in self.neurons.items()
        }
        arrays[_OTHERS["surprisal"]] = np.float32, (tokens,)
        if self.predictions:
            arrays[_OTHERS["likeliest"]] = np.int32, (tokens, self.predictions)
            arrays[_OTHERS["probabilities"]] = np.float32, (tokens, self.predictions)
        if self.errors:
            arrays[_OTHERS["errors"]] = np.float64, (len(self.neurons),)
        return arrays


def _array_name(key: SignalKey) -> str:
    """The name of a signal's array (T, H)."""
    return f"{key[0]}/{key[1]}"
