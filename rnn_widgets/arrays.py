"""Arrays that a user gives: checked once, copied, and from then on read-only."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float32]
SignalKey: TypeAlias = tuple[str, int]
Number = TypeVar("Number", np.float32, np.int32)


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


def frozen(array: NDArray[Any], dtype: type[Number]) -> NDArray[Number]:
    """A read-only copy; the array itself where it is one already, so that nobody else can write to it."""
    if array.dtype == dtype and array.base is None and array.flags.c_contiguous and not array.flags.writeable:
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
    bad = ~np.isfinite(values)
    if bad.any():
        token, neuron = np.argwhere(bad)[0]
        raise ValueError(
            f"{name} has {int(bad.sum())} values that are not finite (NaN, infinite, or too large for float32), the "
            f"first at token {token}, neuron {neuron}. Leave those tokens or neurons out, or replace the values."
        )
    return values


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
