"""Predictions: what a network expected to read next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.arrays import Floats, frozen


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
