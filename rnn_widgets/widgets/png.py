"""Pixels as a PNG file, which every browser shows."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

_BITS, _RGBA = 8, 6


def png(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG (ISO/IEC 15948) of pixels (rows, columns, 4): red, green, blue and opacity, the first row on top."""
    rows, columns, _ = pixels.shape
    head = struct.pack(">2I5B", columns, rows, _BITS, _RGBA, 0, 0, 0)
    # each row begins with its filter, 0 for none
    lines = np.zeros((rows, 1 + 4 * columns), np.uint8)
    lines[:, 1:] = pixels.reshape(rows, -1)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines.tobytes())), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
