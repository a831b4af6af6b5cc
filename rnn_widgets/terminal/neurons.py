"""Which neurons are meant: indices, slices, or text such as 595:599,12."""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import index as as_index
from typing import TypeAlias

from rnn_widgets.activations import neuron_number

Neurons: TypeAlias = str | int | slice | Iterable[int | slice]

_ITEM = re.compile(r"(\d+)|(\d*):(\d*)")


def parse_neurons(spec: Neurons, total: int) -> list[list[int]]:
    """The windows of neurons meant by `spec`: each slice is one window, and so are indices that follow each other.

    Args:
        spec: neuron indices from 0, slices, or a string of both parted by commas, such as "595:599,12". As in Python
            a slice ends before its stop: 595:599 is 595, 596, 597 and 598; "595:" is 595 and all after it.
        total: the number of neurons there are.

    Raises:
        ValueError: if `spec` cannot be read, names no neuron, or one that is not in 0..total-1.
    """
    if isinstance(spec, str):
        items = [_item(part.strip(), spec) for part in spec.split(",")]
    elif isinstance(spec, slice):
        items = [spec]
    else:
        given = spec if isinstance(spec, Iterable) else [spec]
        items = [entry if isinstance(entry, slice) else _index(entry) for entry in given]
    if not items:
        raise ValueError("neurons= names no neuron. Leave it out to have neurons proposed.")
    found: list[list[int]] = []
    for item in items:
        if isinstance(item, slice):
            found.append(_window(item, total))
            continue
        number = neuron_number(item, total)
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def merged(windows: Iterable[list[int]]) -> list[list[int]]:
    """The windows, those that share a neuron made one, each ascending, in the order of their first one."""
    result: list[list[int]] = []
    for window in windows:
        together = set(window)
        place = len(result)
        for position in reversed(range(len(result))):
            if together & set(result[position]):
                together |= set(result.pop(position))
                place = position
        result.insert(place, sorted(together))
    return result


def _item(part: str, spec: str) -> int | slice:
    match = _ITEM.fullmatch(part)
    if match is None:
        raise ValueError(
            f"Cannot read the neurons {spec!r} at {part!r}. Write indices from 0 and intervals start:stop "
            "(stop is not included), parted by commas, such as 595:599,12."
        )
    single, start, stop = match.groups()
    if single is not None:
        return int(single)
    return slice(int(start) if start else None, int(stop) if stop else None)


def _index(entry: object) -> int:
    try:
        if isinstance(entry, bool):
            raise TypeError
        return as_index(entry)  # type: ignore[arg-type]
    except TypeError:
        raise ValueError(f"Neurons are indices or slices, got {entry!r} ({type(entry).__name__}).") from None


def _window(part: slice, total: int) -> list[int]:
    window = list(range(*part.indices(total)))
    shown = f"{'' if part.start is None else part.start}:{'' if part.stop is None else part.stop}"
    if part.stop is not None and part.stop > total:
        raise ValueError(
            f"The interval {shown} goes beyond the last neuron: this layer has the neurons 0..{total - 1}."
        )
    if not window:
        raise ValueError(
            f"The interval {shown} holds no neuron: it ends before its stop, and this layer has the neurons "
            f"0..{total - 1}."
        )
    return window
