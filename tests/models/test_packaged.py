from __future__ import annotations

import json
import pickle
import re
import socket
from importlib import resources
from pathlib import Path

import jax
import numpy as np
import pytest
from safetensors.numpy import load_file

from rnn_widgets.models import (
    Architecture,
    LanguageModel,
    Network,
    Recipe,
    available_models,
    load_model,
    record,
    save_model,
)
from rnn_widgets.text import Vocabulary

PACKAGED = Path(str(resources.files("rnn_widgets.models"))) / "packaged"


def test_three_models_are_packaged_in_at_most_24_megabytes() -> None:
    assert available_models() == ["char-lstm", "char-rnn", "word-lstm"]
    files = [path for path in PACKAGED.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 24_000_000


@pytest.mark.parametrize("name", ["char-lstm", "char-rnn", "word-lstm"])
def test_a_packaged_model_is_float16_and_comes_from_its_recipe(name: str) -> None:
    arrays = load_file(PACKAGED / name / "parameters.safetensors")
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.float16)}
    about = json.loads((PACKAGED / name / "config.json").read_text(encoding="utf-8"))["about"]
    recipe = Recipe.load(name)
    assert Recipe.from_dict(about["recipe"]) == recipe
    model = load_model(name)
    assert model.architecture.hidden >= 256
    assert (model.architecture.cell, model.architecture.hidden) == (recipe.model.cell, recipe.model.hidden)
    assert model.name == name and name in repr(model)


def test_loading_uses_no_network_and_unpickles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("not while loading a model")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(pickle, "load", refuse)
    monkeypatch.setattr(pickle, "loads", refuse)
    load_model("char-rnn")


@pytest.fixture
def small() -> LanguageModel:
    vocabulary = Vocabulary.from_tokens("über alles\n")
    network = Network(Architecture("lstm", len(vocabulary), 4, 6, layers=2, tied=True), jax.random.key(0))
    return LanguageModel(network, vocabulary, "characters", name="small")


def test_a_saved_model_is_loaded_as_it_was(small: LanguageModel, tmp_path: Path) -> None:
    save_model(small, tmp_path / "whole")
    same = load_model(tmp_path / "whole")
    assert same.network == small.network
    np.testing.assert_array_equal(record(same, "über")["cell"], record(small, "über")["cell"])
    save_model(small, tmp_path / "small", {"note": "for tests"}, half=True)
    once = load_model(tmp_path / "small")
    assert once.vocabulary == small.vocabulary and once.architecture == small.architecture
    np.testing.assert_allclose(record(once, "über")["hidden"], record(small, "über")["hidden"], atol=1e-3)
    save_model(once, tmp_path / "again")
    assert load_model(tmp_path / "again").network == once.network != small.network


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cell": "elman"}, "There is no cell 'elman'. There are: vanilla, vanilla_relu, lstm, gru"),
        ({"hidden": 0}, "hidden is a positive number, got 0"),
        ({"memory": 100, "cell": "vanilla"}, "memory is 0, or at least 3 tokens in an LSTM"),
    ],
)
def test_an_impossible_architecture_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Architecture(**({"cell": "lstm", "vocabulary": 5, "embedding": 4, "hidden": 3} | changes))  # type: ignore[arg-type]


def test_an_unknown_model_names_those_there_are() -> None:
    with pytest.raises(FileNotFoundError, match=r"no model 'word-gru'\. Packaged are: char-lstm, char-rnn, word-lstm"):
        load_model("word-gru")


def test_a_folder_that_holds_no_model_is_refused(small: LanguageModel, tmp_path: Path) -> None:
    save_model(small, tmp_path)
    config = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    for change in ({"format": "other"}, {"vocabulary": ["<unk>", "a"]}, {"tokenizer": "bytes"}):
        (tmp_path / "config.json").write_text(json.dumps(config | change), encoding="utf-8")
        with pytest.raises(ValueError, match="does not hold a model"):
            load_model(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (tmp_path / "parameters.safetensors").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="does not hold a model"):
        load_model(tmp_path)


def test_untrained_twins_differ_by_their_seed_alone(small: LanguageModel) -> None:
    assert small.twin(1).network == small.twin(1).network != small.twin(2).network
    assert small.twin(1).architecture == small.architecture


def test_a_parameter_too_large_for_float16_is_refused(small: LanguageModel, tmp_path: Path) -> None:
    small.module.readout_bias[...] = small.module.readout_bias[...] + 1e6
    with pytest.raises(ValueError, match="readout_bias has values that are not finite in float16"):
        save_model(small, tmp_path, half=True)
