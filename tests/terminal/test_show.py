from __future__ import annotations

import io
import re
from itertools import groupby
from xml.etree import ElementTree

import numpy as np
import pytest
from rich.color import Color
from terminal_screen import block, plain, screen

import rnn_widgets as rw
from rnn_widgets.terminal import show
from rnn_widgets.terminal.colours import Palette, scale_of
from rnn_widgets.terminal.visible import cells, encodable, glyphs

UTF8 = encodable("utf-8")


def shown(acts, *arguments, **options) -> str:
    buffer = io.StringIO()
    show(acts, *arguments, file=buffer, **options)
    return buffer.getvalue()


def visible(token: str) -> str:
    return "".join(glyph.shown for glyph in glyphs(token, UTF8))


def same(one: Color | None, other: Color) -> bool:
    return one is not None and (one.type, one.number, one.triplet) == (other.type, other.number, other.triplet)


@pytest.mark.parametrize("color", ["truecolor", "256", "16"])
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("signal", ["hidden", "output_gate", "cell"])
def test_every_tokens_background_is_the_colour_of_its_activation(acts, color, theme, signal):
    lines = screen(shown(acts, " ", signal=signal, color=color, theme=theme, width=50, neurons="3,6:8"))
    scale = scale_of(signal, acts[signal], acts[signal][:, [3, 6, 7]])
    palette = Palette(theme, color)
    for neuron in (3, 6, 7):
        characters = [shown for line in block(lines, neuron) for shown in line if shown.background is not None]
        for token, strength in zip(acts.tokens, scale.strength(acts[signal][:, neuron]), strict=True):
            expected = palette.style(float(strength))
            for character in visible(token):
                got = characters.pop(0)
                assert got.character == character
                assert same(got.background, expected.bgcolor)
                assert same(got.ink, expected.color)
                assert got.underlined == (token == " ")
        assert not characters


@pytest.mark.parametrize("width", [20, 33, 80, 200])
def test_the_text_can_be_read_back_from_each_block(acts, width):
    lines = screen(shown(acts, " ", color=True, theme="dark", width=width))
    for neuron in (6, 7, 8):
        text = "".join(c.character for line in block(lines, neuron) for c in line if c.background is not None)
        assert text.replace("\\n", "\n").replace("\\t", "\t") == str(acts.text)


@pytest.mark.parametrize("color", [True, False])
def test_no_line_is_wider_than_the_width(acts, color):
    for width in range(20, 201):
        for line in screen(shown(acts, " ", color=color, width=width, top=1, radius=0)):
            assert cells(plain(line)) <= width


def test_widths_hold_with_long_feature_names_and_many_documents(acts):
    name = "a very long name of a feature " * 5 + "漢" * 30
    feature = rw.features.regex(" ", name=name)
    for width in (20, 30, 41, 100):
        for color in (True, False):
            assert max(cells(plain(line)) for line in screen(shown(acts, feature, color=color, width=width))) <= width


def test_a_newline_is_shown_and_breaks_the_line(acts):
    lines = [plain(line) for line in block(screen(shown(acts, " ", color=True, width=200)), 7)]
    assert lines[1].endswith("purse, I\\n")
    assert lines[3].startswith('  \\t"It is')


def test_documents_are_parted(acts):
    lines = [plain(line) for line in block(screen(shown(acts, " ", color=True, width=200)), 7)]
    assert [line for line in lines if "┄" in line] == ["  ┄┄ document 1 ┄┄", "  ┄┄ document 2 ┄┄"]
    assert lines[lines.index("  ┄┄ document 2 ┄┄") + 1] == "  Another document.\\n"


def test_the_header_tells_feature_signal_layer_and_the_limits_of_the_scale(acts):
    for signal, low, high in (("hidden", "-1", "1"), ("output_gate", "0", "1")):
        lines = screen(shown(acts, " ", signal=signal, color="truecolor", theme="dark", width=100))
        assert re.match(rf"signal +{signal} · layer 0 · 12 neurons", plain(lines[0]))
        assert re.match(r'feature +" " · \d+ of \d+ tokens in 2 documents, underlined', plain(lines[1]))
        assert re.fullmatch(rf"scale +{low} +0? +{high}", plain(lines[2]))
        colours = [shown.background for shown in lines[2] if shown.background]
        palette = Palette("dark", "truecolor")
        assert same(colours[0], palette.background(float(low)))
        assert same(colours[-1], palette.background(float(high)))


