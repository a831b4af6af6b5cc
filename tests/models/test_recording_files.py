"""Recordings that are written to a file while they are made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rnn_widgets import Activations
from rnn_widgets.models import LanguageModel, record

LINES = ["The whale was white.", "There she blows!", "Call me Ishmael, some years ago."]


def test_a_recording_in_a_file_is_the_one_in_memory(char_rnn: LanguageModel, tmp_path: Path) -> None:
    path = tmp_path / "whale.safetensors"
    inside, outside = record(char_rnn, LINES), record(char_rnn, LINES, file=path)
    for acts in (outside, Activations.load(path), Activations.load(path, mapped=True)):
        assert acts.tokens == inside.tokens and acts.text.documents == inside.text.documents
        assert acts.network == inside.network and acts.errors is None
        assert list(acts) == list(inside)
        for key in inside:
            np.testing.assert_array_equal(acts[key], inside[key])
        np.testing.assert_array_equal(acts.surprisal, inside.surprisal)
        assert acts.predictions is not None and inside.predictions is not None
        np.testing.assert_array_equal(acts.predictions.tokens, inside.predictions.tokens)
        np.testing.assert_array_equal(acts.predictions.probabilities, inside.predictions.probabilities)
        assert acts.predictions.vocabulary == char_rnn.vocabulary.tokens


def test_what_is_mapped_cannot_be_changed(char_rnn: LanguageModel, tmp_path: Path) -> None:
    acts = record(char_rnn, LINES, file=tmp_path / "whale.safetensors")
    with pytest.raises(ValueError, match="read-only"):
        acts["hidden"][0, 0] = 1.0
    with pytest.raises(ValueError, match="WRITEABLE"):
        acts["hidden"].flags.writeable = True


def test_a_file_that_is_there_is_left_as_it_is(char_rnn: LanguageModel, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    with pytest.raises(FileExistsError, match=r"notes\.txt already, and it is not overwritten"):
        record(char_rnn, LINES, file=path)
    assert path.read_text() == "mine" and list(tmp_path.iterdir()) == [path]


def test_an_interrupted_recording_leaves_no_file(
    char_rnn: LanguageModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = 0

    def interrupted(*_: object) -> None:
        nonlocal written
        written += 1
        if written == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("rnn_widgets.models.progress.Counted.__call__", interrupted)
    with pytest.raises(KeyboardInterrupt):
        record(char_rnn, LINES, file=tmp_path / "whale.safetensors")
    assert written == 3 and list(tmp_path.iterdir()) == []


def test_a_file_where_nothing_can_be_written_is_named(char_rnn: LanguageModel, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no_such_folder"):
        record(char_rnn, LINES, file=tmp_path / "no_such_folder" / "whale.safetensors")


def test_no_predictions_are_kept_if_none_are_wanted(char_rnn: LanguageModel, tmp_path: Path) -> None:
    for file in (None, tmp_path / "whale.safetensors"):
        acts = record(char_rnn, LINES, predictions=0, file=file)
        assert acts.predictions is None and acts.surprisal is not None
    assert record(char_rnn, LINES, predictions=0, file=tmp_path / "again.safetensors").surprisal is not None


MEMORY = """
import resource, sys
import jax
from rnn_widgets.models import Architecture, LanguageModel, Network, record
from rnn_widgets.text import Text, Vocabulary

vocabulary = Vocabulary.from_tokens("abcd")
network = Network(Architecture("lstm", len(vocabulary), 4, 512), jax.random.key(0))
model = LanguageModel(network, vocabulary, "characters")
record(model, "abcd")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
acts = record(model, ["abcd" * 200] * 64, file=sys.argv[1])
print(sum(acts[key].nbytes for key in acts), 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before))
"""


def test_a_recording_in_a_file_may_be_larger_than_the_memory_it_takes(tmp_path: Path) -> None:
    path = tmp_path / "large.safetensors"
    done = subprocess.run([sys.executable, "-c", MEMORY, str(path)], capture_output=True, text=True, check=False)
    path.unlink(missing_ok=True)
    assert done.returncode == 0, done.stderr
    size, grown = (int(number) for number in done.stdout.split())
    assert size == 6 * 51_200 * 512 * 4
    assert grown < size / 2
