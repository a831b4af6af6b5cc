from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jax
import jax.numpy as jnp
import pytest
from jax.experimental.compilation_cache import compilation_cache

from rnn_widgets.models.compilation import keep_compiled, said_while_compiling

SESSION = """
from collections import Counter
import jax
counts = Counter()
jax.monitoring.register_event_listener(lambda event, **_: counts.update([event.split("/")[-1]]))
from rnn_widgets.models import generate, load_model, record
model = load_model("char-rnn")
record(model, generate(model, "The ", length=70, seed=0))
print(counts["compile_requests_use_cache"], counts["cache_hits"])
"""


@pytest.fixture
def undecided(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """JAX with no folder chosen, and a user whose cache folder is the one returned."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    names = ("jax_compilation_cache_dir", "jax_persistent_cache_min_compile_time_secs")
    before = {name: getattr(jax.config, name) for name in names}
    jax.config.update("jax_compilation_cache_dir", None)
    yield tmp_path
    for name, value in before.items():
        jax.config.update(name, value)
    compilation_cache.reset_cache()


def test_a_second_session_finds_all_that_recording_and_generating_compiled(tmp_path: Path) -> None:
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path), "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0"}

    def session() -> tuple[int, int]:
        done = subprocess.run(
            [sys.executable, "-c", SESSION], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        requests, hits = done.stdout.split()
        return int(requests), int(hits)

    requests, _ = session()
    assert requests > 3
    assert session() == (requests, requests)


def test_the_folder_is_the_users_alone(undecided: Path) -> None:
    folder = keep_compiled()
    assert folder == undecided / "rnn_widgets" / "compiled"
    assert jax.config.jax_compilation_cache_dir == str(folder)
    assert folder.stat().st_mode & 0o077 == 0
    jax.config.update("jax_compilation_cache_dir", None)
    folder.chmod(0o777)
    assert keep_compiled() is None
    assert jax.config.jax_compilation_cache_dir is None


def test_a_folder_chosen_for_jax_stays_the_one_in_use(undecided: Path) -> None:
    jax.config.update("jax_compilation_cache_dir", str(undecided / "chosen"))
    assert keep_compiled() is None
    assert jax.config.jax_compilation_cache_dir == str(undecided / "chosen")


def test_where_nothing_can_be_written_nothing_is_kept(undecided: Path) -> None:
    (undecided / "rnn_widgets").write_text("a file, where a folder would be")
    assert keep_compiled() is None
    assert jax.config.jax_compilation_cache_dir is None


def test_compiling_is_said_when_it_begins_and_ends_and_not_when_nothing_is_compiled() -> None:
    function, said = jax.jit(lambda values: jnp.sin(values) * 3), list[bool]()
    values = jnp.ones(7)
    with said_while_compiling(said.append):
        function(values)
    assert said[0] is True and said[-1] is False
    said.clear()
    with said_while_compiling(said.append):
        function(values)
    function(jnp.ones(8))
    assert said == []
