"""Checkpoints: a folder that Orbax manages, from which training goes on.

Each holds arrays and JSON, nothing that could be executed. It is written beside its place and renamed when all of it
is on disk, so a stop in the middle of writing leaves those before. It is written while training goes on.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from numpy.typing import NDArray

from rnn_widgets.models.parameters import Arrays

FORMAT = "rnn_widgets checkpoints 1"

_KEPT = 2
_LONGEST = 200
"""Characters that are shown of what Orbax and TensorStore raise: it may hold whole specifications."""

_UNFINISHED = ".orbax-checkpoint-tmp"


@dataclass(frozen=True)
class Saved:
    """What a checkpoint holds.

    Attributes:
        step: updates of the parameters before it.
        head: what JSON holds.
        arrays: by path.
    """

    step: int
    head: Mapping[str, Any]
    arrays: Arrays


def last_checkpoint(folder: Path) -> Saved | None:
    """The newest checkpoint in a folder, which stays as it is; None if the folder is missing, empty, or holds only what
    a stop in the middle of the first writing left.

    Raises:
        ValueError: if the folder holds something else, or the newest checkpoint is damaged.
    """
    if not folder.exists():
        return None
    if not folder.is_dir():
        raise ValueError(f"{folder} is a file. Checkpoints are kept in a folder: give another path, or remove it.")
    steps = sorted(_orbax().utils.checkpoint_steps(folder))
    if not steps:
        strange = sorted(entry.name for entry in folder.iterdir() if _UNFINISHED not in entry.name)
        if strange:
            raise ValueError(
                f"{folder} is no folder of checkpoints: it holds {strange[0]!r}. Give another folder, or an empty one."
            )
        return None
    return _read(folder, steps)


class Checkpoints:
    """A folder that the first process writes checkpoints into, of which it keeps the last two.

    Raises:
        OSError: if the folder cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._manager = _manager(folder, max_to_keep=_KEPT, cleanup_tmp_directories=True)

    def save(self, saved: Saved) -> None:
        """Begins to write a checkpoint, once the one before is on disk.

        Args:
            saved: what to write; its arrays must not change any more.

        Raises:
            OSError: if this checkpoint or the one before cannot be written.
        """
        args = _orbax().args
        head = {**saved.head, "format": FORMAT, "sums": _sums(saved.arrays)}
        self._manager.save(
            saved.step,
            args=args.Composite(arrays=args.PyTreeSave(dict(saved.arrays)), head=args.JsonSave(head)),
            force=True,
        )

    def finished(self) -> int | None:
        """The step of the newest checkpoint, as soon as all that was begun is on disk; None if there is none."""
        self._manager.wait_until_finished()
        step: int | None = self._manager.latest_step()
        return step

    def close(self) -> None:
        """Waits until all that was begun is on disk."""
        self._manager.close()


def _read(folder: Path, steps: list[int]) -> Saved:
    orbax, step = _orbax(), steps[-1]
    older = f", or only {folder / str(step)}, to go on from step {steps[-2]}" if len(steps) > 1 else ""
    advice = f"Give another folder, or remove it to start anew{older}."
    with _said_clearly(f"The checkpoint {folder / str(step)} is damaged, or none of this package", advice):
        with _manager(folder, save_root_metadata=False) as manager:
            head = manager.restore(step, args=orbax.args.Composite(head=orbax.args.JsonRestore()))["head"]
            if head["format"] != FORMAT:
                raise ValueError(f"its format is {head['format']!r}")
            arrays = manager.restore(step, args=orbax.args.Composite(arrays=orbax.args.PyTreeRestore()))["arrays"]
        differing = [name for name, found in _sums(arrays).items() if head["sums"].get(name) != found]
        if differing or head["sums"].keys() != arrays.keys():
            raise ValueError(f"the array {next(iter(differing), 'of a name')!r} is not as it was written")
    return Saved(step, head, arrays)


def _manager(folder: Path, **options: Any) -> Any:
    """Orbax's manager of a folder that is there; of several processes, the first needs no other."""
    orbax = _orbax()
    of_first = orbax.options.MultiprocessingOptions(primary_host=0, active_processes={0})
    options = orbax.CheckpointManagerOptions(create=False, multiprocessing_options=of_first, **options)
    return orbax.CheckpointManager(folder.absolute(), options=options)


@contextmanager
def _said_clearly(what: str, advice: str) -> Iterator[None]:
    """What Orbax and TensorStore raise for files that they cannot read is many things, and names no remedy."""
    try:
        yield
    except PermissionError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, OSError, RuntimeError) as error:
        said = " ".join(str(error).split())
        raise ValueError(f"{what}. {advice} ({said if len(said) <= _LONGEST else said[:_LONGEST] + '…'})") from error


def _sums(arrays: Mapping[str, NDArray[Any]]) -> dict[str, int]:
    return {name: zlib.crc32(array.tobytes()) for name, array in arrays.items()}


def _orbax() -> ModuleType:
    """Imported where it is used: recording and generating need none of it, and it takes its time."""
    import orbax.checkpoint

    return orbax.checkpoint  # type: ignore[no-any-return]
