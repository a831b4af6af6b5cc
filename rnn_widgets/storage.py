"""One file of named arrays and a head of plain data: safetensors, so that reading one executes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

_HEAD = "head"


def write(path: str | Path, kind: str, head: Mapping[str, object], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes the arrays and the head, which JSON can hold, as a file of this kind.

    Raises:
        OSError: if the file cannot be written.
    """
    # Tokens may hold lone surrogates, which JSON's own escapes would join to pairs and plain UTF-8 refuses.
    encoded = json.dumps(head, ensure_ascii=False).encode("utf-8", "surrogatepass")
    tensors = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    tensors[_HEAD] = np.frombuffer(encoded, np.uint8)
    try:
        save_file(tensors, path, metadata={"format": kind})
    except SafetensorError as error:
        raise OSError(f"Cannot write {path}: {error}") from error


def read(path: str | Path, kind: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The head and the arrays of a file that `write` wrote.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is not a file of this kind, or damaged.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}.")
    try:
        with safe_open(path, framework="numpy") as file:
            found = (file.metadata() or {}).get("format")
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise ValueError(f"{path} is not a safetensors file: {error}") from error
    if found != kind or _HEAD not in arrays:
        raise ValueError(f"{path} is a safetensors file of another format: expected {kind!r}, got {found!r}.")
    try:
        return json.loads(arrays.pop(_HEAD).tobytes().decode("utf-8", "surrogatepass")), arrays
    except ValueError as error:
        raise ValueError(f"{path} is damaged: {error}") from error
