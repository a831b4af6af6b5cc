"""Features of where a token stands, on texts in which that can be counted by eye."""

import numpy as np
import pytest

from rnn_widgets import features
from rnn_widgets.text import Text, tokenize_characters, tokenize_words


def marked(feature, string, tokenizer=tokenize_characters):
    text = Text(tuple(tokenizer(string)))
    return "".join("x" if holds else "." for holds in feature.mask(text))


def test_places_in_line_sentence_and_word_are_counted_from_their_first_token():
    assert marked(features.in_line(2), "abc\nde\n\nfghi") == "..xx..x...xx"
    assert marked(features.in_line(0, 2), "abc\nde\n\nfghi") == "xx..xx.xxx.."
    assert marked(features.in_sentence(3), "Oh no! Yes.No") == "...xxx...xx.."
    assert marked(features.in_word(1), "ab, cde f1") == ".x...xx..x"
    assert marked(features.in_sentence(2), "He left. She did.", tokenize_words) == "..xx..xxx"


def test_quotes_open_and_close_and_an_empty_line_ends_what_was_left_open():
    assert marked(features.inside_quotes(), 'a "bc" d "e') == "..xxx....xx"
    assert marked(features.inside_quotes(), '"a\nb\n\nc" d') == "xxxxx..xxx"
    assert marked(features.inside_quotes("'"), "a 'b' c") == "..xx..."


def test_brackets_have_a_depth_and_none_is_below_nothing():
    assert marked(features.inside_brackets(), "a(b[c]d)e)f(g") == ".xxxxxx....xx"
    assert marked(features.inside_brackets(2), "a(b[c]d)e)f(g") == "...xx........"


def test_a_document_begins_anew():
    text = Text(tuple('a"b(ca"b'), (0, 5))
    assert features.inside_quotes().mask(text).tolist() == [False, True, True, True, True, False, True, True]
    assert features.inside_brackets().mask(text).tolist() == [False] * 3 + [True] * 2 + [False] * 3
    assert features.in_line(2).mask(text).tolist() == [False, False, True, True, True, False, False, True]


@pytest.mark.parametrize("tokenizer", [tokenize_characters, tokenize_words])
def test_the_library_has_features_of_many_kinds_that_part_the_text(tokenizer):
    string = 'The cat (a tom) sat. "The mat," said Ann, "is 3 feet long"\nand the cat (a tom [so]) sat on it.\n' * 5
    text = Text(tuple(tokenizer(string)))
    bits = np.random.default_rng(0).random(len(text))
    found = features.library(text, surprisal=bits, tagger=lambda words: ["NN"] * len(words))
    names = [feature.name for feature in found]
    assert len(set(names)) == len(names) > 40
    assert all(0 < feature.mask(text).sum() < len(text) for feature in found)
    assert {"punctuation", "capitalised", "NN", 'inside "', "inside brackets, 2 deep or more", "token ' '"} <= set(
        names
    )
    assert any("into the line" in name for name in names) and any(name.startswith("surprisal above") for name in names)
    pair = next(feature for feature in found if feature.name.endswith("after '('"))
    assert pair.mask(text)[np.flatnonzero(np.array(text.tokens) == "(") + 1].all()


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="counted from 0, with least < below, got 3 and 2"):
        features.in_line(3, 2)
    with pytest.raises(ValueError, match="depth of brackets is a whole number from 1, got 0"):
        features.inside_brackets(0)
    with pytest.raises(ValueError, match="quotation mark is a string"):
        features.inside_quotes("")
