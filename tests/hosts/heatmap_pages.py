"""What the tests of the heat map share: a small recording, and what a user does with the view."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.hosts.pages import data, wait_for_views

HEATMAP = ".rw-relevance-heatmap"
CANVAS = f"{HEATMAP} .rw-canvas"
NEURONS, TOKENS, PLANTED = 48, 640, 11

RECORDED = f"""
import numpy as np
import ipywidgets
import rnn_widgets as rw

tokens = [" " if index % 4 == 3 else "a\\nbcé"[index * 7 % 5] for index in range({TOKENS})]
time = np.arange(len(tokens))
noise = np.random.default_rng(0)
values = 0.1 * noise.uniform(-1, 1, (len(tokens), {NEURONS}))
values[:, {PLANTED}] += [0.3 if token == " " else -0.1 for token in tokens]
values[:, 30] += 0.5 * np.sin(2 * np.pi * 0.2 * time)
values[:, 3] += 0.45 * np.sin(2 * np.pi * 0.2 * time)
values[:, 21] += 0.6 * np.sin(2 * np.pi * 0.4 * time)
values[400, 40] = -0.99
acts = rw.Activations.from_arrays(tokens, values)
space = rw.features.regex(" ")
"""
SHOWN = """
view = rw.RelevanceHeatmap(acts, features=[space, rw.features.regex("a")])
seen = ipywidgets.Label()
view.selection.observe(lambda _: setattr(seen, "value", f"Python sees {view.selection.neurons} pinned."))
band = ipywidgets.Button(description="Choose a band")
band.on_click(lambda _: setattr(view.selection, "band", (0.35, 0.45)))
before = ipywidgets.HTML("<div style='height: 300px'>above</div>")
after = ipywidgets.HTML("<div style='height: 900px'>below</div>")
ipywidgets.VBox([band, seen, view, after])
"""


def choose(page: Page, **choices: str) -> None:
    for name, value in choices.items():
        page.select_option(f"{HEATMAP} select[name={name}]", value)
    settle(page)


def settle(page: Page) -> None:
    """Until the picture of the newest state is painted, with all data that it needs."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    wait_for_views(page, HEATMAP)


def show_all(page: Page) -> None:
    choose(page, rows="all", order="index", columns="all")
    page.wait_for_function(f"() => document.querySelector('{HEATMAP}').dataset.view === '[0,{NEURONS},0,{TOKENS}]'")


def place(page: Page, neuron_share: float, token_share: float) -> tuple[float, float]:
    """A point of the page, by shares of the cells' height and width."""
    canvas = page.locator(CANVAS)
    canvas.scroll_into_view_if_needed()
    corner, box = canvas.bounding_box(), data(page, HEATMAP, "geometry")
    assert corner
    return (
        corner["x"] + box["left"] + token_share * box["width"],
        corner["y"] + box["top"] + neuron_share * box["height"],
    )


def in_view(page: Page) -> Any:
    """First and last place in view on the axis of rows, and on that of columns."""
    return data(page, HEATMAP, "view")


def zoom_in(page: Page, times: int = 1) -> None:
    page.locator(CANVAS).focus()
    for _ in range(times):
        page.keyboard.press("+")
    settle(page)


def words(page: Page) -> str:
    return page.inner_text(f"{HEATMAP} .rw-zoom-words")
