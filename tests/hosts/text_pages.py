"""What a user does with a text on a page, and what stands there then."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Locator, Page

from tests.hosts.pages import wait_for_data

PROSE, PINNED, SIGNS, LONG = (f".{name} .rw-text-highlighter" for name in ("prose", "pinned", "signs", "long"))
LINE = 27


def choose(page: Page, view: str, name: str, value: str) -> None:
    page.locator(f"{view} select[name={json.dumps(name)}]").evaluate(
        "(select, value) => { select.value = value; select.dispatchEvent(new Event('change')); }", value
    )
    wait_for_data(page, view, name, value)
    page.wait_for_selector(f"{view}[aria-busy=false]")


def token(page: Page, view: str, index: int, block: int | None = None) -> Locator:
    within = "" if block is None else f"[data-neuron='{block}'] "
    return page.locator(f"{view} {within}[data-token='{index}']").first


def drag(page: Page, view: str, first: int, last: int, *, held: str | None = None) -> None:
    boxes = []
    for index in (first, last):
        token(page, view, index).scroll_into_view_if_needed()
        boxes.append(token(page, view, index).bounding_box())
    if held:
        page.keyboard.down(held)
    page.mouse.move(boxes[0]["x"] + 3, boxes[0]["y"] + 9)
    page.mouse.down()
    page.mouse.move(boxes[1]["x"] + boxes[1]["width"] - 3, boxes[1]["y"] + 9, steps=4)
    page.mouse.up()
    if held:
        page.keyboard.up(held)


def press(page: Page, view: str, *keys: str) -> None:
    for key in keys:
        page.locator(f"{view} .rw-text").press(key)


def wait_until(page: Page, view: str, said: str) -> None:
    """Until `said`, a condition on the view's `data` (its data- attributes), holds."""
    page.wait_for_function(f"view => {{ const data = document.querySelector(view).dataset; return {said}; }}", arg=view)


def clipboard(page: Page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def told(page: Page, view: str, index: int) -> list[str]:
    """What the tooltip says of a token, line by line."""
    page.mouse.move(2, 2)
    token(page, view, index).hover()
    return page.locator(f"{view} .rw-tooltip").inner_text().split("\n")


def number(line: str) -> float:
    return float(re.sub(r" bits$", "", line.split(": ")[-1]).replace("\u2212", "-"))


def as_at_first(page: Page) -> None:
    """Undoes what a test chose, marked and scrolled."""
    page.keyboard.press("Escape")
    for view in (PROSE, PINNED, SIGNS):
        text = page.locator(f"{view} .rw-text")
        text.press("Escape")
        text.press("Escape")
        page.wait_for_selector(f"{view}[data-token=''][data-brushed='[]']")
        choose(page, view, "colour", "activation")
        text.evaluate("text => { text.scrollTop = 0; }")
    choose(page, PINNED, "arrangement", "stacked")
