"""Notebooks that a test writes, and a small recording that they show."""

from __future__ import annotations

from pathlib import Path

import nbformat

RECORDED = """
import numpy as np
import ipywidgets
import rnn_widgets as rw

tokens = list("It was a dark, stormy night;\\nthe rain fell in torrents. ") * 4
time = np.arange(len(tokens))


def recorded(neurons, seed, planted):
    noise = np.random.default_rng(seed)
    hidden, gate = (0.3 * noise.uniform(-1, 1, (len(tokens), neurons)) for _ in range(2))
    hidden[:, planted] += [0.6 if token == " " else -0.3 for token in tokens]
    gate[:, planted] += 0.6 * (-1.0) ** time
    return rw.Activations.from_arrays(tokens, {"hidden": hidden, "input_gate": abs(gate)})


acts = recorded(24, 0, 5)
space, letter = rw.features.regex(" "), rw.features.regex("[a-z]")
"""


def write(path: Path, *cells: str) -> Path:
    """Writes a notebook of these code cells."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source.strip()) for source in cells])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, path)
    return path
