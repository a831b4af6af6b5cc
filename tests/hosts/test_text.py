"""The text in a real browser: colours, comparing, signs, numbers, keys."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

from rnn_widgets.analysis.filtering import band_filtered
from tests.hosts.axe import assert_accessible
from tests.hosts.pages import data, open_in_voila, page_of, wait_for_data
from tests.hosts.text_pages import LINE, PINNED, PROSE, SIGNS, choose, drag, number, press, token, told, wait_until


@pytest.fixture
def acts(text_recorded):
    return text_recorded["acts"]


@pytest.fixture
def page(text_page):
    return text_page


def test_the_whole_text_is_laid_out_in_order(page, acts):
    wait_for_data(page, PROSE, "lines", data(page, PROSE, "lines"))
    spans = page.locator(f"{PROSE} [data-token]").evaluate_all(
        "spans => spans.map(span => [Number(span.dataset.token), span.textContent])"
    )
    assert [index for index, _ in spans] == list(range(len(spans)))
    assert "".join(text for _, text in spans).replace("\u00b6", "\n").startswith("".join(acts.tokens[:200]))


def test_colours_are_the_activation(page, acts):
    colours = page.eval_on_selector_all(
        f"{PROSE} [data-token]", "spans => spans.slice(0, 80).map(span => span.style.backgroundColor)"
    )
    red = [int(re.findall(r"\d+", colour)[0]) - int(re.findall(r"\d+", colour)[2]) for colour in colours]
    assert np.corrcoef(red, acts["hidden"][:80, 7])[0, 1] > 0.9


def test_the_activation_within_the_band_is_that_of_numpy(page, acts):
    choose(page, PROSE, "colour", "band")
    expected = band_filtered(acts, 7, (0.1, 0.2))
    assert data(page, PROSE, "scale") == pytest.approx([-abs(expected).max(), abs(expected).max()], abs=2e-3)
    assert "Activation within 0.1 to 0.2 cycles per token" in page.inner_text(f"{PROSE} .rw-legend")
    for index in (0, 5, 33, 61):
        lines = told(page, PROSE, index)
        within = next(line for line in lines if line.startswith("within 0.1 to 0.2 cycles per token"))
        assert number(within) == pytest.approx(expected[index], abs=2e-3)


def test_without_a_band_all_frequencies_are_kept(page, acts):
    choose(page, PINNED, "colour", "band")
    assert "within all frequencies" in page.inner_text(f"{PINNED} .rw-legend")
    shown = [abs(band_filtered(acts, neuron, (0, 0.5))).max() for neuron in (7, 12, 3)]
    assert data(page, PINNED, "scale")[1] == pytest.approx(max(shown), abs=2e-3)


def test_surprisal_is_coloured_up_to_its_quantile_in_bits(page, acts):
    choose(page, PROSE, "colour", "surprisal")
    known = np.sort(acts.surprisal[np.isfinite(acts.surprisal)])
    high = known[int(np.ceil(0.99 * len(known))) - 1]
    assert data(page, PROSE, "scale") == pytest.approx([0, high], abs=1e-2)
    assert "Surprisal in bits, up to its 99 % quantile" in page.inner_text(f"{PROSE} .rw-legend")
    assert token(page, PROSE, 0).evaluate("span => span.style.backgroundColor") == ""


def test_where_no_surprisal_was_recorded_the_choice_says_so(page):
    option = page.locator(f"{SIGNS} select[name=colour] option[value=surprisal]")
    assert option.is_disabled() and option.inner_text() == "surprisal (none recorded)"


def test_python_chooses_colour_and_arrangement(text_recorded):
    view = text_recorded["rw"].TextHighlighter(text_recorded["acts"], colour="surprisal", arrangement="side by side")
    assert (view.colour, view.arrangement) == ("surprisal", "side by side")
    with pytest.raises(Exception, match="colour"):
        view.colour = "red"


def test_pinned_neurons_stand_below_each_other_with_their_numbers_at_the_left(page, acts):
    assert data(page, PINNED, "blocks") == [7, 12, 3]
    label = page.locator(f"{PINNED} .rw-block-label", has_text="Neuron 7")
    first = token(page, PINNED, 0, 7).bounding_box()
    assert label.bounding_box()["x"] + 60 < first["x"]
    assert abs(label.locator("span").bounding_box()["y"] - first["y"]) < 6
    page.locator(f"{PINNED} .rw-text").evaluate("text => { text.scrollTop = text.scrollHeight; }")
    page.wait_for_selector(f"{PINNED} .rw-line[data-neuron='3']")
    assert page.locator(f"{PINNED} .rw-block-label", has_text="Neuron 3").is_visible()


def test_a_block_keeps_its_number_in_sight(page):
    text = page.locator(f"{PINNED} .rw-text")
    text.evaluate(f"text => {{ text.scrollTop = {6 * LINE}; }}")
    page.wait_for_timeout(300)
    label = page.locator(f"{PINNED} .rw-block-label span", has_text="Neuron 7").bounding_box()
    box = text.bounding_box()
    assert box["y"] <= label["y"] + 7 and label["y"] < box["y"] + 40


def test_pinned_neurons_stand_side_by_side(page, acts):
    choose(page, PINNED, "arrangement", "side by side")
    page.wait_for_selector(f"{PINNED} .rw-line[data-neuron='3']")
    boxes = [token(page, PINNED, 0, neuron).bounding_box() for neuron in (7, 12, 3)]
    assert boxes[0]["y"] == boxes[1]["y"] == boxes[2]["y"]
    assert boxes[0]["x"] + 200 < boxes[1]["x"] < boxes[2]["x"] - 200
    heads = page.locator(f"{PINNED} .rw-block-heads .rw-block-label")
    assert heads.all_inner_texts() == ["Neuron 7", "Neuron 12", "Neuron 3"]
    for neuron, box in zip((7, 12, 3), boxes, strict=True):
        rightmost = page.eval_on_selector_all(
            f"{PINNED} [data-neuron='{neuron}']",
            "lines => Math.max(...lines.map(line => line.getBoundingClientRect().right))",
        )
        assert rightmost - box["x"] < boxes[1]["x"] - boxes[0]["x"]
    for index in (0, 1, 9):
        told_values = []
        for neuron in (7, 12, 3):
            page.mouse.move(2, 2)
            token(page, PINNED, index, neuron).hover()
            lines = page.locator(f"{PINNED} .rw-tooltip").inner_text().split("\n")
            told_values.append(number(next(line for line in lines if line.startswith("hidden"))))
        assert told_values == pytest.approx(acts["hidden"][index, [7, 12, 3]].tolist(), abs=2e-3)


def test_a_click_in_another_neurons_text_chooses_it_and_moves_nothing(page):
    choose(page, PINNED, "arrangement", "side by side")
    token(page, PINNED, 4, 3).click()
    page.wait_for_selector(f"{PINNED}[data-neuron='3'][data-token='4']")
    assert data(page, PINNED, "blocks") == [7, 12, 3]
    press(page, PINNED, "Alt+ArrowUp")
    wait_for_data(page, PINNED, "neuron", 12)


def test_unseen_characters_have_signs_with_names(page):
    shown = dict(
        page.locator(f"{SIGNS} [data-token]").evaluate_all(
            "spans => spans.map(span => [Number(span.dataset.token), span.textContent])"
        )
    )
    assert (shown[1], shown[4], shown[8]) == ("\u21e5", "\u00b6", "\u25cc\u0302")
    assert (shown[23], shown[24], shown[25]) == ("\\x1b", "\u2205", "\\u200b")
    below, newline = token(page, SIGNS, 5).bounding_box(), token(page, SIGNS, 4).bounding_box()
    assert below["y"] == newline["y"] + LINE
    assert "none" not in token(page, SIGNS, 3).evaluate("span => getComputedStyle(span).backgroundImage")
    for index, name in ((1, "tab"), (3, "space"), (4, "newline")):
        assert told(page, SIGNS, index)[0].endswith(f"({name})")


def test_boxes_stand_exactly_around_their_tokens_from_left_to_right(page):
    lines = page.eval_on_selector_all(
        f"{SIGNS} .rw-line",
        """lines => lines.map(line => [...line.querySelectorAll("[data-token]")].map(span => {
            const range = document.createRange();
            range.selectNodeContents(span);
            const [box, text] = [span.getBoundingClientRect(), range.getBoundingClientRect()];
            return [Number(span.dataset.token), box.left, box.right, text.left, text.right];
        }))""",
    )
    tokens = [index for line in lines for index, *_ in line]
    assert tokens == sorted(tokens)
    for line in lines:
        for _, left, right, text_left, text_right in line:
            assert text_left >= left - 1 and text_right <= right + 1
        for (_, _, right, *_), (_, left, *_) in pairwise(line):
            assert left == pytest.approx(right, abs=0.7)


def test_a_token_tells_its_numbers_and_what_may_follow(page, acts):
    token(page, PROSE, 20).click()
    page.wait_for_selector(f"{PROSE} .rw-token-readout .rw-bars li")
    said = page.inner_text(f"{PROSE} .rw-token-readout")
    assert f"Token 20: \u201c{acts.tokens[20]}\u201d" in said and "Neuron 7" in said
    surprisal = float(re.search(r"surprisal: ([\d.]+) bits", said)[1])
    assert surprisal == pytest.approx(acts.surprisal[20], abs=1e-2)
    bars = page.locator(f"{PROSE} .rw-token-readout .rw-bar")
    widths = bars.evaluate_all("bars => bars.map(bar => Number(bar.style.getPropertyValue('--share')))")
    assert widths == pytest.approx([share for _, share in acts.predictions.at(20)], abs=1e-3)
    came = page.locator(f"{PROSE} .rw-token-readout .rw-came").inner_text()
    assert "\u2713" in came and "21" in came
    percent = 100 * 2 ** -acts.surprisal[21]
    really = float(re.search(r"Really next: .*, ([\d.]+) %", said)[1])
    assert really == pytest.approx(percent, rel=0.06)
    spoken = page.locator(f"{PROSE} .rw-spoken").inner_text()
    assert spoken.startswith("Token 20") and "surprisal" in spoken and "likeliest next" in spoken
    hovered = "\n".join(told(page, PROSE, 22))
    assert "Likeliest next:" in hovered and "Really next:" in hovered and "surprisal:" in hovered


def test_keys_reach_every_token(page, acts):
    last = len(acts) - 1
    token(page, PROSE, 3).click()
    press(page, PROSE, "Control+End")
    wait_for_data(page, PROSE, "token", last)
    assert token(page, PROSE, last).is_visible()
    press(page, PROSE, "Control+Home")
    wait_for_data(page, PROSE, "token", 0)
    press(page, PROSE, "End", "ArrowRight", "Home", "PageDown")
    wait_until(page, PROSE, "Number(data.token) > 100")
    press(page, PROSE, "PageUp", "ArrowUp", "ArrowUp")
    wait_until(page, PROSE, "Number(data.token) < 40")
    outline = page.locator(f"{PROSE} .rw-text").evaluate(
        "text => text.matches(':focus-visible') && getComputedStyle(text).outlineStyle"
    )
    assert outline == "solid"


def test_no_line_is_cut_in_half(page):
    text = page.locator(f"{PROSE} .rw-text")
    assert text.evaluate("text => text.clientHeight") % LINE == 0
    text.hover()
    page.mouse.wheel(0, 100)
    page.wait_for_function(
        "view => { const { scrollTop } = document.querySelector(`${view} .rw-text`);"
        f" return scrollTop > 0 && scrollTop % {LINE} === 0; }}",
        arg=PROSE,
    )


def test_choosing_repaints_only_what_changed(page):
    page.evaluate(
        """view => {
            window.written = { nodes: 0, classes: 0, styles: 0 };
            new MutationObserver(list => {
                for (const { type, attributeName } of list) {
                    if (type === "childList") written.nodes += 1;
                    else if (attributeName === "class") written.classes += 1;
                    else if (attributeName === "style") written.styles += 1;
                }
            }).observe(document.querySelector(`${view} .rw-layer`),
                { childList: true, subtree: true, attributes: true });
        }""",
        PROSE,
    )
    token(page, PROSE, 5).click()
    wait_for_data(page, PROSE, "token", 5)
    press(page, PROSE, "ArrowRight")
    wait_for_data(page, PROSE, "token", 6)
    written = page.evaluate("written")
    assert (written["nodes"], written["styles"]) == (0, 0) and written["classes"] <= 3


def test_the_table_has_the_tokens_around_the_chosen_one(page, acts):
    token(page, PROSE, 20).click()
    button = page.locator(f"{PROSE} button:has-text('Show as table')")
    button.click()
    page.wait_for_selector(f"{PROSE} .rw-table tbody tr")
    headers = page.locator(f"{PROSE} .rw-table thead th").all_inner_texts()
    assert headers[:4] == ["Index", "Token", "Activation of neuron 7", "Surprisal, bits"]
    row = page.locator(f"{PROSE} .rw-table tbody tr").nth(20).locator("th, td").all_inner_texts()
    assert row[0] == "20 (selected)" and row[1].startswith(f"\u201c{acts.tokens[20]}")
    assert number(row[2]) == pytest.approx(acts["hidden"][20, 7], abs=2e-3)
    assert row[4] in ("yes", "no")
    button.click()


def test_the_picture_holds_boxes_text_numbers_and_legend(page):
    choose(page, PINNED, "arrangement", "side by side")
    with page.expect_download() as download:
        page.locator(f"{PINNED} .rw-tools button", has_text="SVG").click()
    root = ElementTree.parse(download.value.path()).getroot()
    space = "{http://www.w3.org/2000/svg}"
    texts = [node.text for node in root.iter(f"{space}text")]
    assert {"Neuron 7", "Neuron 12", "Neuron 3", "Ishmael"} <= set(texts)
    assert any("Activation" in (text or "") for text in texts)
    boxes = [node for node in root.iter(f"{space}rect") if node.get("fill", "").startswith("rgb")]
    assert len(boxes) > 100 and len({box.get("fill") for box in boxes}) > 20


def test_the_text_is_laid_out_anew_for_another_width(page, acts):
    before = data(page, PROSE, "lines")
    page.set_viewport_size({"width": 760, "height": 800})
    page.wait_for_function(
        "([view, before]) => Number(document.querySelector(view).dataset.lines) > before", arg=[PROSE, before]
    )
    press(page, PROSE, "Control+End")
    wait_for_data(page, PROSE, "token", len(acts) - 1)
    right = token(page, PROSE, len(acts) - 1).bounding_box()
    assert right["x"] + right["width"] < 760
    page.set_viewport_size({"width": 1280, "height": 800})
    wait_for_data(page, PROSE, "lines", before)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_while_tokens_are_marked_or_compared(browser, text_address, dark):
    with page_of(browser, dark=dark) as page:
        open_in_voila(page, text_address, dark=dark)
        for view in (PROSE, PINNED, SIGNS):
            page.wait_for_selector(f"{view}[aria-busy=false][data-lines][data-theme={'dark' if dark else 'light'}]")
        token(page, PROSE, 3).click()
        drag(page, PROSE, 4, 20)
        assert_accessible(page, PROSE)
        choose(page, PROSE, "colour", "surprisal")
        choose(page, PINNED, "arrangement", "side by side")
        for view in (PROSE, PINNED, SIGNS):
            assert_accessible(page, view)
