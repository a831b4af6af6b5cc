"""Reads what `encode` writes, as the browser does."""

import struct

import numpy as np


def decode(data):
    encoding, rows, columns, _ = struct.unpack("<4I", data[:16])
    body = data[16:]
    if encoding == 2:
        ranges = np.frombuffer(body[: 8 * rows], "<f4").reshape(rows, 2).astype(float)
        low, high = ranges[:, :1], ranges[:, 1:]
        cells = np.frombuffer(body[8 * rows :], np.uint8).reshape(rows, columns)
        return low + cells / 255 * (high - low)
    return np.frombuffer(body, {0: "<f4", 1: "<f2"}[encoding]).reshape(rows, columns).astype(float)


def encoding_of(data):
    return {0: "float32", 1: "float16", 2: "bytes"}[struct.unpack("<I", data[:4])[0]]


def block_of(data):
    """How many tokens or frequencies one column stands for."""
    return struct.unpack("<4I", data[:16])[3]