def test_proposed_neurons_come_with_their_neighbours_and_a_dashed_rule_between(acts):
    scored = rw.relevance(acts, rw.features.regex(" "))
    assert scored.top(2) == [7, 3]
    output = shown(acts, " ", top=2, radius=1, color=False, width=60)
    heads = re.findall(r"^Neuron (\d+) · relevance (\d\.\d\d)( · proposed)?$", output, re.MULTILINE)
    assert [int(neuron) for neuron, _, _ in heads] == [6, 7, 8, 2, 3, 4]
    assert [int(neuron) for neuron, _, proposed in heads if proposed] == [7, 3]
    assert all(float(score) == pytest.approx(scored.scores[int(neuron)], abs=0.005) for neuron, score, _ in heads)
    rules = [line for line in output.splitlines() if set(line) == {"╌"}]
    assert rules == ["╌" * 60]
    assert output.index("Neuron 8") < output.index("╌" * 60) < output.index("Neuron 2")


def test_windows_that_overlap_are_shown_once(acts):
    output = shown(acts, " ", top=2, radius=2, color=False)
    assert re.findall(r"^Neuron (\d+)", output, re.MULTILINE) == [str(neuron) for neuron in range(1, 10)]


def test_tables_hold_relevance_means_and_frequencies(acts):
    output = shown(acts, " ", color=False, width=60)
    scored = rw.relevance(acts, rw.features.regex(" "))
    spaces = np.array([token == " " for token in acts.tokens])
    rows = re.findall(r"^ +(\d+) +(\d\.\d{3}) +([+-]\d\.\d{3}) +([+-]\d\.\d{3})$", output, re.MULTILINE)
    order = [int(row[0]) for row in rows]
    assert order[:5] == scored.top(5)
    assert set(order) >= {2, 3, 4, 6, 7, 8}
    for neuron, score, there, elsewhere in rows:
        column = acts["hidden"][:, int(neuron)].astype(float)
        expected = (scored.scores[int(neuron)], column[spaces].mean(), column[~spaces].mean())
        assert (float(score), float(there), float(elsewhere)) == pytest.approx(expected, abs=6e-4)
    peaks = rw.spectrum(acts).peaks(n=5)
    rows = re.findall(r"^ +(\d+) +(0\.\d{4}) +(\d+\.\d\d) +(\S+)$", output, re.MULTILINE)
    assert [int(row[0]) for row in rows] == [peak.neuron for peak in peaks]
    for row, peak in zip(rows, peaks, strict=True):
        assert float(row[1]) == pytest.approx(peak.frequency, abs=1e-4)
        assert float(row[2]) == pytest.approx(peak.period, abs=0.01)
        assert float(row[3]) == pytest.approx(peak.amplitude, rel=0.01)


def test_without_a_relevant_neuron_the_strongest_rhythm_is_proposed_and_said(acts):
    best = rw.spectrum(acts).peaks(n=1)[0]
    for feature, reason in (
        (rw.features.everything(), "Every token has"),
        ("zzz", "No token has"),
        (None, "No feature"),
    ):
        output = shown(acts, feature, top=1, color=False, width=200)
        assert reason in output
        assert "the neurons with the strongest rhythm" in output
        assert re.search(rf"^Neuron {best.neuron} .*amplitude .* cycles per token · proposed", output, re.MULTILINE)
        assert "^ below" not in output


def test_chosen_neurons_are_shown_in_their_windows(acts):
    output = shown(acts, " ", neurons=[11, slice(0, 2)], color=False, width=40)
    assert re.findall(r"^Neuron (\d+)", output, re.MULTILINE) == ["11", "0", "1"]
    assert "proposed" not in output
    assert output.count("╌" * 40) == 1


def test_several_features_are_reported_one_after_the_other(acts):
    output = shown(acts, [" ", rw.features.regex("[.]", name="dots")], color=False)
    assert re.findall(r"^feature +(\S.*?) ·", output, re.MULTILINE) == ['" "', "dots"]


def test_digits_give_sign_and_strength_of_each_token():
    acts = rw.Activations.from_arrays(
        ["One", " ", "two", "!", "\n", "漢字"], [[0.31], [-1], [0.96], [-0.04], [0.05001], [-0.5]]
    )
    assert shown(acts, neurons="0", color=False).split("\n\n")[1].splitlines() == [
        "Neuron 0",
        "+ 3·· 9·· 1·",
        "  One two!\\n",
        "-    9",
        "  漢字",
        "- 5···",
    ]


def test_without_colour_the_features_tokens_are_marked_once():
    acts = rw.Activations.from_arrays(["a", "bc", "d"], [[0.5], [0], [0]])
    assert "\nText\n  abcd\n^  ^^\n\n" in shown(acts, "bc", color=False)


def test_the_joiner_stands_between_tokens_without_colour():
    text = rw.Text(("ab", "cd", "ef"), (0, 2), joiner=" ")
    lines = block(screen(shown(rw.Activations.from_arrays(text, [[1], [1], [1]]), color=True, neurons="0")), 0)
    assert [plain(line) for line in lines] == ["  ┄┄ document 1 ┄┄", "  ab cd", "  ┄┄ document 2 ┄┄", "  ef"]
    assert [bool(shown.background) for shown in lines[1][2:]] == [True, True, False, True, True]


