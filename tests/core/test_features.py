"""Features mark exactly the tokens they say, and explain what they cannot do."""

import re
import sys
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_widgets import features
from rnn_widgets.text import Text, tokenize_words

ALL_CHARACTERS = "".join(chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)


def marked(feature, *tokens):
    return "".join(token for token, holds in zip(tokens, feature.mask(Text(tokens)), strict=True) if holds)


@pytest.mark.parametrize(
    ("pattern", "tokens", "expected"),
    [
        (" ", (" ", "  ", "a ", "\n"), [" "]),
        ("[.?!]", (".", "?", "!", "...", "a.", "\\"), [".", "?", "!"]),
        ("he", ("he", "the", "hen", "He"), ["he"]),
        ("a|ab", ("a", "ab", "abc"), ["a", "ab"]),
        ("(?i)the", ("the", "THE", "then"), ["the", "THE"]),
        (":", (":", ";", "::"), [":"]),
        ("#", ("#", "a", "##"), ["#"]),
        ("'", ("'", "'s"), ["'"]),
        ("[:#']+s?", ("'s", "#", ":'", "s"), ["'s", "#", ":'"]),
        ("#[a-z]+:'x'", ("#tag:'x'", "#tag"), ["#tag:'x'"]),
        ("", ("", "a"), [""]),
        (r"\.", (".", "a"), ["."]),
        (".", ("a", "é", "👩", "\n", "ab"), ["a", "é", "👩"]),
        ("(?s:.)", ("a", "\n"), ["a", "\n"]),
        ("\n", ("\n", " "), ["\n"]),
        ("\0", ("\0", "0"), ["\0"]),
        (r"\w+", ("naïve", "Ελλάδα", "日本", "x_1", "a-b", "٣"), ["naïve", "Ελλάδα", "日本", "x_1", "٣"]),
        (r"\d", ("7", "٣", "½", "x"), ["7", "٣"]),
        (r"\s", (" ", "\u00a0", "\u2028", "\x1c", "_"), [" ", "\u00a0", "\u2028", "\x1c"]),
        (r"\W", ("é", "-", " "), ["-", " "]),
        (r"[^\W\d_]+", ("été", "x1", "_", "Ω"), ["été", "Ω"]),
        (r"[^\S\n]", (" ", "\t", "\n", "a"), [" ", "\t"]),
        (r"[\w-]+", ("so-so", "-", "é", "."), ["so-so", "-", "é"]),
        (r"[\w-z]", ("é", "-", "`"), ["é", "-"]),
        (r"[]\d]", ("]", "5", "["), ["]", "5"]),
        (r"[[:punct:]]", ("!", "a"), ["!"]),
        (r"\\w", ("\\w", "a"), ["\\w"]),
        (r"[\\w]", ("\\", "w", "a"), ["\\", "w"]),
        (r"\Q\w[\E\w", (r"\w[é", "é"), [r"\w[é"]),
        (r"\p{Greek}", ("Ω", "O"), ["Ω"]),
        (r"\x{2014}", ("—", "-"), ["—"]),
        ("(?i)É", ("é", "É", "e"), ["é", "É"]),
        (r"(?i)\W", ("ι", "-"), ["-"]),
    ],
)
def test_a_pattern_matches_whole_tokens_only(pattern, tokens, expected):
    mask = features.regex(pattern).mask(Text(tokens))
    assert mask.dtype == bool
    assert [token for token, holds in zip(tokens, mask, strict=True) if holds] == expected


@given(token=st.text(st.characters(exclude_categories=()), min_size=1))
def test_an_escaped_token_matches_itself(token):
    text = Text((token, token + "x"))
    if any("\ud800" <= sign <= "\udfff" for sign in token):
        assert features.regex("(?s:.*)").mask(text).all()
        with pytest.raises(features.PatternError, match="surrogate"):
            features.regex(re.escape(token))
    else:
        assert features.regex(re.escape(token)).mask(text).tolist() == [True, False]


