"""Training, recording and ablation on eight devices, which a CPU plays in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from tests.models.conftest import tiny_recipe

SCRIPT = """
import json, random, sys
import jax, numpy as np
from rnn_widgets.models import Architecture, LanguageModel, Network, Recipe, ablate, record, train
from rnn_widgets.text import Vocabulary
text = "".join(random.Random(0).choices("abcd ", k=1500))
recipe = Recipe.from_dict(json.loads(sys.argv[1]))

def losses(devices, **options):
    _, history = train(recipe, text=text, devices=devices, progress=False, **options)
    return [(report.loss, report.held_out_loss, report.gradient_norm) for report in history.reports]

def refusal(devices):
    try:
        return losses(devices)
    except ValueError as error:
        return str(error)

vocabulary = Vocabulary.from_tokens("abcd ")
network = Network(Architecture("lstm", len(vocabulary), 8, 48, layers=2), jax.random.key(0))
model = LanguageModel(network, vocabulary, "characters")

def recorded(texts, devices, **options):
    acts = record(model, texts, devices=devices, **options)
    return [acts[key] for key in acts] + [acts.surprisal, acts.predictions.tokens, acts.predictions.probabilities]

def largest_difference(one, other):
    return float(max(np.nanmax(np.abs(a - b)) for a, b in zip(one, other, strict=True)))

def effects(devices, layer):
    made = ablate(model, text[:300], np.arange(300) % 7 == 0, layer=layer, value=1.0, devices=devices)
    return [made.at_feature.tolist(), made.elsewhere.tolist()]

found = {"one": losses(1), "eight": losses(8), "as many as fit": losses(None)}
found |= {"too many": refusal(9), "uneven": refusal(3), "none": refusal(0)}
lines = [text[at : at + 1 + at % 23] for at in range(0, 1500, 20)]
by_one, wanted = recorded(lines, 1), dict(approximate=True, signals=["hidden", "cell"], predictions=1)
found["recording"] = {str(devices): largest_difference(recorded(lines, devices), by_one) for devices in (3, 8, None)}
found["stretches"] = largest_difference(recorded(10 * text, 8, **wanted)[:4], recorded(10 * text, 1, **wanted)[:4])
found["ablation"] = {str(devices): [effects(devices, layer) for layer in (0, 1)] for devices in (1, 3, 8, None)}
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    recipe = tiny_recipe(
        training__rows=8,
        training__epochs=2,
        training__accumulate=2,
        training__carry_state=True,
        training__dropout_inputs=0.2,
        training__dropout_outputs=0.2,
        training__dropout_recurrent=0.2,
        model__layers=2,
    )
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps({"name": recipe.name, "description": "", **recipe.to_dict()})],
        env=os.environ | {"XLA_FLAGS": "--xla_force_host_platform_device_count=8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("devices", ["eight", "as many as fit"])
def test_several_devices_reach_what_one_does(found: dict[str, Any], devices: str) -> None:
    assert len(found["one"]) == 2
    for alone, together in zip(found["one"], found[devices], strict=True):
        assert together == pytest.approx(alone, rel=1e-5)


def test_losses_differ_by_rounding_because_several_devices_really_add_up(found: dict[str, Any]) -> None:
    assert found["one"] != found["eight"] == found["as many as fit"]


def test_devices_that_are_not_there_or_do_not_part_the_rows_are_refused(found: dict[str, Any]) -> None:
    for wrong in ("too many", "none"):
        assert "devices is a number from 1 to 8, as many as there are here (cpu), got " in found[wrong]
    assert found["uneven"].startswith("8 rows cannot be parted evenly among 3 devices")


def test_documents_are_the_same_to_the_last_bit_on_however_many_devices_they_are_read(found: dict[str, Any]) -> None:
    assert found["recording"] == {"3": 0.0, "8": 0.0, "None": 0.0}


def test_more_stretches_of_a_document_fit_together_as_well(found: dict[str, Any]) -> None:
    assert 0 < found["stretches"] < 1e-4


@pytest.mark.parametrize("devices", ["3", "8", "None"])
def test_clamps_have_the_effect_they_have_on_one_device(found: dict[str, Any], devices: str) -> None:
    one = found["ablation"]["1"]
    for alone, together in zip(one, found["ablation"][devices], strict=True):
        assert np.abs(alone).max() > 1e-3
        np.testing.assert_allclose(together, alone, atol=1e-6)
