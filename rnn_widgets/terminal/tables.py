"""Small tables that fit: beside each other, below each other, or as sentences where the width is too small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.segment import Segment
from rich.style import Style

from rnn_widgets.terminal.output import Target
from rnn_widgets.terminal.visible import cells, glyphs, wrap

_GAP = 2
_BETWEEN = 5
_WIDEST_SPARE = 10


@dataclass(frozen=True)
class Cell:
    """A number or word with its style."""

    shown: str
    style: Style | None = None


@dataclass(frozen=True)
class Table:
    """A title, the heads of the columns, and rows of as many cells. Cells are set to the right."""

    title: str
    heads: tuple[str, ...]
    rows: list[list[Cell]]

    @property
    def widths(self) -> list[int]:
        """Cells of each column."""
        return [max(map(cells, [head, *shown])) for head, *shown in zip(self.heads, *self._shown, strict=True)]

    @property
    def width(self) -> int:
        """Cells of the whole table."""
        return sum(self.widths) + _GAP * (len(self.heads) - 1)

    @property
    def _shown(self) -> list[list[str]]:
        return [[cell.shown for cell in row] for row in self.rows]

    def head_lines(self, target: Target, width: int) -> list[list[Segment]]:
        """The title in at most `width` cells."""
        return _wrapped(self.title, target, width, Style(bold=True))

    def body_lines(self, target: Target, width: int) -> list[list[Segment]]:
        """Heads and rows in at most `width` cells; one sentence a row where the columns do not fit."""
        if self.width > width:
            return [line for row in self.rows for line in self._sentence(row, target, width)]
        heads = [Cell(head, Style(dim=True)) for head in self.heads]
        return [self._row(row) for row in [heads, *self.rows]]

    def _row(self, row: list[Cell]) -> list[Segment]:
        line: list[Segment] = []
        for number, (cell, width) in enumerate(zip(row, self.widths, strict=True)):
            gap = (_GAP if number else 0) + width - cells(cell.shown)
            line += [Segment(" " * gap), Segment(cell.shown, cell.style)]
        return line

    def _sentence(self, row: list[Cell], target: Target, width: int) -> list[list[Segment]]:
        sentence = ", ".join(f"{head} {cell.shown}" for head, cell in zip(self.heads, row, strict=True))
        return _wrapped(sentence, target, width, row[0].style)


def beside(tables: Sequence[Table], target: Target) -> list[list[Segment]]:
    """The tables beside each other where there is room, else below each other."""
    needed = sum(table.width for table in tables) + _BETWEEN * (len(tables) - 1)
    if len(tables) < 2 or needed > target.width:
        lines: list[list[Segment]] = []
        for table in tables:
            lines += [[]] if lines else []
            lines += table.head_lines(target, target.width) + table.body_lines(target, target.width)
        return lines
    spare = min(_WIDEST_SPARE, (target.width - needed) // len(tables))
    widths = [table.width + spare for table in tables]
    heads = [table.head_lines(target, width) for table, width in zip(tables, widths, strict=True)]
    bodies = [table.body_lines(target, width) for table, width in zip(tables, widths, strict=True)]
    lowest = max(map(len, heads))
    columns: list[list[list[Segment]]] = [
        [[]] * (lowest - len(head)) + head + body for head, body in zip(heads, bodies, strict=True)
    ]
    return [_joined(parts, widths) for parts in zip_longest(*columns, fillvalue=[])]


def _joined(parts: Sequence[list[Segment]], widths: Sequence[int]) -> list[Segment]:
    line: list[Segment] = []
    missing = 0
    for part, width in zip(parts, widths, strict=True):
        if part:
            line += [Segment(" " * missing), *part]
            missing = 0
        missing += width + _BETWEEN - sum(cells(segment.text) for segment in part)
    return line


def _wrapped(prose: str, target: Target, width: int, style: Style | None) -> list[list[Segment]]:
    lines = wrap(((None, glyph) for glyph in glyphs(prose, target.can_show)), width)
    return [[Segment(run.shown, style) for run in line] for line in lines]
