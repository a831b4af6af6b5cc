from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rnn_widgets.terminal.visible import cells, encodable, glyphs, wrap

UTF8 = encodable("utf-8")
ANY_TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from("\n\t\r \x1b\x9b\u202e\u200d\ufe0f\u0301👩🏽🇩🇪漢\ud800\\"))
)


def shown(token: str, encoding: str = "utf-8") -> str:
    return "".join(glyph.shown for glyph in glyphs(token, encodable(encoding)))


@pytest.mark.parametrize(
    ("token", "visible"),
    [
        ("\n", "\\n"),
        ("a\tb\r", "a\\tb\\r"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x9b31m", "\\x9b31m"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\u2028", "\\u2028"),
        ("\ud800", "\\ud800"),
        ("\u0301", "◌\u0301"),
        ("", "∅"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("\u200d\x1b", "\\u200d\\x1b"),
        ("👩\u200d\x1b", "👩\u200d\\x1b"),
    ],
)
def test_what_is_harmful_or_invisible_is_escaped(token, visible):
    assert shown(token) == visible


def test_what_the_encoding_lacks_is_escaped():
    assert shown("“naïve” 漢👩", "latin-1") == "\\u201cnaïve\\u201d \\u6f22\\U0001f469"
    assert shown("", "ascii") == "''"
    assert shown("\u0301", "ascii") == "\\u0301"


@given(ANY_TEXT, st.sampled_from(["utf-8", "ascii", "cp1252", "cp437"]))
def test_no_control_character_survives_and_everything_can_be_written(token, encoding):
    result = shown(token, encoding)
    assert not [c for c in result if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert result.encode(encoding)


@given(ANY_TEXT)
def test_every_token_takes_a_cell_and_is_not_measured_too_small(token):
    assert cells(shown(token)) >= 1
    assert sum(glyph.cells for glyph in glyphs(token, UTF8)) >= cell_len(shown(token))


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn", "Zl", "Zp", "Mn", "Mc", "Me", "Lo"]), min_size=1)
)
def test_ordinary_text_is_shown_as_it_is(token):
    assert shown(token) == token


@given(st.lists(ANY_TEXT, min_size=1), st.integers(18, 60))
def test_lines_hold_every_glyph_in_order_within_the_width(tokens, width):
    stream = [(index, glyph) for index, token in enumerate(tokens) for glyph in glyphs(token, UTF8)]
    lines = wrap(stream, width)
    assert all(sum(run.cells for run in line) <= width for line in lines)
    assert "".join(run.shown for line in lines for run in line) == "".join(glyph.shown for _, glyph in stream)
    for index, token in enumerate(tokens):
        assert "".join(run.shown for line in lines for run in line if run.owner == index) == shown(token)


def test_lines_break_after_spaces_and_newlines_and_within_long_words_only():
    def lines(text: str, width: int) -> list[str]:
        stream = [(index, glyph) for index, letter in enumerate(text) for glyph in glyphs(letter, UTF8)]
        return ["".join(run.shown for run in line) for line in wrap(stream, width)]

    assert lines("one two three", 9) == ["one two ", "three"]
    assert lines("one\n\ntwo\n", 9) == ["one\\n", "\\n", "two\\n"]
    assert lines("abcdefghijkl mn", 9) == ["abcdefghi", "jkl mn"]
    assert lines("漢字漢字漢", 5) == ["漢字", "漢字", "漢"]
