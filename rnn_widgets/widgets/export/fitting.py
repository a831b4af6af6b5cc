"""Which arrays of its recordings a page holds: what is chosen first, then everything else as far as it fits."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import ipywidgets

from rnn_widgets.activations import SignalKey
from rnn_widgets.widgets.encoding import ITEM_BYTES
from rnn_widgets.widgets.export.state import PageState, Path, packed
from rnn_widgets.widgets.recording import Recording
from rnn_widgets.widgets.selection import Selection
from rnn_widgets.widgets.view import View

BASE64 = 4 / 3
PROPOSED = 4
SPECTRA_AT_ONCE = 128
"""As many neurons as the browser asks for at once."""


@dataclass(frozen=True)
class Wanted:
    """Arrays that are only of use together, and what a reader misses without them.

    Attributes:
        recording: whose arrays they are.
        arrays: names of whole arrays.
        parts: names of parts of a large one.
        told: what they are; of a neuron's, what follows its number.
        neuron: whose values they are, or None for a whole signal's.
        needed: whether the page is of no use without them.
        chosen: whether they belong to what is chosen.
    """

    recording: Recording
    arrays: tuple[str, ...]
    parts: tuple[str, ...]
    told: str
    neuron: int | None = None
    needed: bool = False
    chosen: bool = True

    @cached_property
    def contents(self) -> list[tuple[Path, object]]:
        """Place and value of each in the recording's state."""
        whole: list[tuple[Path, object]] = [((name,), self.recording.encoded(name)) for name in self.arrays]
        return whole + [(("fetched", name), self.recording.part(name)) for name in self.parts]

    @cached_property
    def size(self) -> int:
        """Bytes that they take in a page."""
        return sum(_size(_as_bytes(value)) for _, value in self.contents)


def fit(state: PageState, widgets: list[ipywidgets.Widget], most: int | None, taken: int) -> list[str]:
    """Puts the arrays of all recordings into the state of a page, and says what it had to leave out.

    Args:
        state: of a page; changed in place.
        widgets: those of the page.
        most: bytes of the page; None for all that the chosen signals need, and nothing else.
        taken: bytes of the page without arrays.

    Raises:
        ValueError: if not even the chosen signal fits.
    """
    wanted = [want for recording in _recordings(widgets) for want in _wanted(recording, widgets)]
    if most is None:
        for want in wanted:
            if want.chosen:
                _put(state, want)
        return []
    for want in wanted:
        _take_out(state, want)
    taken += sum(_size(value) for value, _ in state.arrays.values())
    least = taken + sum(want.size for want in wanted if want.needed)
    room = most - taken
    left_out: dict[str, list[int]] = {}
    for want in sorted(wanted, key=lambda want: not want.needed):
        if want.size > room:
            if want.needed:
                raise ValueError(
                    f"{want.told[0].upper()}{want.told[1:]} do not fit: with what it cannot do without the page has "
                    f"{least:,} bytes, and max_size is {int(most):,}. Give a larger max_size, or record fewer tokens."
                )
            left_out.setdefault(want.told, []).extend(() if want.neuron is None else (want.neuron,))
            continue
        room -= want.size
        _put(state, want)
    return [_in_words(told, neurons) for told, neurons in left_out.items()]


def _in_words(told: str, neurons: list[int]) -> str:
    listed = ", ".join(map(str, sorted(neurons)))
    return f"neuron{'s' if len(neurons) > 1 else ''} {listed} {told}" if neurons else told


def _put(state: PageState, want: Wanted) -> None:
    model = want.recording.model_id
    for path, value in want.contents:
        if isinstance(value, bytes):
            state.put_array(model, path, value, _item(value))
        else:
            state.models[model]["state"][path[0]] = value


def _take_out(state: PageState, want: Wanted) -> None:
    """What a page asked for before would be in its state already, whether it fits or not."""
    model = want.recording.model_id
    for name in want.arrays:
        if (model, (name,)) in state.arrays:
            state.put_array(model, (name,), b"")
    for name in want.parts:
        state.arrays.pop((model, ("fetched", name)), None)


def _size(value: bytes) -> int:
    """Bytes that an array takes in a page."""
    return round(BASE64 * len(zlib.compress(value, 6)))


def _recordings(widgets: list[ipywidgets.Widget]) -> list[Recording]:
    return [widget for widget in widgets if isinstance(widget, Recording)]


def _wanted(recording: Recording, widgets: list[ipywidgets.Widget]) -> Iterator[Wanted]:
    views = [widget for widget in widgets if isinstance(widget, View) and widget.recording is recording]
    selections = list({view.selection.model_id: view.selection for view in views}.values())
    chosen = [recording.acts.key(selection.signal, selection.layer) for selection in selections]
    others = [key for key in recording.acts if key not in chosen]
    offered = recording.offers
    for key in dict.fromkeys(chosen):
        suffix = _suffix(key)
        first = [f"{kind}_{suffix}" for kind in ("values", "overview", "means", "relevance")]
        needed = ("masks", *(name for name in first if name in offered))
        yield Wanted(recording, needed, (), f"activations of {_told(key)}", needed=True)
        if f"spectrum_{suffix}" in offered:
            yield Wanted(recording, (f"spectrum_{suffix}",), (), f"spectra of {_told(key)}")
        else:
            for neuron in _neurons(recording, key, selections):
                parts = tuple(_name(kind, *key, neuron) for kind in ("row", "amplitudes"))
                yield Wanted(recording, (), parts, f"of {_told(key)}, token by token", neuron=neuron)
            yield _spectra(recording, key)
        yield Wanted(recording, (f"clusters_{suffix}",), (), f"the order by cluster of {_told(key)}")
    for name in ("surprisal", "predictions"):
        if name in offered:
            yield Wanted(recording, (name,), (), name)
    for key in others:
        arrays = tuple(name for name in offered if name.endswith(f"_{_suffix(key)}"))
        yield Wanted(recording, arrays, (), _told(key), chosen=False)


def _neurons(recording: Recording, key: SignalKey, selections: list[Selection]) -> list[int]:
    """Neurons of which a large recording's page holds each value: selected, pinned, proposed, then their neighbours."""
    found: list[int] = []
    for selection in selections:
        if recording.acts.key(selection.signal, selection.layer) == key:
            found += [*([] if selection.neuron is None else [selection.neuron]), *selection.neurons]
    for name in recording.feature_names:
        found += recording.relevance(name, *key).top(PROPOSED)
    found += [neuron + step for neuron in found for step in (-1, 1)]
    neurons = recording.acts.neurons(*key)
    return [neuron for neuron in dict.fromkeys(found) if 0 <= neuron < neurons]


def _spectra(recording: Recording, key: SignalKey) -> Wanted:
    neurons = recording.acts.neurons(*key)
    starts = range(0, neurons, SPECTRA_AT_ONCE)
    parts = (_name("spectra", *key, first, min(neurons, first + SPECTRA_AT_ONCE)) for first in starts)
    return Wanted(recording, (), tuple(parts), f"spectra of {_told(key)}")


def _name(*parts: str | int) -> str:
    """A part's name as the browser writes it."""
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def _suffix(key: SignalKey) -> str:
    return f"{key[0]}_{key[1]}"


def _told(key: SignalKey) -> str:
    return f"{key[0].replace('_', ' ')}, layer {key[1]}"


def _item(value: bytes) -> int:
    """Bytes of an item of an array written by `encode`; its header is as long as four items at least."""
    return ITEM_BYTES[value[0]] if value else 1


def _as_bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return packed(value, _item(value)) if len(value) % _item(value) == 0 else value
    return json.dumps(value).encode()
