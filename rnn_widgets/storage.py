"""One file of named arrays and a head of plain data: safetensors, so that reading one executes nothing."""

from __future__ import annotations

import json
import mmap
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import prod
from pathlib import Path
from struct import Struct
from typing import Any, BinaryIO, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

Arrays: TypeAlias = dict[str, NDArray[Any]]

_HEAD = "head"
_METADATA = "__metadata__"
_LENGTH = Struct("<Q")
_ALIGNMENT = 64
_BLOCK = 2**24
_DTYPES = {"F64": np.float64, "F32": np.float32, "I64": np.int64, "I32": np.int32, "U8": np.uint8}
_NAMES = {np.dtype(dtype): name for name, dtype in _DTYPES.items()}


def write(path: str | Path, kind: str, head: Mapping[str, object], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes the arrays and the head, which JSON can hold, as a file of this kind.

    Raises:
        OSError: if the file cannot be written.
    """
    tensors = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    tensors[_HEAD] = np.frombuffer(_encoded(head), np.uint8)
    try:
        save_file(tensors, path, metadata={"format": kind})
    except SafetensorError as error:
        raise OSError(f"Cannot write {path}: {error}") from error


def read(path: str | Path, kind: str, mapped: bool = False) -> tuple[dict[str, Any], Arrays]:
    """The head and the arrays of a file that `write` wrote, or that was made by `new_file`.

    Args:
        path: the file.
        kind: what it must be.
        mapped: whether the arrays stay in the file, read-only, and come into memory where they are read.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is not a file of this kind, or damaged.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}{': it is a folder' if path.is_dir() else ''}.")
    try:
        with safe_open(path, framework="numpy") as file:
            found = (file.metadata() or {}).get("format")
            arrays = _mapped(path) if mapped else {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise ValueError(f"{path} is not a safetensors file: {error}") from error
    if found != kind or _HEAD not in arrays:
        raise ValueError(f"{path} is a safetensors file of another format: expected {kind!r}, got {found!r}.")
    try:
        return json.loads(arrays.pop(_HEAD).tobytes().decode("utf-8", "surrogatepass")), arrays
    except ValueError as error:
        raise ValueError(f"{path} is damaged: {error}") from error


@contextmanager
def new_file(
    path: str | Path, kind: str, head: Mapping[str, object], arrays: Mapping[str, tuple[DTypeLike, tuple[int, ...]]]
) -> Iterator[Arrays]:
    """Makes a file of this kind, to be filled in: yields its arrays, which are the file itself, mapped into memory.

    The file has its name, and is whole on disk, once the block has ended; if it ends with an error there is none.

    Args:
        path: where no file is yet.
        kind: as `read` will ask for it.
        head: what JSON can hold.
        arrays: dtype and shape of each, by name.

    Raises:
        FileExistsError: if there is something at this path, at the start or at the end.
        FileNotFoundError: if its folder is not there.
        OSError: if there is no room for the file, or it cannot be written.
    """
    path, encoded = Path(path), _encoded(head)
    if os.path.lexists(path):
        raise FileExistsError(f"There is a file {path} already, and it is not overwritten: give another name.")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"There is no folder {path.parent}: make it first, or give another path.")
    begun, size = _beginning(kind, {**arrays, _HEAD: (np.uint8, (len(encoded),))})
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}.unfinished")
    try:
        with unfinished.open("x+b") as file:
            # a hole in a mapped file for which there is no room later would end the whole process
            _reserve(file, size)
            file.seek(0)
            file.write(begun)
            file.flush()
            mapping = mmap.mmap(file.fileno(), size)
            views = _views(mapping)
            views.pop(_HEAD)[:] = np.frombuffer(encoded, np.uint8)
            yield views
            mapping.flush()
            os.fsync(file.fileno())
        _give_name(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def _encoded(head: Mapping[str, object]) -> bytes:
    # Tokens may hold lone surrogates, which JSON's own escapes would join to pairs and plain UTF-8 refuses.
    return json.dumps(head, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _beginning(kind: str, arrays: Mapping[str, tuple[DTypeLike, tuple[int, ...]]]) -> tuple[bytes, int]:
    """What stands before the arrays' bytes, and the size of the whole file. The widest numbers come first."""
    table: dict[str, object] = {_METADATA: {"format": kind}}
    at = 0
    for name, (dtype, shape) in sorted(arrays.items(), key=lambda item: -np.dtype(item[1][0]).itemsize):
        end = at + np.dtype(dtype).itemsize * prod(shape)
        table[name] = {"dtype": _NAMES[np.dtype(dtype)], "shape": shape, "data_offsets": (at, end)}
        at = end
    text = json.dumps(table).encode()
    text += b" " * (-(_LENGTH.size + len(text)) % _ALIGNMENT)
    return _LENGTH.pack(len(text)) + text, _LENGTH.size + len(text) + at


def _views(mapping: mmap.mmap) -> Arrays:
    """The arrays of a whole file that is mapped into memory."""
    (length,) = _LENGTH.unpack_from(mapping)
    start = _LENGTH.size + length
    table = json.loads(mapping[_LENGTH.size : start])
    table.pop(_METADATA, None)
    views = {}
    for name, entry in table.items():
        dtype, shape = _DTYPES.get(entry["dtype"]), tuple(entry["shape"])
        if dtype is None:
            raise ValueError(f"it holds numbers of the kind {entry['dtype']}")
        views[name] = np.frombuffer(mapping, dtype, prod(shape), start + entry["data_offsets"][0]).reshape(shape)
    return views


def _mapped(path: Path) -> Arrays:
    """The arrays of a file whose beginning has been checked, read-only."""
    with path.open("rb") as file:
        return _views(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _reserve(file: BinaryIO, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)
        return
    for at in range(0, size, _BLOCK):
        file.write(bytes(min(_BLOCK, size - at)))


def _give_name(unfinished: Path, path: Path) -> None:
    """Gives a finished file its name, unless there is something of that name by now."""
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        raise
    except OSError:
        # not every file system has hard links
        if os.path.lexists(path):
            raise FileExistsError(f"A file {path} has been made meanwhile, and it is not overwritten.") from None
        unfinished.rename(path)
