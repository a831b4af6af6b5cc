"""Marking stretches of the text in a real browser: a feature of them, and exact copies."""

import pytest

from tests.hosts.pages import PATIENCE_MS, open_in_voila, wait_for_data
from tests.hosts.text_pages import PROSE, SIGNS, clipboard, drag, press, token, wait_until


@pytest.fixture
def recorded(text_recorded):
    return text_recorded


@pytest.fixture
def acts(recorded):
    return recorded["acts"]


@pytest.fixture
def page(text_page):
    return text_page


def test_a_drag_marks_tokens_that_become_a_feature(page, acts):
    drag(page, PROSE, 4, 8)
    wait_for_data(page, PROSE, "brushed", [[4, 9]])
    assert page.locator(f"{PROSE} .rw-brushed").count() == 5
    drag(page, PROSE, 30, 33, held="Control")
    wait_for_data(page, PROSE, "brushed", [[4, 9], [30, 34]])
    assert "9 tokens marked in 2 stretches" in page.inner_text(f"{PROSE} .rw-brush-form")
    name = page.locator(f"{PROSE} input[name=stretch]")
    assert name.input_value() == "".join(acts.tokens[4:9]).strip() + " and 1 more"
    name.fill("openings")
    page.click(f"{PROSE} button:has-text('Make feature')")
    wait_for_data(page, PROSE, "feature", "openings")
    wait_for_data(page, PROSE, "brushed", [])
    marked = [*range(4, 9), *range(30, 34)]
    page.wait_for_selector(f"text=Python sees openings: {marked}")
    # Lines out of sight follow a moment after those that are seen.
    page.wait_for_function(
        "([spans, all]) => [...document.querySelectorAll(spans)].map(({ dataset }) => dataset.token).join() === all",
        arg=[f"{PROSE} .rw-match", ",".join(map(str, marked))],
    )


def test_taps_mark_where_a_finger_that_drags_scrolls(browser, text_address):
    context = browser.new_context(viewport={"width": 820, "height": 900}, has_touch=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    open_in_voila(page, text_address)
    page.wait_for_selector(f"{PROSE}[aria-busy=false][data-lines]")
    mark = page.locator(f"{PROSE} button:has-text('Mark')").first
    mark.tap()
    assert mark.get_attribute("aria-pressed") == "true"
    for index, brushed in ((12, [[12, 13]]), (17, [[12, 18]]), (15, [[12, 16]]), (9, [[9, 13]])):
        token(page, PROSE, index).tap()
        wait_for_data(page, PROSE, "brushed", brushed)
    page.locator(f"{PROSE} input[name=stretch]").fill("tapped")
    page.locator(f"{PROSE} button:has-text('Make feature')").tap()
    wait_for_data(page, PROSE, "feature", "tapped")
    assert mark.get_attribute("aria-pressed") == "false"
    token(page, PROSE, 3).tap()
    wait_for_data(page, PROSE, "token", 3)
    wait_for_data(page, PROSE, "brushed", [])
    context.close()


def test_a_name_that_is_there_or_empty_is_refused_with_words(page, recorded):
    drag(page, PROSE, 10, 14)
    name = page.locator(f"{PROSE} input[name=stretch]")
    for given, said in ((recorded["space"].name, "already"), ("  ", "needs a name")):
        name.fill(given)
        name.press("Enter")
        assert said in page.inner_text(f"{PROSE} .rw-brush-form [role=alert]")
        assert name.get_attribute("aria-invalid") == "true"
    name.press("Escape")
    wait_for_data(page, PROSE, "brushed", [])
    assert page.locator(f"{PROSE} .rw-brush-form").is_hidden()


def test_keys_mark_name_and_clear(page):
    token(page, PROSE, 6).click()
    press(page, PROSE, "Shift+ArrowRight", "Shift+ArrowRight")
    wait_for_data(page, PROSE, "brushed", [[6, 9]])
    press(page, PROSE, "Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft")
    wait_for_data(page, PROSE, "brushed", [[5, 7]])
    press(page, PROSE, "Control+ArrowRight", "Control+ArrowRight", "Control+ArrowRight", "Control+Shift+ArrowRight")
    wait_for_data(page, PROSE, "brushed", [[5, 7], [8, 10]])
    press(page, PROSE, "Enter")
    assert page.evaluate("document.activeElement.name") == "stretch"
    page.keyboard.press("Escape")
    wait_for_data(page, PROSE, "brushed", [])
    press(page, PROSE, "Shift+Home")
    wait_until(page, PROSE, "JSON.parse(data.brushed)[0]?.[0] === 0")
    press(page, PROSE, "ArrowRight")
    wait_for_data(page, PROSE, "brushed", [])
    press(page, PROSE, "Shift+End", "Shift+ArrowDown")
    wait_until(page, PROSE, "JSON.parse(data.brushed)[0]?.[0] === 1 && JSON.parse(data.brushed)[0][1] > 30")


def test_what_is_marked_is_copied_exactly(page, recorded):
    odd = recorded["odd"]
    drag(page, SIGNS, 0, 15)
    wait_for_data(page, SIGNS, "brushed", [[0, 16]])
    press(page, SIGNS, "Control+c")
    assert clipboard(page) == "".join(odd[:16])
    press(page, SIGNS, "Control+a")
    wait_for_data(page, SIGNS, "brushed", [[0, len(odd)]])
    page.click(f"{SIGNS} button:has-text('Copy')")
    page.wait_for_selector(f"{SIGNS} >> text=Copied.")
    assert clipboard(page) == "".join(odd)


def test_a_selection_of_the_browsers_own_is_copied_exactly(page, recorded):
    page.evaluate(
        """view => {
            const at = index => document.querySelector(`${view} [data-token='${index}']`);
            const range = document.createRange();
            range.setStart(at(0).firstChild, 0);
            range.setEnd(at(29).firstChild, 2);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }""",
        SIGNS,
    )
    page.keyboard.press("Control+c")
    odd = recorded["odd"]
    assert clipboard(page) == "".join(odd[:29]) + "en"
    page.evaluate("getSelection().removeAllRanges()")
