"""Models in files: safetensors and a JSON config, read without network and without executing anything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from flax import nnx
from safetensors import SafetensorError
from safetensors.numpy import load, save_file

from rnn_widgets.models.language_model import LanguageModel
from rnn_widgets.models.network import Architecture
from rnn_widgets.models.parameters import filled_parameters, parameter_arrays
from rnn_widgets.text import Vocabulary

CONFIG, PARAMETERS = "config.json", "parameters.safetensors"

_FORMAT = "rnn_widgets model 1"


def available_models() -> list[str]:
    """Names of the models that the package holds."""
    folder = resources.files(__package__) / "packaged"
    if not folder.is_dir():
        return []
    return sorted(entry.name for entry in folder.iterdir() if (entry / CONFIG).is_file())


def load_model(name_or_path: str | Path) -> LanguageModel:
    """The packaged model of this name, or the model in a folder that `save_model` wrote.

    Parameters are computed with as float32; those of the packaged models are stored as float16.

    Raises:
        FileNotFoundError: if there is neither; the message lists the packaged models.
        ValueError: if the folder's files do not make a model.
    """
    name = str(name_or_path)
    packaged = name in available_models()
    if not packaged and not (Path(name) / CONFIG).is_file():
        raise FileNotFoundError(
            f"There is no model {name!r}. Packaged are: {', '.join(available_models())}; "
            f"or give the path of a folder with {CONFIG} and {PARAMETERS}."
        )
    folder = resources.files(__package__) / "packaged" / name if packaged else Path(name)
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        if config.get("format") != _FORMAT:
            raise ValueError(f"its format is {config.get('format')!r}")
        architecture = Architecture(**config["architecture"])
        graph, parameters = filled_parameters(architecture, load((folder / PARAMETERS).read_bytes()))
        vocabulary = Vocabulary(tuple(config["vocabulary"]))
        return LanguageModel(
            nnx.merge(graph, parameters), vocabulary, config["tokenizer"], config["joiner"], config["name"]
        )
    except (ValueError, KeyError, TypeError, AttributeError, SafetensorError, FileNotFoundError) as error:
        raise ValueError(f"{folder} does not hold a model that this version reads: {error}") from error


def save_model(
    model: LanguageModel, folder: str | Path, about: Mapping[str, Any] | None = None, *, half: bool = False
) -> None:
    """Writes `config.json` and `parameters.safetensors` into `folder`, in place of a model that is there.

    Args:
        model: what to write.
        folder: where to; it is made.
        about: anything further that JSON holds, kept in the config: the recipe, what training reached.
        half: whether to round parameters to float16, which takes half the room. It makes another network of it, with
            which recordings made before do not fit.

    Raises:
        ValueError: if a parameter is not finite, or too large for float16.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {}
    for name, array in parameter_arrays(nnx.state(model.module, nnx.Param)).items():
        with np.errstate(over="ignore"):
            arrays[name] = np.ascontiguousarray(array, np.float16 if half else np.float32)
        if not np.isfinite(arrays[name]).all():
            raise ValueError(
                f"The parameter {name} has values that are not finite in {arrays[name].dtype}, up to "
                f"{np.abs(array).max()}."
            )
    config = {
        "format": _FORMAT,
        "name": model.name,
        "architecture": asdict(model.architecture),
        "tokenizer": model.tokenizer,
        "joiner": model.joiner,
        "about": dict(about or {}),
        "vocabulary": model.vocabulary.tokens,
    }
    save_file(arrays, folder / PARAMETERS)
    (folder / CONFIG).write_text(json.dumps(config, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
