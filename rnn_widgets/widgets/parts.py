"""Parts of a recording that is too large to be sent whole: overviews, rows, regions, spectra, predictions."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from operator import index

import numpy as np
from numpy.typing import NDArray

from rnn_widgets.activations import Activations, Floats, SignalKey
from rnn_widgets.analysis.pooling import Pooled, pool, pool_region, pool_spectra
from rnn_widgets.analysis.spectrum import amplitudes
from rnn_widgets.widgets.encoding import encode

LARGE_CELLS = 16_000_000
"""A signal with more cells than this is not sent whole."""
LISTED_TOKENS = 20_000
"""Predictions for more tokens than this are not sent whole."""
BLOCKS = 1024
MOST_COLUMNS = 8192
MOST_CELLS = 8_000_000


def is_large(acts: Activations, key: SignalKey) -> bool:
    return acts[key].size > LARGE_CELLS


class Parts:
    """What the browser may ask of one recording's large arrays, part by part."""

    def __init__(self, acts: Activations) -> None:
        self._acts = acts
        self._pooled: dict[SignalKey, Pooled] = {}
        self._newest: tuple[tuple[SignalKey, int], Floats] | None = None

    def pooled(self, key: SignalKey) -> Pooled:
        if key not in self._pooled:
            self._pooled[key] = pool(self._acts[key], BLOCKS)
        return self._pooled[key]

    def overview(self, key: SignalKey) -> bytes:
        pooled = self.pooled(key)
        return encode(pooled.extremes, as_bytes=True, block=pooled.tokens_per_block)

    def means(self, key: SignalKey) -> bytes:
        return encode(self.pooled(key).means[np.newaxis])

    def answer(self, name: str) -> bytes:
        """The part with this name, a JSON list of its kind and what it is of.

        Raises:
            ValueError: if there is no such part.
        """
        try:
            kind, *asked = json.loads(name)
            return self._kinds[kind](*asked)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise ValueError(f"There is no part {name[:200]}: {error}") from error

    @cached_property
    def _kinds(self) -> dict[str, Callable[..., bytes]]:
        return {
            "row": self._row,
            "region": self._region,
            "amplitudes": self._amplitudes,
            "spectra": self._spectra,
            "predictions": self._predictions,
        }

    def _row(self, signal: str, layer: int, neuron: int) -> bytes:
        return encode(self._column(signal, layer, neuron).T)

    def _region(self, signal: str, layer: int, runs: list[list[int]], start: int, stop: int, columns: int) -> bytes:
        key = self._acts.key(signal, layer)
        neurons = _members(runs, self._acts.neurons(*key))
        start, stop = _interval(start, stop, len(self._acts))
        columns = _within(columns, 1, MOST_COLUMNS)
        if len(neurons) * min(columns, stop - start) > MOST_CELLS:
            raise ValueError(f"{len(neurons)} neurons x {columns} columns are more than {MOST_CELLS} cells")
        values = self._acts[key][start:stop]
        # A run of neighbours is a view, any other choice a copy.
        values = values[:, runs[0][0] : runs[0][1]] if len(runs) == 1 else values[:, neurons]
        return encode(pool_region(values, self.pooled(key).means[neurons], columns), as_bytes=True)

    def _amplitudes(self, signal: str, layer: int, neuron: int) -> bytes:
        return encode(amplitudes(self._column(signal, layer, neuron)))

    def _spectra(self, signal: str, layer: int, first: int, stop: int) -> bytes:
        key = self._acts.key(signal, layer)
        first, stop = _interval(first, stop, self._acts.neurons(*key))
        largest, size = pool_spectra(amplitudes(self._acts[key][:, first:stop]), BLOCKS)
        return encode(largest, block=size)

    def _predictions(self, start: int, stop: int) -> bytes:
        predictions = self._acts.predictions
        if predictions is None:
            raise ValueError("no predictions were recorded")
        start, stop = _interval(start, stop, len(self._acts))
        listed = json.dumps(predictions.listed(start, stop), ensure_ascii=False).encode("utf-8", "replace")
        return encode(np.frombuffer(listed, np.uint8)[np.newaxis], exact_bytes=True)

    def _column(self, signal: str, layer: int, neuron: int) -> Floats:
        """Activations (T, 1) of one neuron; the last ones are kept, because a row is followed by its spectrum."""
        key = self._acts.key(signal, layer)
        neuron = _within(neuron, 0, self._acts.neurons(*key) - 1)
        if self._newest is None or self._newest[0] != (key, neuron):
            self._newest = (key, neuron), self._acts[key][:, neuron : neuron + 1].copy()
        return self._newest[1]


def _within(value: int, low: int, high: int) -> int:
    if not low <= index(value) <= high:
        raise ValueError(f"{value} is not in {low}..{high}")
    return value


def _interval(start: int, stop: int, end: int) -> tuple[int, int]:
    if not 0 <= index(start) < index(stop) or start >= end:
        raise ValueError(f"there is nothing from {start} to {stop} within 0..{end}")
    return start, min(stop, end)


def _members(runs: list[list[int]], count: int) -> NDArray[np.intp]:
    if not runs:
        raise ValueError("no neurons are asked for")
    return np.concatenate([np.arange(*_interval(first, stop, count)) for first, stop in runs])
