from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import rnn_widgets as rw
from rnn_widgets.activations import Activations
from tests.hosts.browser import launched
from tests.hosts.servers import jupyterlab

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


@pytest.fixture(scope="session")
def lab_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the notebooks stand that `lab` serves."""
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="session")
def lab(lab_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one JupyterLab for tests that bring notebooks of their own."""
    with jupyterlab(lab_folder, tmp_path_factory.mktemp("lab-server")) as address:
        yield address
