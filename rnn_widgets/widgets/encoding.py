"""Arrays as bytes for the browser: exact where numbers are read, coarser where only a picture is large enough."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

FLOAT32, FLOAT16, BYTES = 0, 1, 2
"""Encodings: float32; float16; one byte a cell between each row's own lowest and highest value."""
ITEM_BYTES = {FLOAT32: 4, FLOAT16: 2, BYTES: 1}

FLOAT32_CELLS = 1_000_000
FLOAT16_CELLS = 4_000_000
LARGEST_FLOAT16 = 65504.0
CLIPPED = 0.001
"""Share of a row's values that the byte encoding clips at either end, so that one outlier does not flatten the rest."""


def encode(
    array: NDArray[Any],
    *,
    large: bool = False,
    bounded: bool = False,
    as_bytes: bool = False,
    exact_bytes: bool = False,
    block: int = 0,
) -> bytes:
    """The bytes of an array (rows, columns) behind four little-endian uint32: encoding, rows, columns, block.

    Args:
        array: finite values, or NaN where not `large`.
        large: float16 up to 4 million cells (float32 where a value is beyond its range), above that one byte a cell,
            with each row clipped at its 0.1 % and 99.9 % quantiles, which stand before the cells as two float32 a row.
            Otherwise float32 up to a million cells and float16 above.
        bounded: the values have a fixed range, so no outlier flattens a row and nothing is clipped.
        as_bytes: one byte a cell, whatever the size, and nothing is clipped.
        exact_bytes: the values are whole numbers 0..255, one byte a cell.
        block: how many tokens or frequencies one column stands for; 0 where each column is one.
    """
    rows, columns = array.shape
    if exact_bytes:
        ranges = np.tile(np.array([0.0, 255.0], np.float32), rows)
        return _header(BYTES, rows, columns, block) + ranges.tobytes() + array.astype(np.uint8).tobytes()
    if as_bytes:
        return _header(BYTES, rows, columns, block) + _quantised(array, 0.0)
    if large and array.size > FLOAT16_CELLS:
        return _header(BYTES, rows, columns, block) + _quantised(array, 0.0 if bounded else CLIPPED)
    small = array.size <= (0 if large else FLOAT32_CELLS)
    if small or float(np.abs(array).max(initial=0.0, where=np.isfinite(array))) > LARGEST_FLOAT16:
        return _header(FLOAT32, rows, columns, block) + np.ascontiguousarray(array, "<f4").tobytes()
    return _header(FLOAT16, rows, columns, block) + np.ascontiguousarray(array, "<f2").tobytes()


def _header(encoding: int, rows: int, columns: int, block: int) -> bytes:
    return struct.pack("<4I", encoding, rows, columns, block)


def _quantised(array: NDArray[Any], clipped: float) -> bytes:
    rows, columns = array.shape
    ends = np.empty((rows, 2), "<f4")
    cells = np.empty(array.shape, np.uint8)
    least = int(clipped * columns)
    most = columns - 1 - least
    if least == 0:
        # Over all rows at once, which is many times as fast where there are thousands of short ones.
        low = array.min(axis=1, keepdims=True)
        width = array.max(axis=1, keepdims=True) - low
        width[width == 0] = 1
        cells[...] = np.rint((array - low) * (255 / width))
        ends[...] = np.hstack([low, low + width])
        return ends.tobytes() + cells.tobytes()
    for row, values in enumerate(array):
        # All values, not every n-th: those of a neuron with a rhythm may be alike at every n-th token.
        ordered = np.partition(values, [least, most])
        low, width = ordered[least], ordered[most] - ordered[least] or np.float32(1)
        cells[row] = np.rint(np.clip((values - low) * (255 / width), 0, 255))
        ends[row] = low, low + width
    return ends.tobytes() + cells.tobytes()
