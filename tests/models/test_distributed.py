"""Training in two processes on loopback, each with two devices that a CPU plays."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnn_widgets.models import History, load_model, train
from rnn_widgets.models.recipe_files import recipe_toml
from rnn_widgets.models.training.checkpoints import last_checkpoint
from tests.models.conftest import RHYME, tiny_recipe
from tests.ports import free_port

SCRIPT = """
import contextlib, dataclasses, io, json, os, signal, sys
from pathlib import Path
from rnn_widgets.cli import main
from rnn_widgets.models import Recipe, train

process, coordinator, folder = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
found, text = {}, (folder / "text.txt").read_text()
command = ["train", str(folder / "tiny.toml"), "--text", str(folder / "text.txt"), "--distributed"]

def run(*more):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        return [main([*command, *more]), out.getvalue(), err.getvalue()]

def reports(history):
    return [dataclasses.astuple(report) for report in history.reports]

def outcome(on_step=None, **options):
    try:
        history = train(given, on_step, text=options.pop("text", text), progress=False, **options)[1]
    except Exception as error:
        return [type(error).__name__, str(error), getattr(error, "step", None)]
    return {"reports": reports(history), "end": [history.end.step, history.end.reason]}

def at(step, act):
    def watch(history):
        if process == 1 and history.reports[-1].step == step:
            act()
    return watch

def fail():
    raise OSError("the disk of this machine is full")

def changed(**training):
    return dataclasses.replace(recipe, training=dataclasses.replace(recipe.training, **training))

if process == 1:
    found["no cluster"] = run()
