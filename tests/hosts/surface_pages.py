"""Notebooks for the tests of the spectra, and what stands in their pages."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.hosts.books import write
from tests.hosts.pages import data
from tests.hosts.servers import voila

SURFACE = ".rw-fourier-surface"
CANVAS, PEAK = f"{SURFACE} .rw-canvas", f"{SURFACE} .rw-peak"

SMALL = """
import numpy as np
import ipywidgets
import rnn_widgets as rw

tokens = list("It was a dark, stormy night; the rain fell in torrents. ") * 4
time = np.arange(len(tokens))
values = 0.2 * np.random.default_rng(0).uniform(-1, 1, (len(tokens), 40))
values[:, 11] += 0.7 * np.sin(2 * np.pi * 56 / 224 * time)
values[:, 30] += 0.5 * (-1.0) ** time
values[:, 4] += 0.9 * np.sin(2 * np.pi * 1 / 224 * time)
acts = rw.Activations.from_arrays(tokens, values)
"""


def served(factory: pytest.TempPathFactory, name: str, *cells: str) -> AbstractContextManager[str]:
    """Serves a notebook of these cells; gives its address."""
    folder = factory.mktemp(name)
    return voila(write(folder / f"{name}.ipynb", *cells), folder / "server")


def named(source: str) -> dict[str, Any]:
    """The names that a cell defines."""
    names: dict[str, Any] = {}
    exec(source, names)
    return names


def band_of(page: Page) -> list[float]:
    """The band that the surface shows, when it shows one."""
    page.wait_for_selector(f"{SURFACE}[data-band^='[']")
    band: list[float] = data(page, SURFACE, "band")
    return band


def assert_around(band: list[float], frequency: float, tokens: int) -> None:
    """The band holds the frequency with a few bins on either side."""
    low, high = (abs(end - frequency) * tokens for end in band)
    assert band[0] < frequency and (band[1] > frequency or band[1] == 0.5)
    assert 1.5 - 1e-6 <= low <= 8 and (high >= 1.5 - 1e-6 or band[1] == 0.5) and high <= 8
