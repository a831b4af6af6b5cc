from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

import rnn_widgets as rw
from rnn_widgets.activations import Activations
from tests.hosts import books, text_books
from tests.hosts.browser import launched
from tests.hosts.pages import open_in_voila, page_of
from tests.hosts.servers import jupyterlab, voila
from tests.hosts.text_pages import PINNED, PROSE, SIGNS, as_at_first

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


@pytest.fixture(scope="session")
def text_recorded() -> dict[str, Any]:
    """The names that the notebook of the tests of the text defines."""
    names: dict[str, Any] = {}
    exec(text_books.RECORDED, names)
    return names


@pytest.fixture(scope="session")
def text_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("text")
    notebook = books.write(folder / "text.ipynb", text_books.RECORDED + text_books.SHOWN)
    with voila(notebook, folder / "server") as address:
        yield address


@pytest.fixture(scope="session")
def text_shown(browser: Browser, text_address: str) -> Iterator[Page]:
    with page_of(browser) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        open_in_voila(page, text_address)
        for view in (PROSE, PINNED, SIGNS):
            page.wait_for_selector(f"{view}[aria-busy=false][data-lines]")
        yield page


@pytest.fixture
def text_page(text_shown: Page) -> Page:
    """Three texts on a page, as they were at first, whatever a test before did."""
    as_at_first(text_shown)
    return text_shown
