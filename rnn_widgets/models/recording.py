"""Recording: every signal of every layer at every token, and what the network expected."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from itertools import chain
from math import isfinite
from pathlib import Path

from rnn_widgets.activations import Activations, Layout, Parts, SignalKey
from rnn_widgets.models.arguments import check_model
from rnn_widgets.models.borders import SHORTEST, Border, cut, mend
from rnn_widgets.models.filling import Filling
from rnn_widgets.models.lanes import Piece, pieces
from rnn_widgets.models.progress import Counted, counted_progress
from rnn_widgets.models.reader import Reader, Shown
from rnn_widgets.models.reading import PIECE
from rnn_widgets.models.text_network import TextNetwork
from rnn_widgets.text import Text

_PREDICTIONS = 5


def record(
    model: TextNetwork,
    text: Text | str | Sequence[Text | str],
    *,
    signals: Sequence[str] | None = None,
    layers: Sequence[int] | int | None = None,
    predictions: int | None = None,
    approximate: bool = False,
    tolerance: float = 1e-5,
    file: str | Path | None = None,
    devices: int | None = None,
    piece: int = PIECE,
    progress: bool | None = None,
) -> Activations:
    """Lets the model read a text and records it.

    The state is zero before each document. Documents are read side by side, each token by token: on a CPU, a document's
    numbers are the same to the last bit whether it is recorded alone or with others, on one device or several,
    and whatever `piece` is.

    Args:
        model: the network that reads.
        text: a Text, a str, or a list of them, each a document or more. A Text is never tokenised again. A token that
            the vocabulary does not hold is read as `<unk>`, and keeps its form in the recording.
        signals: names of the signals to keep; all of the model's by default.
        layers: numbers of the layers to keep, negative ones counted from the last; all by default.
        predictions: how many of the likeliest next tokens to keep, `<unk>` can be among them; by default 5, or
            the whole vocabulary where it is smaller. 0 keeps none.
        approximate: whether a long document may be cut into stretches that are read side by side, each from a state of
            zero, which is several times as fast. Every stretch is then read again from the state that the one before
            it ended with, until the numbers of 128 tokens lie within the tolerance; `errors` of the recording tells
            the largest difference that was left in these, of each signal. An LSTM's cell state forgets
            far more slowly than what follows from it: it is left out unless `signals` names it, and
            then read again as far as it differs, which may be to the document's end.
        tolerance: the difference that `approximate` leaves, for numbers larger than 1 times their size.
        file: where to write the recording, which is then looked at where it lies, as by `Activations.load(file,
            mapped=True)`: for recordings that are larger than the memory. There is no file of this name before, and
            none is left if recording is interrupted.
        devices: how many devices to part the documents among; by default all local ones that would have work.
        piece: tokens read at once, at most 128, with the state carried on; the result does not depend on it.
        progress: whether to show a progress bar; by default for long texts, on a terminal or in a notebook.

    Returns:
        Activations with surprisal and predictions. The surprisal of an unknown token is that of `<unk>`.

    Raises:
        FileExistsError: if there is a file of this name.
        FileNotFoundError: if its folder is not there.
        OSError: if there is no room for it.
        TypeError: if it is no model.
        ValueError: if the text is empty, or a signal or layer is unknown, or a number is out of range.
    """
    check_model(model)
    text = model.as_text(text)
    keys = _wanted_keys(model, signals, layers, approximate)
    if not 1 <= piece <= PIECE:
        raise ValueError(f"piece is a number of tokens from 1 to {PIECE}, got {piece!r}.")
    if not (isfinite(tolerance) and tolerance > 0):
        raise ValueError(f"tolerance is a finite number above 0, got {tolerance!r}.")
    size = model.architecture.vocabulary
    count = min(_PREDICTIONS, size) if predictions is None else predictions
    if not 0 <= count <= size:
        raise ValueError(f"predictions is a number of tokens from 0 to the vocabulary's {size}, got {predictions!r}.")
    layout = Layout(
        text,
        dict.fromkeys(keys, model.architecture.hidden),
        model.network,
        predictions=count,
        vocabulary=model.vocabulary.tokens,
        errors=approximate,
    )
    reader = Reader(model, count, len(text) // SHORTEST if approximate else len(text.documents), devices)
    arrays = nullcontext(layout.in_memory()) if file is None else layout.in_file(file)
    with arrays as parts, counted_progress("recording", len(text), progress) as advance:
        _fill(model, reader, text, parts, tolerance if approximate else None, piece, advance)
    return Activations.of(layout, parts) if file is None else Activations.load(file, mapped=True)


def _fill(
    model: TextNetwork,
    reader: Reader,
    text: Text,
    parts: Parts,
    tolerance: float | None,
    length: int,
    advance: Counted,
) -> None:
    """Reads the text into the arrays; in stretches if there is a tolerance for how they fit together."""
    numbers = model.vocabulary.encode(text.tokens)
    documents = text.slices()
    stretches = [[document] for document in documents] if tolerance is None else cut(documents, reader.lanes)
    stops = {stretch.start: parted[-1].stop for parted in stretches for stretch in parted[1:]}
    filling = Filling(parts)
    borders: list[Border] = []

    def take(reading: Piece, shown: Shown) -> None:
        for run in reading.runs:
            filling.write(run, shown)
            advance(run.tokens)
            end = run.start + run.tokens
            if end in stops:
                borders.append(Border(end, stops[end], shown.state(model.module.cell.states, run)))

    state, waiting = reader.begun(), None
    for reading in pieces(numbers, list(chain.from_iterable(stretches)), reader.lanes, length):
        state, shown = reader.read(state, reading)
        # what the piece before showed is copied while this one is read
        if waiting is not None:
            take(*waiting)
        waiting = reading, shown
    if waiting is not None:
        take(*waiting)
    if borders:
        advance.say("checking borders")
    errors = None if tolerance is None else mend(reader, numbers, filling, borders, tolerance)
    filling.finish(text.documents, errors)


def _wanted_keys(
    model: TextNetwork, signals: Sequence[str] | None, layers: Sequence[int] | int | None, approximate: bool
) -> list[SignalKey]:
    """The signals to keep, layer by layer."""
    if signals is None:
        slow = model.module.cell.states[1:] if approximate else ()
        chosen = tuple(signal for signal in model.signals if signal not in slow)
    else:
        chosen = (signals,) if isinstance(signals, str) else tuple(signals)
    unknown = [signal for signal in chosen if signal not in model.signals]
    if unknown or not chosen:
        named = f"no signal {unknown[0]!r}" if unknown else "to record at least one signal"
        raise ValueError(f"This model has {named}. Its signals are: {', '.join(model.signals)}.")
    there = range(model.architecture.layers)
    wanted = list(there) if layers is None else [layers] if isinstance(layers, int) else list(layers)
    if not wanted or not all(layer in there or layer + len(there) in there for layer in wanted):
        raise ValueError(f"This model has the layers {list(there)}, got layers={layers!r}.")
    return [(signal, layer) for layer in sorted({layer % len(there) for layer in wanted}) for signal in chosen]
