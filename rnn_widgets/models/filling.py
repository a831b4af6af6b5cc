"""A recording while it is filled in, run by run."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnn_widgets.activations import Parts, SignalKey
from rnn_widgets.models.lanes import Run
from rnn_widgets.models.reader import Shown

_HELD = 2**26
"""Bytes that may be written before a file lets go of the memory that holds them."""


class Filling:
    """Takes what pieces show into the arrays of a recording, in the memory or in a file."""

    def __init__(self, parts: Parts) -> None:
        assert parts.surprisal is not None
        self._parts, self._surprisal = parts, parts.surprisal
        self._bytes_a_token = sum(array[:1].nbytes for array in parts.arrays().values())
        self._held = 0

    def write(self, run: Run, shown: Shown) -> None:
        """What a run's tokens showed, in place of what was there."""
        part = slice(run.start, run.start + run.tokens)
        for key, array in self._parts.values.items():
            array[part] = shown.signal(key, run)
        bits, likeliest, probabilities = shown.expected(run)
        following = self._surprisal[part.start + 1 : part.stop + 1]
        following[:] = bits[: len(following)]
        if self._parts.likeliest is not None and self._parts.probabilities is not None:
            self._parts.likeliest[part], self._parts.probabilities[part] = likeliest, probabilities
        self._held += run.tokens * self._bytes_a_token
        if self._held > _HELD:
            self._parts.release()
            self._held = 0

    def differences(self, run: Run, shown: Shown, tolerance: float) -> dict[SignalKey, float] | None:
        """How far a run's signals lie from what was there, or None if those or the surprisal are not the same.

        They are the same if no two numbers lie further apart than `tolerance` times the larger of 1 and their size.
        """
        part = slice(run.start, run.start + run.tokens)
        bits, _, _ = shown.expected(run)
        following = self._surprisal[part.start + 1 : part.stop + 1]
        compared = [(bits[: len(following)], following)]
        compared += [(shown.signal(key, run), array[part]) for key, array in self._parts.values.items()]
        found = []
        for now, before in compared:
            difference = np.abs(now - before)
            if (difference > tolerance * np.maximum(1, np.abs(now))).any():
                return None
            found.append(float(difference.max(initial=0)))
        return dict(zip(self._parts.values, found[1:], strict=True))

    def finish(self, documents: tuple[int, ...], errors: Mapping[SignalKey, float] | None) -> None:
        """Nothing predicts the first token of a document; and the errors are written down, 0 where none was found."""
        self._surprisal[list(documents)] = np.nan
        if self._parts.errors is not None and errors is not None:
            self._parts.errors[:] = [errors.get(key, 0.0) for key in self._parts.values]
