"""Texts keep every character, know where each token and document stands, and refuse what is no text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_widgets.text import TOKENIZERS, UNKNOWN, Text, Vocabulary, as_text, tokenize_characters, tokenize_words

ANY_CHARACTER = st.characters(exclude_categories=())
ANY_STRING = st.text(ANY_CHARACTER)
AWKWARD_STRING = st.lists(
    st.sampled_from(["don't", "N'T", "n't", "'s", "'LL", "’", "_", "\r\n", "\u2028", " ", "can", "é", "👩‍🚀", "'"])
).map("".join)
TOKENS = st.lists(st.text(ANY_CHARACTER, max_size=3), min_size=1, max_size=12).map(tuple)


@pytest.mark.parametrize("tokenizer", TOKENIZERS.values(), ids=TOKENIZERS)
@given(string=ANY_STRING | AWKWARD_STRING)
def test_tokenizers_lose_nothing(tokenizer, string):
    tokens = tokenizer(string)
    assert "".join(tokens) == string
    assert all(tokens)


@pytest.mark.parametrize(
    ("string", "tokens"),
    [
        ("I don't know.", ["I", " ", "do", "n't", " ", "know", "."]),
        ("It's Anna's; they'll've gone", ["It", "'s", " ", "Anna", "'s", ";", " ", "they", "'ll", "'ve", " ", "gone"]),
        ("CAN'T", ["CA", "N'T"]),
        ("n't", ["n't"]),
        ("rock'n'roll 'tis", ["rock", "'", "n", "'", "roll", " ", "'", "tis"]),
        ("a  b\r\n", ["a", " ", " ", "b", "\r", "\n"]),
        ("Café 42,000 naïve_x?!", ["Café", " ", "42", ",", "000", " ", "naïve_x", "?", "!"]),
    ],
)
def test_words_are_parted_as_in_the_penn_treebank_with_every_space_a_token(string, tokens):
    assert tokenize_words(string) == tokens


def test_a_long_word_is_parted_in_linear_time():
    word = "x" * 200_000
    assert tokenize_words(f"{word} {word}n't") == [word, " ", word, "n't"]


def test_characters_are_code_points():
    assert tokenize_characters("aé👩\n") == ["a", "é", "👩", "\n"]


@given(tokens=TOKENS, joiner=st.text(ANY_CHARACTER, max_size=2), data=st.data())
def test_offsets_and_slices_find_every_token_and_document(tokens, joiner, data):
    starts = data.draw(st.sets(st.integers(0, len(tokens) - 1)))
    text = Text(tokens, tuple(sorted({0} | starts)), joiner)
    assert len(text) == len(tokens)
    assert str(text) == joiner.join(tokens)
    assert len(text.offsets) == len(tokens)
    for token, offset in zip(tokens, text.offsets, strict=True):
        assert str(text).startswith(token, offset)
    assert sum((text.tokens[part] for part in text.slices()), ()) == tokens
    assert [part.start for part in text.slices()] == list(text.documents)
    assert Text.concatenate(text.split()) == text


def test_concatenating_keeps_each_document_of_each_text():
    joined = Text.concatenate([Text(("a", "b", "c"), (0, 2)), Text(("d",)), Text(("e", "f"), (0, 1))])
    assert joined == Text(("a", "b", "c", "d", "e", "f"), (0, 2, 3, 4, 5))
    assert [str(document) for document in joined.split()] == ["ab", "c", "d", "e", "f"]


def test_texts_are_values():
    text = Text(["a", "b"], [0, 1])
    assert text == Text(("a", "b"), (0, 1))
    assert hash(text) == hash(Text(("a", "b"), (0, 1)))
    with pytest.raises(AttributeError):
        text.tokens = ("c",)
    assert repr(text) == "Text(2 tokens, 2 documents: 'ab')"
    assert len(repr(Text(("word ",) * 1000))) < 100


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"tokens": ()}, ValueError, "empty"),
        ({"tokens": "some words"}, TypeError, "got the string 'some words'"),
        ({"tokens": ("a", 3)}, TypeError, "token 1 is 3"),
        ({"tokens": ("a", b"b")}, TypeError, "token 1 is b'b'"),
        ({"tokens": ("a", "b"), "documents": ()}, ValueError, "first token"),
        ({"tokens": ("a", "b"), "documents": (1,)}, ValueError, "from 0"),
        ({"tokens": ("a", "b"), "documents": (0, 2)}, ValueError, "below the number of tokens"),
        ({"tokens": ("a", "b"), "documents": (0, 1, 1)}, ValueError, "increasing"),
        ({"tokens": ("a", "b"), "documents": (0, -1)}, ValueError, "increasing"),
        ({"tokens": ("a", "b"), "documents": (0, 0.5)}, TypeError, "integer"),
        ({"tokens": ("a", "b"), "joiner": None}, TypeError, "joiner is a string, got None"),
    ],
)
def test_what_is_no_text_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        Text(**arguments)


def test_concatenating_nothing_or_different_joiners_is_refused():
    with pytest.raises(ValueError, match="at least one Text"):
        Text.concatenate([])
    with pytest.raises(ValueError, match="same joiner"):
        Text.concatenate([Text(("a",), joiner=" "), Text(("b",))])


def test_as_text_tokenizes_strings_and_only_strings():
    ready = Text(("two words", "\n"))
    assert as_text(ready, tokenize_words) is ready
    assert as_text("a b", tokenize_words).tokens == ("a", " ", "b")
    mixed = as_text(["a b", ready, Text(("c", "d"), (0, 1))], tokenize_words)
    assert mixed == Text(("a", " ", "b", "two words", "\n", "c", "d"), (0, 3, 5, 6))


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        ("", ValueError, "empty"),
        ([], ValueError, "empty"),
        (["a", ""], ValueError, "empty"),
        (b"a", TypeError, "got bytes"),
        (None, TypeError, "got NoneType"),
        (["a", 1], TypeError, "got int"),
        ({"a"}, TypeError, "got set"),
    ],
)
def test_what_cannot_be_a_text_is_refused(source, error, message):
    with pytest.raises(error, match=message):
        as_text(source, tokenize_words)


def test_a_vocabulary_numbers_tokens_by_frequency_then_alphabet():
    vocabulary = Vocabulary.from_tokens(tokenize_words("b a b c a b d"))
    assert vocabulary.tokens == (UNKNOWN, " ", "b", "a", "c", "d")
    assert Vocabulary.from_tokens("aab", minimum_count=2).tokens == (UNKNOWN, "a")
    assert Vocabulary.from_tokens("ccbba", size=3).tokens == (UNKNOWN, "b", "c")
    assert Vocabulary.from_tokens([UNKNOWN, UNKNOWN, "a"]).tokens == (UNKNOWN, "a")


@given(tokens=TOKENS)
def test_a_vocabulary_returns_its_own_tokens_and_marks_others_unknown(tokens):
    vocabulary = Vocabulary.from_tokens(tokens)
    indices = vocabulary.encode(tokens)
    assert indices.dtype == "int32"
    assert indices.shape == (len(tokens),)
    assert tuple(vocabulary.decode(indices)) == tokens
    assert vocabulary.decode(vocabulary.encode(["not among them"])) == [UNKNOWN]
    assert "not among them" not in vocabulary
    assert len(vocabulary) == len(set(tokens) | {UNKNOWN})


def test_an_empty_sequence_encodes_to_an_empty_array():
    assert Vocabulary((UNKNOWN, "a")).encode([]).shape == (0,)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Vocabulary((UNKNOWN,)), ValueError, "at least one token more"),
        (lambda: Vocabulary(("a", "b")), ValueError, "beginning with"),
        (lambda: Vocabulary((UNKNOWN, "a", "a")), ValueError, r"more often: \['a'\]"),
        (lambda: Vocabulary((UNKNOWN, 7)), TypeError, "token 1 is 7"),
        (lambda: Vocabulary.from_tokens("ab", size=1), ValueError, "at least 2"),
        (lambda: Vocabulary.from_tokens("ab", size=-1), ValueError, "at least 2"),
        (lambda: Vocabulary.from_tokens("ab", minimum_count=2), ValueError, "got 1 tokens"),
        (lambda: Vocabulary.from_tokens([]), ValueError, "got 1 tokens"),
        (lambda: Vocabulary((UNKNOWN, "a")).decode([0, 2]), IndexError, r"0\.\.1, got \[2\]"),
        (lambda: Vocabulary((UNKNOWN, "a")).decode([-1]), IndexError, r"got \[-1\]"),
    ],
)
def test_what_is_no_vocabulary_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()
