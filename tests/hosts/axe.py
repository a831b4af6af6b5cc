"""What axe-core finds in a page that keeps people out."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from tests.hosts.pages import VIEWS, wait_for_data

SCRIPT = Path(__file__).parents[2] / "js" / "node_modules" / "axe-core" / "axe.min.js"
TOOLBAR, SURFACE = ".rw-toolbar", ".rw-fourier-surface"


def assert_accessible(page: Page, part: str = "html") -> None:
    """Axe finds nothing in a part of the page."""
    if not page.evaluate("() => Boolean(window.axe)"):
        # Evaluated as it is, because a page's policy may forbid to evaluate text.
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found = page.evaluate("part => axe.run({ include: [[part]] }).then(({ violations }) => violations)", part)
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


def assert_all_accessible(page: Page) -> None:
    """Axe finds nothing in any view, with its table open, nor in the surface in three dimensions."""
    for view in VIEWS[1:]:
        table = page.locator(f"{view} button:has-text('Show as table')")
        table.click()
        page.wait_for_selector(f"{view} .rw-table tbody tr")
        assert_accessible(page, view)
        table.click()
    assert_accessible(page, TOOLBAR)
    assert_accessible(page, ".rw-neuron")
    page.select_option(f"{SURFACE} select[name=mode]", "3d")
    wait_for_data(page, SURFACE, "mode", "3d")
    assert_accessible(page, SURFACE)
    page.select_option(f"{SURFACE} select[name=mode]", "2d")
    wait_for_data(page, SURFACE, "mode", "2d")
