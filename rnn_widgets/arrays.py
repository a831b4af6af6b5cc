"""Arrays that a user gives: checked once, copied, and from then on read-only."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float32]
Doubles: TypeAlias = NDArray[np.float64]
SignalKey: TypeAlias = tuple[str, int]
Neurons: TypeAlias = int | slice | Iterable[int | slice]
"""Neurons of a layer as a user names them: see `neuron_numbers`."""

Number = TypeVar("Number", np.float32, np.int32)

_BLOCK = 2**20
"""Numbers that are looked at together: few enough to stay in the processor's cache."""


def signal_key(key: object) -> SignalKey:
    """(signal, layer) of the key of a user's mapping: a signal's name, which means layer 0, or the pair.

    Raises:
        ValueError: if it is neither.
    """
    signal, layer = key if isinstance(key, tuple) and len(key) == 2 else (key, 0)
    whole = isinstance(layer, (int, np.integer)) and not isinstance(layer, bool) and layer >= 0
    if isinstance(signal, str) and signal and signal.isprintable() and whole:
        return signal, int(layer)
    raise ValueError(f"A key of values is a signal's name or (signal, layer) with a layer from 0, got {key!r}.")


def neuron_number(neuron: object, total: int) -> int:
    """The number of one of a layer's neurons; a table's 2.0 is 2.

    Raises:
        TypeError: if it is no whole number.
        ValueError: if there is no such neuron.
    """
    real = (int, float, np.integer, np.floating)
    if isinstance(neuron, bool) or not isinstance(neuron, real) or neuron % 1 != 0:
        raise TypeError(f"A neuron is a number from 0 to {total - 1}, got {neuron!r}.")
    number = int(neuron)
    if not 0 <= number < total:
        raise ValueError(f"There is no neuron {number}: the layer has {total} neurons, numbered 0..{total - 1}.")
    return number


def neuron_numbers(neurons: Neurons | None, total: int) -> NDArray[np.int64]:
    """The numbers of the neurons asked for, each once, in the order asked.

    Args:
        neurons: a number or a slice, several of them, or bool (total,), true for those that are meant; None means all.
        total: how many there are.

    Raises:
        TypeError: if it is none of these.
        ValueError: if there is no such neuron, or none is asked for.
    """
    chosen: list[int] = []
    if isinstance(neurons, np.ndarray) and neurons.dtype == np.bool_:
        if neurons.shape != (total,):
            raise ValueError(f"A mask of neurons has the shape ({total},) of the layer, got {neurons.shape}.")
        chosen = np.flatnonzero(neurons).tolist()
    elif isinstance(neurons, Iterable) and not isinstance(neurons, str):
        for part in neurons:
            chosen += range(total)[part] if isinstance(part, slice) else [neuron_number(part, total)]
    else:
        return neuron_numbers([slice(None) if neurons is None else neurons], total)
    if not chosen:
        raise ValueError(f"neurons names none of the layer's {total} neurons, which are numbered 0..{total - 1}.")
    return np.array(list(dict.fromkeys(chosen)), np.int64)


def freeze(result: object) -> None:
    """Makes the arrays that are attributes of a result read-only: it is as frozen as its dataclass then."""
    for value in vars(result).values():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False


def frozen(array: NDArray[Any], dtype: type[Number]) -> NDArray[Number]:
    """A read-only copy; the array itself where it is one already, or a file that nobody can write to through it."""
    mapping = _mapping(array)
    unchanging = not array.flags.writeable and (
        array.base is None or (mapping is not None and memoryview(mapping).readonly)
    )
    if array.dtype == dtype and unchanging and array.flags.c_contiguous:
        return array
    with np.errstate(over="ignore"):
        copied = np.array(array, dtype, order="C")
    copied.flags.writeable = False
    return copied


def checked_activations(key: SignalKey, given: ArrayLike, tokens: int) -> Floats:
    """The activations of one signal and layer as read-only float32 (T, H).

    Raises:
        ValueError: if they are not real numbers of the shape (tokens, at least one neuron), finite in float32.
    """
    name = f"values[{key[0]!r}, {key[1]}]"
    array = _reals(name, given)
    if array.ndim != 2 or array.shape[0] != tokens or array.shape[1] == 0:
        turned = " It looks transposed: give values.T." if array.ndim == 2 and array.shape[1] == tokens else ""
        raise ValueError(f"{name} must have the shape ({tokens} tokens, neurons), got {array.shape}.{turned}")
    values = frozen(array, np.float32)
    if not all(_finite(block) for _, block in blocks(values)):
        raise ValueError(_not_finite(name, values))
    return values


def _finite(block: Floats) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        # what is not finite stays so in a sum, which takes half as long as a look at each number
        return bool(np.isfinite(block.sum()) or np.isfinite(block).all())


def _not_finite(name: str, values: Floats) -> str:
    first, count = "", 0
    for start, block in blocks(values):
        bad = ~np.isfinite(block)
        count += int(bad.sum())
        if bad.any() and not first:
            token, neuron = np.argwhere(bad)[0]
            first = f"the first at token {start + token}, neuron {neuron}"
    return (
        f"{name} has {count} values that are not finite (NaN, infinite, or too large for float32), {first}. "
        "Leave those tokens or neurons out, or replace the values."
    )


def blocks(array: NDArray[Number]) -> Iterator[tuple[int, NDArray[Number]]]:
    """An array part by part, with the first index of each; what is mapped from a file leaves the memory after it."""
    rows = max(1, _BLOCK // max(1, array[:1].size))
    for start in range(0, len(array), rows):
        yield start, array[start : start + rows]
        release(array)


def release(array: NDArray[Any]) -> None:
    """Lets go of the memory that holds what was read of a mapped file, or written to it; the file keeps all of it."""
    mapping = _mapping(array)
    if mapping is not None and hasattr(mmap, "MADV_DONTNEED"):
        mapping.madvise(mmap.MADV_DONTNEED)


def _mapping(array: NDArray[Any]) -> mmap.mmap | None:
    """The mapped file that an array is a view of."""
    base: object = array
    while isinstance(base, np.ndarray):
        base = base.base
    base = base.obj if isinstance(base, memoryview) else base
    return base if isinstance(base, mmap.mmap) else None


def checked_surprisal(given: ArrayLike, tokens: int) -> Floats:
    """Bits of each token as read-only float32 (T,); NaN where there is none.

    Raises:
        ValueError: if they are not real numbers of the shape (tokens,), or one is infinite.
    """
    surprisal = frozen(_reals("surprisal", given), np.float32)
    if surprisal.shape != (tokens,):
        raise ValueError(f"surprisal must have the shape ({tokens},), one value a token, got {surprisal.shape}.")
    if np.isinf(surprisal).any():
        token = int(np.isinf(surprisal).argmax())
        raise ValueError(f"surprisal is infinite at token {token}. Give NaN where there is none.")
    return surprisal


def _reals(name: str, given: ArrayLike) -> NDArray[Any]:
    try:
        array = np.asarray(given)
    except ValueError as error:
        raise ValueError(f"{name} is not an array: {error}") from error
    # bfloat16 and the other float types that NumPy knows through a package are of kind V, as are records.
    extension = array.dtype.kind == "V" and not issubclass(array.dtype.type, np.void)
    if array.dtype.kind not in "fiub" and not extension:
        raise ValueError(f"{name} must hold real numbers, got dtype {array.dtype}.")
    return array
