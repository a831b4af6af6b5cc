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
    "CC CD DT EX FW IN JJ JJR JJS LS MD NN NNS NNP NNPS PDT POS PRP PRP$ RB RBR RBS RP SYM TO UH VB VBD VBG VBN VBP "
    "VBZ WDT WP WP$ WRB . , : `` '' -LRB- -RRB- # $".split()
)

INSTALL_HINT = (
    "Parts of speech need a tagger. Install one with\n"
    "    pip install 'rnn-widgets[pos]'\n"
    "or pass your own: features.part_of_speech(..., tagger=function from a list of words to a list of tags)."
)


def checked_tags(tags: Sequence[str], *, any_tag_set: bool) -> frozenset[str]:
    """The tags as a set.

    Raises:
        ValueError: if there are none, or one is not of the Penn Treebank's and `any_tag_set` is false.
    """
    if not tags:
        raise ValueError("part_of_speech takes at least one tag, for example part_of_speech('NN', 'NNS').")
    unknown = [] if any_tag_set else [tag for tag in tags if tag not in PENN_TAGS]
    if unknown:
        raise ValueError(f"Not Penn Treebank tags: {', '.join(unknown)}. They are: {' '.join(PENN_TAGS)}.")
    return frozenset(tags)


def tag_text(text: Text, tagger: Tagger | str | None = None) -> list[str]:
    """The tag of the word in which each of the T tokens begins, "" for white space."""
    tag = tagger if callable(tagger) else _installed_tagger(tagger)
    return [tag_of for document in text.split() for tag_of in _tag_document(document, tag)]


def _tag_document(document: Text, tag: Tagger) -> list[str]:
    pieces = tokenize_words(str(document))
    words = [piece for piece in pieces if not piece.isspace()]
    tags = list(tag(words)) if words else []
    if len(tags) != len(words):
        raise ValueError(f"The tagger was given {len(words)} words and returned {len(tags)} tags.")
    remaining = iter(tags)
    tag_of_piece = ["" if piece.isspace() else next(remaining) for piece in pieces]
    starts = np.fromiter(accumulate(map(len, pieces[:-1]), initial=0), int, len(pieces))
    begins = [
        offset + len(token) - len(token.lstrip()) if token.strip() else offset
        for offset, token in zip(document.offsets, document.tokens, strict=True)
    ]
    return [tag_of_piece[at] for at in np.searchsorted(starts, begins, side="right") - 1]


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
    found = {name for name in names if name.startswith("en_")}
    found |= {name for name in ("en_core_web_sm", "en_core_web_md") if importlib.util.find_spec(name)}
    return min(found, default=None)


@lru_cache(maxsize=4)
def _spacy_tagger(pipeline: str) -> Tagger:
    spacy: Any = importlib.import_module("spacy")
    tokens: Any = importlib.import_module("spacy.tokens")
    try:
        language = spacy.load(pipeline)
    except OSError as error:
        raise ImportError(f"spaCy cannot load {pipeline!r}: {error}\n{INSTALL_HINT}") from error
    language.select_pipes(enable=[name for name in ("tok2vec", "transformer", "tagger") if name in language.pipe_names])

    def tag(words: list[str]) -> list[str]:
        document = tokens.Doc(language.vocab, words=words)
        for _, pipe in language.pipeline:
            document = pipe(document)
        return [token.tag_ for token in document]

    return tag


def _nltk_tagger(words: list[str]) -> list[str]:
    nltk: Any = importlib.import_module("nltk")
    try:
        return [tag for _, tag in nltk.pos_tag(words)]
    except LookupError as error:
        raise ImportError(f"NLTK's tagger has no model on this machine: {error}\n{INSTALL_HINT}") from error
