"""A million tokens, and numbers that come from the kernel, in a real browser."""

import re

import pytest

from tests.hosts import books, text_books
from tests.hosts.pages import data, open_in_voila, page_of
from tests.hosts.servers import voila
from tests.hosts.text_pages import LINE, LONG, token


@pytest.fixture(scope="module")
def long_page(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("long")
    notebook = books.write(folder / "long.ipynb", text_books.LONG)
    with voila(notebook, folder / "server") as address, page_of(browser) as page:
        open_in_voila(page, address)
        page.wait_for_selector(f"{LONG}[aria-busy=false][data-lines]")
        yield page


def tokens_in_page(page):
    return page.locator(f"{LONG} [data-token]").evaluate_all("spans => spans.map(span => Number(span.dataset.token))")


def test_a_million_tokens_a_dozen_times_are_scrolled_with_a_page_of_nodes(long_page):
    text = long_page.locator(f"{LONG} .rw-text")
    assert data(long_page, LONG, "lines") * 12 * LINE > 17_000_000, "no element is that tall"
    assert text.evaluate("text => text.scrollHeight") <= 8_100_000
    assert len(tokens_in_page(long_page)) < 5000
    text.evaluate("text => { text.scrollTop = text.scrollHeight; }")
    long_page.wait_for_selector(f"{LONG} [data-neuron='16'] [data-token='999999']")
    assert len(tokens_in_page(long_page)) < 5000
    text.press("Control+Home")
    long_page.wait_for_selector(f"{LONG} [data-neuron='3'] [data-token='0']")
    text.press("Control+End")
    long_page.wait_for_selector(f"{LONG} [data-neuron='3'] [data-token='999999']")
    colour = token(long_page, LONG, 999_999, 3).evaluate("span => span.style.backgroundColor")
    red, _, blue = (int(part) for part in re.findall(r"\d+", colour)[:3])
    assert red > blue


def test_the_wheel_moves_a_long_text_by_lines(long_page):
    text = long_page.locator(f"{LONG} .rw-text")
    text.press("Control+Home")
    long_page.wait_for_selector(f"{LONG} [data-token='0']")
    text.hover()
    first = min(tokens_in_page(long_page))
    long_page.mouse.wheel(0, 20 * LINE)
    long_page.wait_for_function("view => !document.querySelector(`${view} [data-token='0']`)", arg=LONG)
    assert first == 0 and 0 < min(tokens_in_page(long_page)) < 500


def test_the_last_picture_stays_until_a_row_has_come(long_page):
    long_page.locator(f"{LONG} .rw-text").press("Control+Home")
    long_page.wait_for_selector(f"{LONG} [data-neuron='3'] [data-token='0']")
    long_page.evaluate(
        """view => {
            window.white = 0;
            const layer = document.querySelector(`${view} .rw-layer`);
            const look = () => {
                white += [...layer.querySelectorAll("[data-token]")].some(span => !span.style.backgroundColor);
            };
            new MutationObserver(look).observe(layer, { subtree: true, attributes: true });
        }""",
        LONG,
    )
    blue = token(long_page, LONG, 0).evaluate("span => span.style.backgroundColor")
    long_page.fill("input[type=number]", "5")
    long_page.press("input[type=number]", "Enter")
    long_page.wait_for_selector(f"{LONG} [data-neuron='5'] [data-token='0']")
    long_page.wait_for_selector(f"{LONG}[aria-busy=false]")
    assert token(long_page, LONG, 0, 5).evaluate("span => span.style.backgroundColor") != blue
    assert data(long_page, LONG, "blocks")[:2] == [5, 3]
    assert long_page.evaluate("white") == 0
