"""Parts of speech of a text's tokens, by a tagger that the user has."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

import numpy as np

from rnn_widgets.text import Text, tokenize_words

Tagger = Callable[[list[str]], Sequence[str]]

PENN_TAGS: tuple[str, ...] = tuple(
    """
    CC CD DT EX FW IN JJ JJR JJS LS MD NN NNS NNP NNPS PDT POS PRP PRP$ RB RBR RBS RP SYM TO UH VB VBD VBG VBN VBP
    VBZ WDT WP WP$ WRB . , : `` '' -LRB- -RRB- # $
    """.split()  # noqa: SIM905  (as in features.STOP_WORDS)
)

INSTALL_HINT = (
    "Parts of speech need a tagger. Install one with\n"
    "    pip install 'rnn-widgets[pos]'\n"
    "or pass your own: features.part_of_speech(..., tagger=function from a list of words to a list of tags)."
)

_PIPES = ("tok2vec", "transformer", "tagger")


def checked_tags(tags: Sequence[str], *, any_tag_set: bool) -> frozenset[str]:
    """The tags as a set.

    Raises:
        TypeError: if one is not a string.
        ValueError: if there are none, or one is not of the Penn Treebank's and `any_tag_set` is false.
    """
    if not tags:
        raise ValueError("part_of_speech takes at least one tag, for example part_of_speech('NN', 'NNS').")
    if not all(isinstance(tag, str) for tag in tags):
        raise TypeError(f"Tags are strings, for example part_of_speech('NN', 'NNS'), got {', '.join(map(repr, tags))}.")
    unknown = [] if any_tag_set else [tag for tag in tags if tag not in PENN_TAGS]
    if unknown:
        raise ValueError(f"Not Penn Treebank tags: {', '.join(unknown)}. They are: {' '.join(PENN_TAGS)}.")
    return frozenset(tags)


def tag_text(text: Text, tagger: Tagger | str | None = None) -> tuple[str, ...]:
    """The tag of the word in which each of the T tokens begins, "" for white space and for an empty token.

    Raises:
        ImportError: if there is no tagger; the message names the install line.
        ValueError: if the tagger gives another number of tags than it was given words.
        TypeError: if it gives something else than strings.
    """
    return _tag_documents(text, tagger) if callable(tagger) else _tag_with_installed(text, tagger)


@lru_cache(maxsize=4)
def _tag_with_installed(text: Text, name: str | None) -> tuple[str, ...]:
    return _tag_documents(text, _installed_tagger(name))


def _tag_documents(text: Text, tag: Tagger) -> tuple[str, ...]:
    return tuple(tag_of_token for document in text.split() for tag_of_token in _tag_document(document, tag))


def _tag_document(document: Text, tag: Tagger) -> list[str]:
    pieces = tokenize_words(str(document))
    words = [piece for piece in pieces if not piece.isspace()]
    remaining = iter(_checked_answer(words, tag(words)) if words else ())
    tag_of_piece = ["" if piece.isspace() else next(remaining) for piece in pieces]
    starts = np.fromiter(accumulate(map(len, pieces[:-1]), initial=0), int, max(len(pieces), 1))
    begins = [
        offset + len(token) - len(token.lstrip()) if token.strip() else offset
        for offset, token in zip(document.offsets, document.tokens, strict=True)
    ]
    piece_of_token = np.searchsorted(starts, begins, side="right") - 1
    return [tag_of_piece[piece] if token else "" for piece, token in zip(piece_of_token, document.tokens, strict=True)]


def _checked_answer(words: list[str], tags: Sequence[str]) -> Sequence[str]:
    if len(tags) != len(words):
        raise ValueError(f"The tagger was given {len(words)} words and returned {len(tags)} tags.")
    wrong = [tags] if isinstance(tags, str) else [tag for tag in tags if not isinstance(tag, str)]
    if wrong:
        raise TypeError(
            f"A tagger returns a list of strings, one tag a word, got {wrong[0]!r}. "
            "If yours returns (word, tag) pairs, pass lambda words: [tag for _, tag in yours(words)]."
        )
    return tags


def _installed_tagger(name: str | None) -> Tagger:
    if importlib.util.find_spec("spacy"):
        pipeline = name or _english_pipeline()
        if pipeline:
            return _spacy_tagger(pipeline)
    if name is None and importlib.util.find_spec("nltk"):
        return _nltk_tagger
    wanted = f"The spaCy pipeline {name!r} is not installed. " if name else ""
    raise ImportError(wanted + INSTALL_HINT)


def _english_pipeline() -> str | None:
    names = (entry.name for entry in importlib.metadata.entry_points(group="spacy_models"))
    return min((name for name in names if name.startswith("en_")), default=None)


@lru_cache(maxsize=4)
def _spacy_tagger(pipeline: str) -> Tagger:
    spacy: Any = importlib.import_module("spacy")
    tokens: Any = importlib.import_module("spacy.tokens")
    try:
        language = spacy.load(pipeline)
    except OSError as error:
        raise ImportError(f"spaCy cannot load {pipeline!r}: {error}\n{INSTALL_HINT}") from error
    if "tagger" not in language.pipe_names:
        raise ValueError(
            f"The spaCy pipeline {pipeline!r} has no tagger, only: {', '.join(language.pipe_names)}. Name another one."
        )
    pipes = [pipe for name, pipe in language.pipeline if name in _PIPES]

    def tag(words: list[str]) -> list[str]:
        # spaCy's strings are UTF-8, which has no lone surrogates.
        document = tokens.Doc(language.vocab, words=[word.encode(errors="replace").decode() for word in words])
        for pipe in pipes:
            document = pipe(document)
        return [token.tag_ for token in document]

    return tag


def _nltk_tagger(words: list[str]) -> list[str]:
    nltk: Any = importlib.import_module("nltk")
    try:
        return [tag for _, tag in nltk.pos_tag(words)]
    except LookupError as error:
        raise ImportError(
            "NLTK is installed, but not the model of its tagger. Get it with\n"
            "    python -m nltk.downloader averaged_perceptron_tagger_eng\n" + INSTALL_HINT
        ) from error
