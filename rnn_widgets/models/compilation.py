"""What JAX compiles: kept in the user's cache folder, so that the next session finds it, and said while it lasts."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jax
from jax.experimental.compilation_cache import compilation_cache
from platformdirs import user_cache_path

_SECONDS_BY_DEFAULT, _SECONDS = 1.0, 0.05
"""What JAX keeps unless told otherwise is what took this long to compile; most of ours is faster compiled than that."""

# JAX does not declare the types of its options.
_options: Any = jax.config

_TRACED = "/jax/core/compile/jaxpr_trace_duration"
_COMPILED = "/jax/core/compile/backend_compile_duration"


def keep_compiled() -> Path | None:
    """Has JAX keep what it compiles in `rnn_widgets/compiled` of the user's cache folder.

    It may be deleted at any time. A folder that was chosen for JAX (`JAX_COMPILATION_CACHE_DIR`) stays the one that is
    used, and `JAX_ENABLE_COMPILATION_CACHE=false` keeps nothing. What is found there is executed, so a folder
    that others may write to is not used.

    Returns:
        The folder, or None if it was not for us to choose or cannot be used.
    """
    if _options.jax_compilation_cache_dir is not None or not _options.jax_enable_compilation_cache:
        return None
    folder = user_cache_path("rnn_widgets", appauthor=False) / "compiled"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _ours_alone(folder):
            return None
    except OSError:
        return None
    _options.update("jax_compilation_cache_dir", str(folder))
    if _options.jax_persistent_cache_min_compile_time_secs == _SECONDS_BY_DEFAULT:
        _options.update("jax_persistent_cache_min_compile_time_secs", _SECONDS)
    # JAX asks once whether there is a folder, when it first compiles anything, which may have been before now.
    compilation_cache.reset_cache()
    return folder


def _ours_alone(folder: Path) -> bool:
    """Whether the user can write to this folder, and nobody else can."""
    if not os.access(folder, os.W_OK):
        return False
    if os.name != "posix":
        return True
    about = folder.stat()
    return about.st_uid == os.getuid() and not about.st_mode & 0o022


@contextmanager
def said_while_compiling(say: Callable[[bool], None]) -> Iterator[None]:
    """Calls `say(True)` when something is about to be compiled by this thread, and `say(False)` when it has been."""
    thread = threading.get_ident()

    def hear(event: str, duration_secs: float, **kwargs: str | int) -> None:
        if event in (_TRACED, _COMPILED) and threading.get_ident() == thread:
            say(event == _TRACED)

    jax.monitoring.register_event_duration_secs_listener(hear)
    try:
        yield
    finally:
        jax.monitoring.unregister_event_duration_listener(hear)
