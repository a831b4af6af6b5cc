"""The order of the tests: the long ones first, so that no worker waits at the end for the other's last file."""

from __future__ import annotations

from pathlib import Path

import pytest

FIRST = ("hosts", "models")
"""Folders in the order of their tests' length; all others come after them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        return FIRST.index(folder) if folder in FIRST else len(FIRST)

    items.sort(key=place)
