from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import rnn_widgets as rw
from rnn_widgets.activations import Activations
from tests.hosts.browser import launched

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launched() as running:
        yield running


@pytest.fixture(scope="session")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the notebooks that a server may write to."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(NOTEBOOKS, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*"))
    return folder


@pytest.fixture(scope="session")
def acts() -> Activations:
    """What the five lines of `explore.ipynb` record."""
    model = rw.load_model("word-lstm")
    return rw.record(model, rw.generate(model, "Call me", length=400, seed=0))
