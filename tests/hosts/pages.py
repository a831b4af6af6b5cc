"""What a user does in a host's page, and what stands on it then."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page

from tests.hosts.servers import log_of

LAPTOP = {"width": 1280, "height": 800}
PATIENCE_MS = 120_000
KERNEL = "window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel"


@contextmanager
def page_of(browser: Browser, *, dark: bool = False, size: dict[str, int] = LAPTOP) -> Iterator[Page]:
    """A fresh page with no storage of earlier ones. Its console errors are collected in `page.problems`."""
    context = browser.new_context(viewport=size, color_scheme="dark" if dark else "light")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    try:
        yield page
    finally:
        context.close()


def open_in_lab(page: Page, address: str, notebook: str, *, dark: bool = False) -> None:
    """Opens the notebook alone in JupyterLab, in the theme asked for, and starts to run all its cells."""
    page.goto(f"{address}/lab/tree/{notebook}?reset", wait_until="domcontentloaded")
    page.wait_for_function("() => window.jupyterapp !== undefined")
    page.wait_for_selector(".jp-Notebook", state="visible")
    theme = "JupyterLab Dark" if dark else "JupyterLab Light"
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    page.evaluate("() => window.jupyterapp.commands.execute('application:toggle-left-area')")
    page.wait_for_function(f"() => {KERNEL}?.status === 'idle'")
    page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")


def stop_kernel(page: Page) -> None:
    """Ends the notebook's kernel for good, as when it has crashed or the laptop is offline."""
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.wait_for_function(f"() => !{KERNEL}")


def open_in_voila(page: Page, address: str, *, dark: bool = False) -> None:
    try:
        page.goto(f"{address}/?theme={'dark' if dark else 'light'}", wait_until="domcontentloaded")
    except Error as error:
        error.add_note(log_of(address))
        raise


def screenshot(page: Page, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(path))


VIEWS = (".rw-toolbar", ".rw-text-highlighter", ".rw-relevance-heatmap", ".rw-fourier-surface")


def wait_for_views(page: Page, *views: str) -> None:
    """Until each view is on the page and has all the arrays it shows."""
    for view in views or VIEWS:
        page.wait_for_selector(f"{view}[aria-busy=false]", state="visible")


def data(page: Page, view: str, name: str) -> Any:
    """What a view says of itself in its `data-` attribute `name`, as JSON where it is JSON."""
    text = page.get_attribute(view, f"data-{name}")
    try:
        return json.loads(text or "null")
    except ValueError:
        return text


def wait_for_data(page: Page, view: str, name: str, value: object) -> None:
    """Until the view's `data-` attribute `name` has this value."""
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    page.wait_for_selector(f"{view}[data-{name}={json.dumps(text)}]")


def click_row(page: Page, neuron: int) -> None:
    """Clicks the row of a neuron in the heat map, in its middle."""
    view = ".rw-relevance-heatmap"
    geometry, rows = data(page, view, "geometry"), data(page, view, "rows")
    canvas = page.locator(f"{view} canvas.rw-canvas")
    canvas.scroll_into_view_if_needed()
    canvas.click(position={"x": geometry["left"] + geometry["width"] / 2, "y": geometry["centres"][rows.index(neuron)]})


def token_strengths(page: Page) -> dict[int, float]:
    """For each token on the page, how strong its colour is: negative for blue, positive for orange.

    Read when lines out of sight are drawn too, which follow a moment after those that are seen.
    """
    wait_for_views(page, ".rw-text-highlighter")
    colours = page.evaluate(
        """async () => {
            await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 100)));
            return [...document.querySelectorAll(".rw-text-highlighter [data-token]")].map((span) => [
                Number(span.dataset.token), getComputedStyle(span).backgroundColor]);
        }"""
    )
    return {token: _strength(colour) for token, colour in colours}


def _strength(colour: str) -> float:
    red, green, blue = (float(part) for part in re.findall(r"[\d.]+", colour)[:3])
    darkness = 255 - (0.2126 * red + 0.7152 * green + 0.0722 * blue)
    return darkness if red > blue else -darkness
