from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes

from rnn_widgets.activations import Activations
from rnn_widgets.text import Text

TOKENS, NEURONS = 4000, 6


@pytest.fixture(scope="package")
def acts() -> Activations:
    """Neuron 1 is high at spaces, 2 has a period of 8, 3 is low at spaces, 4 mirrors 1, and 5 never changes."""
    random = np.random.default_rng(0)
    tokens = random.choice(list('ab$\n "'), TOKENS, p=[0.3, 0.3, 0.1, 0.05, 0.2, 0.05])
    values = 0.3 * random.normal(size=(TOKENS, NEURONS))
    space = tokens == " "
    values[:, 1] += space
    values[:, 2] += 0.6 * np.sin(2 * np.pi * np.arange(TOKENS) / 8)
    values[:, 3] -= space
    values[:, 4] = -values[:, 1]
    values[:, 5] = 0.25
    text = Text(tuple(map(str, tokens)), tuple(range(0, TOKENS, TOKENS // 20)))
    return Activations.from_arrays(text, np.clip(values, -1, 1).astype(np.float32), network="one")


@pytest.fixture
def drawn() -> Callable[[Axes, str], list[np.ndarray[Any, Any]]]:
    """The points (P, 2) of each line of a panel that has so many of a label, a marker or a colour."""

    def points(ax: Axes, which: str) -> list[np.ndarray[Any, Any]]:
        return [
            np.asarray(line.get_xydata())
            for line in ax.lines
            if which in (str(line.get_label()), str(line.get_marker()), str(line.get_color()))
        ]

    return points