@pytest.mark.parametrize("name", ["w", "d", "s"])
@pytest.mark.parametrize("form", ["{}+", "[{}]+"])
def test_character_classes_mean_what_python_means_for_every_character(name, form):
    inside, outside = f"\\{name}", f"\\{name.upper()}"
    belonging = "".join(re.findall(inside, ALL_CHARACTERS))
    others = "".join(re.findall(outside, ALL_CHARACTERS))
    assert len(belonging) + len(others) == len(ALL_CHARACTERS)
    text = Text((belonging, others))
    assert features.regex(form.format(inside)).mask(text).tolist() == [True, False]
    assert features.regex(form.format(outside)).mask(text).tolist() == [False, True]


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+", "(a*)*b", "(?:a?){50}a{50}c"])
def test_patterns_that_explode_elsewhere_run_in_linear_time(pattern):
    text = Text(("a" * 200_000 + "x",))
    started = time.perf_counter()
    assert not features.regex(pattern).mask(text).any()
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(a", "missing"),
        ("a)", "unexpected"),
        ("[a", "missing"),
        ("[z-a]", "range: z-a"),
        (r"[a-\w]", r"\\w"),
        (r"[+-\d]", r"\\d"),
        ("*", "repetition"),
        ("a**", "repetition"),
        ("a++", "repetition"),
        ("a{1001}", "repetition size"),
        ("(((a{100}){100}){100})", "repetition size|too large"),
        ("\\", "trailing"),
        ("(?=a)", "Look-ahead .* features with &"),
        ("(?!a)", "Look-ahead"),
        ("(?<=a)", "Look-behind"),
        (r"(a)\1", "Back-references .* features.where"),
        ("(?P<x>a)(?P=x)", "Back-references"),
        (r"\u2014", r"\\x\{2014\}"),
        (r"a\Z", r"\\z"),
        (r"\p{Klingon}", "Klingon"),
        ("\ud83d", "surrogate"),
        (b"a", "got b'a'"),
        (None, "got None"),
        (re.compile("a"), "got re.compile"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_explained(pattern, message, capfd):
    with pytest.raises(features.PatternError, match=message) as caught:
        features.regex(pattern)
    assert isinstance(caught.value, ValueError)
    assert repr(pattern)[:20] in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_stop_words_are_found_whatever_their_case_and_can_be_replaced():
    tokens = tokenize_words("The WHALE isn't mine, it's yours")
    assert marked(features.stop_words(), *tokens) == "Theisn'tit'syours"
    assert marked(features.stop_words(["Whale", "MINE"]), *tokens) == "WHALEmine"
    assert not features.stop_words([]).mask(Text(tuple(tokens))).any()
    assert all(word == word.casefold() for word in features.STOP_WORDS)
    with pytest.raises(TypeError, match="list of words, got the string 'the'"):
        features.stop_words("the")


def test_where_asks_once_for_each_different_token():
    asked = []

    def long(token):
        asked.append(token)
        return np.bool_(len(token) > 2)

    feature = features.where(long)
    assert feature.mask(Text(("abc", "a", "abc", "a"))).tolist() == [True, False, True, False]
    assert sorted(asked) == ["a", "abc"]
    with pytest.raises(TypeError, match="function of a token, got 'abc'"):
        features.where("abc")


def test_spans_are_half_open_and_may_overlap():
    text = Text(tuple("abcdef"))
    assert features.spans([(0, 2), (1, 3), (5, 6)]).mask(text).tolist() == [True, True, True, False, False, True]
    assert features.spans([(np.int64(2), np.int32(3))]).mask(text).sum() == 1
    assert not features.spans([]).mask(text).any()


@pytest.mark.parametrize(
    ("ranges", "error", "message"),
    [
        ([(2, 2)], ValueError, r"0 <= start < stop, got \(2, 2\)"),
        ([(3, 1)], ValueError, "start < stop"),
        ([(-2, 1)], ValueError, "0 <= start"),
        ([(0, 1, 2)], TypeError, r"pair of token indices \(start, stop\), got \(0, 1, 2\)"),
        ([(0.0, 1.0)], TypeError, "pair of token indices"),
        ((0, 1), TypeError, "pair of token indices .* got 0"),
    ],
)
def test_spans_that_are_none_are_refused(ranges, error, message):
    with pytest.raises(error, match=message):
        features.spans(ranges)


def test_a_span_or_mask_for_another_text_is_refused():
    text = Text(tuple("abc"))
    with pytest.raises(ValueError, match=r"\(1, 4\) ends after the text's last token, 2"):
        features.spans([(1, 4)]).mask(text)
    with pytest.raises(ValueError, match="Mask 'mine' is for a text of 2 tokens, but this one has 3"):
        features.mask([True, False], name="mine").mask(text)


def test_a_mask_is_taken_as_it_was_given():
    mine = np.array([True, False, True])
    feature = features.mask(mine)
    mine[:] = False
    result = feature.mask(Text(tuple("abc")))
    assert result.tolist() == [True, False, True]
    with pytest.raises(ValueError, match="read-only"):
        result[0] = False


@pytest.mark.parametrize("array", [[0, 1], [[True]], [], True, ["a"], [None]])
def test_what_is_no_mask_is_refused(array):
    with pytest.raises(ValueError, match="bool array of shape"):
        features.mask(array)


def test_everything_is_every_token():
    assert features.everything().mask(Text(tuple("abc"))).all()


@given(data=st.data(), tokens=st.integers(1, 9))
def test_operators_are_those_of_masks(data, tokens):
    masks = st.lists(st.booleans(), min_size=tokens, max_size=tokens).map(np.array)
    a, b = data.draw(masks), data.draw(masks)
    first, second = features.mask(a), features.mask(b)
    text = Text(("x",) * tokens)
    np.testing.assert_array_equal((first & second).mask(text), a & b)
    np.testing.assert_array_equal((first | second).mask(text), a | b)
    np.testing.assert_array_equal((~first).mask(text), ~a)
    np.testing.assert_array_equal((~(first & ~second)).mask(text), ~(a & ~b))


def test_operators_take_only_features():
    for combine in (lambda f: f & "a", lambda f: f | None, lambda f: True & f):
        with pytest.raises(TypeError, match="unsupported operand"):
            combine(features.everything())


A, B = features.everything(name="a"), features.everything(name="b")


@pytest.mark.parametrize(
    ("feature", "name"),
    [
        (features.regex(" "), '" "'),
        (features.regex("\n\t\r"), r'"\n\t\r"'),
        (features.regex("[.?!]"), "/[.?!]/"),
        (features.regex(":"), '":"'),
        (features.regex("a", name="first letter"), "first letter"),
        (features.part_of_speech("NN", "PRP$"), "NN|PRP$"),
        (features.part_of_speech("NN", name="nouns"), "nouns"),
        (features.stop_words(), "stop words"),
        (features.where(str.islower), "islower"),
        (features.where(lambda token: True, name="always"), "always"),
        (features.spans([(0, 2), (5, 6)]), "spans 0:2, 5:6"),
        (features.spans([]), "spans none"),
        (features.mask([True]), "mask"),
        (features.everything(), "everything"),
        (A & B, "a & b"),
        (~A | B, "~a | b"),
        (~(A | B), "~(a | b)"),
        ((A & B) | (B & A), "(a & b) | (b & a)"),
    ],
)
def test_a_feature_is_named_by_its_definition_or_its_user(feature, name):
    assert feature.name == name
    assert repr(feature) == f"Feature({name!r})"


def test_a_feature_has_a_name_that_is_text():
    with pytest.raises(TypeError, match="The name of a feature is a str, got 3"):
        features.regex("a", name=3)


def test_a_feature_of_ones_own_must_give_a_mask():
    text = Text(tuple("abc"))
    for wrong in ([1, 0, 1], [True], None):
        with pytest.raises(ValueError, match=r"'mine' must give a bool array of shape \(3,\)"):
            features.Feature("mine", lambda _, wrong=wrong: wrong).mask(text)
    with pytest.raises(TypeError, match="tokens of a Text, got str"):
        features.everything().mask("abc")
