"""The order of the tests, and Ctrl-C for what they start."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

FIRST = ("hosts", "models")
"""Folders in the order of their tests' length, so that no worker waits at the end for the other's last file."""

# A script's background job begins with Ctrl-C ignored, and would hand that on to what the tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        return FIRST.index(folder) if folder in FIRST else len(FIRST)

    items.sort(key=place)