joined = ["--coordinator", coordinator, "--processes", "2", "--process", str(process)]
# what was begun in one process goes on in two; only the first looks at its checkpoints
kept = folder / ("of one" if process == 0 else "never")
found["command"] = run(*joined, "--output", str(folder / "model"), "--devices", "2", "--checkpoint", str(kept))
given = recipe = Recipe.load(folder / "tiny.toml")
ctrl_c = at(14, lambda: signal.raise_signal(signal.SIGINT))
found["interrupted"] = outcome(ctrl_c, checkpoint=folder / "of two", checkpoint_seconds=1e6)
boundary = {"boundaries_and_scales": {"18": 3e38}}
schedule = dict(schedule="piecewise_constant_schedule", schedule_options=boundary)
given = diverging = changed(optimizer="sgd", clip=0.0, dropout_inputs=0.0, **schedule)
found["failed"] = outcome(at(7, fail), checkpoint=folder / "often", checkpoint_seconds=0)
given = changed(learning_rate=0.02 * (1 + process))
found["recipes differ"] = outcome(checkpoint=folder / "never")
given = recipe
found["texts differ"] = outcome(text=text + "abc" * process, checkpoint=folder / "never")
found["devices differ"] = outcome(devices=1 + process)
given = changed(rows=7)
found["uneven"] = outcome()
given = diverging
found["diverged"] = outcome(checkpoint=folder / "diverged", checkpoint_seconds=1e6)
print(json.dumps(found), flush=True)
found["lost"] = outcome(at(7, lambda: signal.raise_signal(signal.SIGTERM)))
print(json.dumps(found), flush=True)
os._exit(0)
"""

RECIPE = tiny_recipe(
    training__rows=8, training__epochs=2, training__check_every=7, training__dropout_inputs=0.2, model__cell="vanilla"
)
TEXT = RHYME * 20


def reports(history: History) -> list[tuple[float, ...]]:
    return [astuple(report) for report in history.reports]


def interrupted_at(step: int) -> Any:
    def press(history: History) -> None:
        if history.reports[-1].step == step:
            raise KeyboardInterrupt

    return press


def assert_the_same(found: list[list[float]], alone: list[tuple[float, ...]]) -> None:
    """All but the speed."""
    assert len(found) == len(alone)
    np.testing.assert_allclose(np.delete(found, 6, axis=1), np.delete(alone, 6, axis=1), rtol=1e-5)


@pytest.fixture(scope="module")
def alone() -> list[tuple[float, ...]]:
    return reports(train(RECIPE, text=TEXT)[1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("distributed")
    (folder / "tiny.toml").write_text(recipe_toml(RECIPE))
    (folder / "text.txt").write_text(TEXT)
    with pytest.warns(UserWarning, match="interrupted after step 7"):
        train(RECIPE, interrupted_at(7), text=TEXT, checkpoint=folder / "of one")
    return folder


@pytest.fixture(scope="module")
def found(folder: Path) -> list[dict[str, Any]]:
    """What each of the two processes found."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLURM", "KUBERNETES"))}
    environment |= {
        # most of the time goes into compiling, in each process
        "XLA_FLAGS": "--xla_force_host_platform_device_count=2 --xla_backend_optimization_level=0",
        "JAX_COMPILATION_CACHE_DIR": str(folder / "compiled"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    }
    coordinator = f"127.0.0.1:{free_port()}"
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", SCRIPT, str(process), coordinator, str(folder)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for process in (0, 1)
    ]
    try:
        # far more than it takes: whoever waits in vain shall not wait for ever
        said = [process.communicate(timeout=300) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    assert [process.returncode for process in processes] == [0, -signal.SIGTERM], "\n".join(err for _, err in said)
    return [json.loads(out.splitlines()[-1]) for out, _ in said]


def test_two_processes_go_on_from_what_one_saved_and_reach_what_one_device_does(
    alone: list[tuple[float, ...]], found: list[dict[str, Any]], folder: Path
) -> None:
    saved = last_checkpoint(folder / "of one")
    assert saved is not None and saved.step == alone[-1][0] == 34
    assert_the_same(saved.head["history"], alone)
    assert not (folder / "never").exists()


def test_ctrl_c_in_one_process_ends_both_and_one_process_goes_on(
    found: list[dict[str, Any]], alone: list[tuple[float, ...]], folder: Path, tmp_path: Path
) -> None:
    assert found[0]["interrupted"] == found[1]["interrupted"]
    step, reason = found[0]["interrupted"]["end"]
    assert (step, reason) == (14, "interrupted")
    shutil.copytree(folder / "of two", tmp_path / "of two")
    saved = last_checkpoint(tmp_path / "of two")
    assert saved is not None and saved.step == step
    _, history = train(RECIPE, text=TEXT, checkpoint=tmp_path / "of two")
    assert_the_same(found[0]["interrupted"]["reports"], alone[:2])
    assert_the_same(reports(history), alone)


def test_what_fails_in_one_process_is_said_in_the_other_and_leaves_the_checkpoints(
    found: list[dict[str, Any]], folder: Path
) -> None:
    assert found[1]["failed"][:2] == ["OSError", "the disk of this machine is full"]
    kind, message, _ = found[0]["failed"]
    assert kind == "OtherProcessError"
    assert message == "Process 1 of 2 failed, so this one ends too. OSError: the disk of this machine is full"
    assert sorted(path.name for path in (folder / "often").iterdir()) == ["5", "6"]


def test_processes_that_would_train_something_else_each_are_refused(found: list[dict[str, Any]], folder: Path) -> None:
    rate = "recipe.training.learning_rate is 0.04 in process 1 and 0.02 in process 0"
    for name, said in (
        ("recipes differ", rate),
        ("texts differ", "text is '"),
        ("devices differ", "devices is 2 in process 1 and 1 in process 0"),
    ):
        assert found[0][name] == found[1][name]
        kind, message, _ = found[0][name]
        assert kind == "ValueError" and message.startswith(f"The processes do not train the same: {said}")
    assert not (folder / "never").exists()


def test_rows_that_processes_cannot_part_are_refused(found: list[dict[str, Any]]) -> None:
    assert found[0]["uneven"] == found[1]["uneven"]
    assert found[0]["uneven"][:2] == [
        "ValueError",
        "7 rows cannot be parted evenly among 1 devices in each of 2 processes: give training.rows as a multiple of 2, "
        "or fewer devices or processes.",
    ]


def test_both_processes_say_where_the_training_diverged(found: list[dict[str, Any]], folder: Path) -> None:
    assert found[0]["diverged"] == found[1]["diverged"]
    kind, message, step = found[0]["diverged"]
    assert kind == "TrainingDivergedError" and 18 < step <= 21
    assert f"The last good checkpoint, of step 17, is kept in {folder / 'diverged'}." in message


def test_a_process_that_a_scheduler_ends_is_gone_and_that_is_said(found: list[dict[str, Any]]) -> None:
    kind, message, _ = found[0]["lost"]
    assert kind == "LostProcessError" and message.startswith(
        "Another of the 2 processes has ended or cannot be reached"
    )
    assert message.endswith("Start all of them anew: with a folder for checkpoints, training goes on from the last.")


def test_the_command_trains_in_both_and_the_first_prints_and_saves(
    alone: list[tuple[float, ...]], found: list[dict[str, Any]], folder: Path
) -> None:
    (status, out, err), other = (process["command"] for process in found)
    best = min(report[4] for report in alone)
    assert (status, err) == (0, "") and other == [0, "", ""]
    assert out.startswith("epoch 0.") and f"tiny reached {best:.3f} bits per token" in out
    assert load_model(folder / "model").name == "tiny"


def test_without_a_cluster_the_command_says_what_to_give(found: list[dict[str, Any]]) -> None:
    status, out, err = found[1]["no cluster"]
    assert (status, out) == (2, "") and err.startswith("rnn-widgets train: JAX knows no cluster here")
    assert "give coordinator (HOST:PORT of process 0), processes (how many there are) and process" in err
