"""The lines of a report: header, one block of text a neuron, tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style

from rnn_widgets.activations import Activations
from rnn_widgets.terminal.colours import Scale, scale_of
from rnn_widgets.terminal.output import Target
from rnn_widgets.terminal.proposal import Proposal
from rnn_widgets.terminal.tables import Cell, Table, beside
from rnn_widgets.terminal.visible import Glyph, Run, cells, glyphs, wrap

Line = list[Segment]

_INDENT = 2
_LABEL = 9
_BAR = 48
_STRONG = Style(bold=True)
_QUIET = Style(dim=True)
_FEW = 5


def report(acts: Activations, proposals: Sequence[Proposal], target: Target) -> list[Line]:
    """The whole report as lines of at most `target.width` cells, one part for each proposal."""
    parts = [list(_Part(acts, proposal, target).lines()) for proposal in proposals]
    lines = parts[0]
    for part in parts[1:]:
        lines += [[], [], *part]
    return lines


@dataclass(frozen=True)
class _Part:
    acts: Activations
    proposal: Proposal
    target: Target

    def lines(self) -> Iterator[Line]:
        yield from self._header()
        if self.target.palette is None and self._underlined.any():
            yield from self._text_with_feature()
        for number, window in enumerate(self.proposal.windows):
            if number:
                yield []
                yield [self._dashes()]
            for neuron in window:
                yield []
                yield from self._block(neuron)
        yield []
        yield [Segment(self._sign("─", "-") * self.target.width, _QUIET)]
        yield []
        yield from self._tables()

    @cached_property
    def _scale(self) -> Scale:
        layer = self.acts[self.proposal.signal, self.proposal.layer]
        return scale_of(self.proposal.signal, layer, layer[:, self.proposal.shown])

    @cached_property
    def _underlined(self) -> NDArray[np.bool_]:
        """The feature's tokens; none where it has all of them, since that tells nothing apart."""
        mask = self.proposal.mask
        return np.zeros(len(self.acts), bool) if mask is None or mask.all() else mask

    @cached_property
    def _documents(self) -> list[list[list[Run[int | None]]]]:
        """The laid out lines of each document; every neuron is shown on the same ones."""
        text, width = self.acts.text, self.target.width - _INDENT
        joiner = glyphs(text.joiner, self.target.can_show) if text.joiner else ()
        documents: list[list[list[Run[int | None]]]] = []
        for part in text.slices():
            stream: list[tuple[int | None, Glyph]] = []
            for token in range(part.start, part.stop):
                if token > part.start:
                    stream += [(None, glyph) for glyph in joiner]
                stream += [(token, glyph) for glyph in glyphs(text.tokens[token], self.target.can_show)]
            documents.append(wrap(stream, width))
        return documents

    def _header(self) -> Iterator[Line]:
        proposal, dot = self.proposal, self._sign("·", "|")
        neurons = self.acts.neurons(proposal.signal, proposal.layer)
        tokens, documents = len(self.acts), len(self.acts.text.documents)
        yield from self._labelled("signal", f"{proposal.signal} {dot} layer {proposal.layer} {dot} {neurons} neurons")
        several = f" in {documents} documents" if documents > 1 else ""
        if proposal.relevance is not None:
            matches = proposal.relevance.matches
            how = "" if not self._underlined.any() else ", underlined" if self.target.palette else ", marked ^ below"
            yield from self._labelled(
                "feature", f"{proposal.relevance.feature} {dot} {matches} of {tokens} tokens{several}{how}"
            )
        else:
            yield from self._labelled("text", f"{tokens} tokens{several}")
        yield from self._scale_lines()
        if proposal.reason:
            yield from self._labelled("note", proposal.reason)
        yield [Segment(self._sign("─", "-") * self.target.width, _QUIET)]

    def _scale_lines(self) -> Iterator[Line]:
        scale, palette = self._scale, self.target.palette
        low, high = f"{scale.low:.3g}", f"{scale.high:.3g}"
        if palette is None:
            yield from self._labelled("scale", f"{low} to {high}")
            yield from self._labelled(
                "marks",
                f"each token's digit is its strength in tenths of {high}: 1 to 9, none below half a tenth; "
                + ("above the text (+) positive, below it (-) negative" if scale.two_sided else "above the text (+)"),
            )
            return
        indent = _LABEL if self.target.width >= 40 else 0
        if not indent:
            yield [Segment("scale", _QUIET)]
        bar = min(_BAR, self.target.width - indent - len(low) - len(high) - 2) | 1
        bar -= 2 * (bar + indent + len(low) + len(high) + 2 > self.target.width)
        strengths = np.linspace(-1 if scale.two_sided else 0, 1, bar)
        middle = bar // 2 if scale.two_sided else -1
        line = [Segment("scale".ljust(indent), _QUIET)] if indent else []
        line.append(Segment(f"{low} "))
        for place, strength in enumerate(strengths):
            line.append(Segment("0" if place == middle else " ", palette.style(float(strength))))
        yield [*line, Segment(f" {high}")]

    def _text_with_feature(self) -> Iterator[Line]:
        yield []
        yield [Segment("Text", _STRONG)]
        for runs in self._separated():
            yield [Segment(" " * _INDENT), *(Segment(run.shown) for run in runs)]
            marks = "".join(("^" if self._has_feature(run) else " ") * run.cells for run in runs).rstrip()
            if marks:
                yield [Segment("^ " + marks)]

    def _block(self, neuron: int) -> Iterator[Line]:
        yield from self._heading(neuron)
        strengths = self._scale.strength(self.acts[self.proposal.signal, self.proposal.layer][:, neuron])
        for runs in self._separated():
            if self.target.palette is None:
                yield from self._marked(runs, strengths)
            else:
                yield [Segment(" " * _INDENT), *(self._coloured(run, float(strengths[run.owner or 0])) for run in runs)]

    def _heading(self, neuron: int) -> Iterator[Line]:
        proposal, parts = self.proposal, [f"Neuron {neuron}"]
        if proposal.relevance is not None:
            parts.append(f"relevance {proposal.relevance.scores[neuron]:.2f}")
        if neuron in proposal.proposed:
            if proposal.reason:
                parts += [
                    f"amplitude {peak.amplitude:.3g} at {peak.frequency:.3g} cycles per token"
                    for peak in proposal.peaks
                    if peak.neuron == neuron
                ]
            parts.append("proposed")
        style = _STRONG if neuron in proposal.proposed or not proposal.proposed else None
        yield from self._prose(self._sign(" · ", " | ").join(parts), self.target.width, style)

    def _separated(self) -> Iterator[list[Run[int | None]]]:
        """The lines of all documents, each of several headed by its number."""
        for number, lines in enumerate(self._documents):
            if len(self._documents) > 1:
                dashes = self._sign("┄", "-") * 2
                label = f"{dashes} document {number + 1} {dashes}"
                yield [Run(None, label, cells(label))]
            yield from lines

    def _coloured(self, run: Run[int | None], strength: float) -> Segment:
        if run.owner is None or self.target.palette is None:
            return Segment(run.shown, _QUIET)
        return Segment(run.shown, self.target.palette.style(strength, underline=self._has_feature(run)))

    def _marked(self, runs: list[Run[int | None]], strengths: NDArray[np.float64]) -> Iterator[Line]:
        tenths = [0 if run.owner is None else round(10 * strengths[run.owner]) for run in runs]
        for sign in (1, 0, -1):
            if sign == 0:
                yield [Segment(" " * _INDENT), *(Segment(run.shown) for run in runs)]
                continue
            marks = "".join(
                str(min(9, sign * tenth)).ljust(run.cells, self._sign("·", "."))
                if sign * tenth > 0
                else " " * run.cells
                for run, tenth in zip(runs, tenths, strict=True)
            ).rstrip()
            if marks:
                yield [Segment(f"{'+' if sign > 0 else '-'} {marks}")]

    def _tables(self) -> Iterator[Line]:
        made = [table for table in (self._relevance_table(), self._frequency_table()) if table]
        yield from beside(made, self.target)

    def _relevance_table(self) -> Table | None:
        scored, mask = self.proposal.relevance, self.proposal.mask
        if scored is None or mask is None:
            return None
        layer = self.acts[self.proposal.signal, self.proposal.layer]
        wanted = {*scored.top(max(_FEW, len(self.proposal.proposed))), *self.proposal.shown}
        rows = []
        for neuron in sorted(wanted, key=lambda neuron: (-scored.scores[neuron], neuron)):
            style = _STRONG if neuron in self.proposal.proposed else None
            means = [self._mean_cell(layer[part, neuron]) for part in (mask, ~mask)]
            rows.append([Cell(str(neuron), style), Cell(f"{scored.scores[neuron]:.3f}", style), *means])
        title = f"Relevance for {scored.feature} and mean activation"
        return Table(title, ("neuron", "relevance", "at feature", "elsewhere"), rows)

    def _mean_cell(self, activations: NDArray[np.float32]) -> Cell:
        if not len(activations):
            return Cell("none")
        mean = activations.mean(dtype=np.float64)
        palette = self.target.palette
        style = palette.style(float(self._scale.strength(mean))) if palette else None
        return Cell(f"{mean:+.3f}" if self._scale.two_sided else f"{mean:.3f}", style)

    def _frequency_table(self) -> Table | None:
        if not self.proposal.peaks:
            return None
        rows = []
        for neuron, frequency, period, amplitude in self.proposal.peaks:
            style = _STRONG if neuron in self.proposal.proposed else None
            numbers = (
                str(neuron),
                f"{frequency:.4f}",
                f"{period:.2f}",
                f"{amplitude:#.3g}" if amplitude < 100 else f"{amplitude:.0f}",
            )
            rows.append([Cell(number, style) for number in numbers])
        title = "Strongest frequencies (cycles per token)"
        return Table(title, ("neuron", "frequency", "period", "amplitude"), rows)

    def _has_feature(self, run: Run[int | None]) -> bool:
        return run.owner is not None and bool(self._underlined[run.owner])

    def _labelled(self, label: str, prose: str) -> Iterator[Line]:
        indent = _LABEL if self.target.width >= 40 else 0
        if not indent:
            yield [Segment(label, _QUIET)]
        for number, line in enumerate(self._prose(prose, self.target.width - indent, None)):
            yield [Segment((label if number == 0 else "").ljust(indent), _QUIET), *line] if indent else line

    def _prose(self, prose: str, width: int, style: Style | None) -> Iterator[Line]:
        for runs in wrap(((None, glyph) for glyph in glyphs(prose, self.target.can_show)), width):
            yield [Segment(run.shown, style) for run in runs]

    def _dashes(self) -> Segment:
        return Segment(self._sign("╌", "-") * self.target.width, _QUIET)

    def _sign(self, best: str, plain: str) -> str:
        return best if all(map(self.target.can_show, best)) else plain