def test_escape_sequences_in_tokens_feature_names_and_joiners_do_not_reach_the_terminal():
    evil = "\x1b]0;owned\x07\x1b[2J\x9b31m\r\b"
    acts = rw.Activations.from_arrays(rw.Text((evil, "b", evil), joiner="\x1b[31m"), [[0.5], [0], [1]])
    feature = rw.features.regex("b", name=f"name{evil}")
    for color in (True, False):
        output = shown(acts, feature, color=color)
        assert "\\x1b]0;owned\\x07\\x1b[2J\\x9b31m\\r\\x08" in re.sub(r"\s+|\x1b\[[0-9;]*m", "", output)
        screen(output)
        assert not set(output) & set("\x07\x08\x9b\r")


def test_a_single_token_and_an_empty_one_are_shown():
    assert "One token has no rhythm" in shown(rw.Activations.from_arrays(["a"], [[0.2, -0.9]]), top=1, width=200)
    lines = block(screen(shown(rw.Activations.from_arrays(["", "b"], [[1], [-1]]), "b", color="truecolor")), 0)
    assert [shown.character for shown in lines[0][2:]] == ["∅", "b"]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_files_hold_the_same_text_in_their_own_form(acts, tmp_path, theme):
    tokens = ("<script>alert(1)</script>", " ", "&amp;", *acts.tokens[3:])
    tricky = rw.Activations.from_arrays(rw.Text(tokens, acts.text.documents), acts["hidden"])
    for suffix in ("txt", "ansi", "html", "svg"):
        show(tricky, " ", file=tmp_path / f"out.{suffix}", theme=theme)
    text = (tmp_path / "out.txt").read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert text == shown(tricky, " ", color=False, width=100)
    ansi = (tmp_path / "out.ansi").read_text(encoding="utf-8")
    assert ansi == shown(tricky, " ", color="truecolor", width=100, theme=theme)
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    code = ElementTree.fromstring(re.search(r"<code.*</code>", page, re.DOTALL)[0])
    assert "".join(code.itertext()) == "\n".join(plain(line) for line in screen(ansi))
    assert "<script" not in page
    assert "http" not in page
    picture = ElementTree.parse(tmp_path / "out.svg")
    assert "Neuron\xa07\xa0·\xa0relevance\xa01.00\xa0·\xa0proposed" in "".join(picture.getroot().itertext())
    assert "url(http" not in (tmp_path / "out.svg").read_text(encoding="utf-8")


def test_colours_in_a_page_are_those_of_the_activations(acts, tmp_path):
    show(acts, " ", file=tmp_path / "out.html", theme="light", neurons="7")
    code = ElementTree.fromstring(
        re.search(r"<code.*</code>", (tmp_path / "out.html").read_text("utf-8"), re.DOTALL)[0]
    )
    spans = [(span.text, re.search(r"background-color: (#\w+)", span.get("style", ""))) for span in code.iter("span")]
    start = next(index for index, (text, colour) in enumerate(spans) if text == "Call" and colour)
    expected = Palette("light", "truecolor").background(float(acts["hidden"][0, 7])).triplet.hex
    assert spans[start][1][1] == expected


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"signal": "gate"}, KeyError, "no signal 'gate'.*hidden, output_gate, cell"),
        ({"layer": 4}, KeyError, "no layer 4"),
        ({"neurons": "12"}, ValueError, "no neuron 12"),
        ({"top": 0}, ValueError, "top is how many"),
        ({"radius": -1}, ValueError, "radius is how many"),
        ({"theme": "pink"}, ValueError, "theme is"),
        ({"width": 19}, ValueError, "width is a number of columns from 20, got 19"),
        ({"color": "many"}, ValueError, "color is"),
        ({"feature": "(a"}, rw.features.PatternError, "cannot be used"),
    ],
)
def test_what_does_not_exist_is_refused(acts, options, error, message):
    with pytest.raises(error, match=message):
        shown(acts, **options)


def test_another_suffix_is_refused(acts, tmp_path):
    with pytest.raises(ValueError, match=r"\.txt, \.ansi, \.html, \.svg"):
        show(acts, file=tmp_path / "out.pdf")


def test_runs_of_equal_colour_belong_to_whole_tokens(acts):
    """A word that is longer than a line keeps its colour on the next one."""
    long = rw.Activations.from_arrays(["a" * 50, "b"], [[0.5], [-0.5]])
    lines = block(screen(shown(long, color="truecolor", theme="dark", width=20, neurons="0")), 0)
    colours = {
        (character, shown.background)
        for line in lines
        for character, group in groupby(line[2:], key=lambda shown: shown.character)
        for shown in group
    }
    palette = Palette("dark", "truecolor")
    assert colours == {("a", palette.background(0.5)), ("b", palette.background(-0.5))}
