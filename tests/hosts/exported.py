"""An exported page as a reader opens it: from disk, with the network off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.hosts.pages import LAPTOP, wait_for_views


@contextmanager
def opened(browser: Browser, path: Path, *views: str, dark: bool = False) -> Iterator[Page]:
    """The page when its views have drawn. At the end, that nothing was asked for and nothing went wrong."""
    context = browser.new_context(viewport=LAPTOP, color_scheme="dark" if dark else "light")
    context.set_offline(True)
    page = context.new_page()
    page.set_default_timeout(20_000)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    try:
        page.goto(path.as_uri())
        page.wait_for_selector("main[aria-busy=false]")
        wait_for_views(page, *views)
        yield page
        assert problems == []
        assert [url for url in requests if not url.startswith(("blob:", "data:"))] == [path.as_uri()]
    finally:
        context.close()
