"""Trainings on eight devices, which a CPU plays in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.models.conftest import tiny_recipe

SCRIPT = """
import json, random, sys
from rnn_widgets.models import Recipe, train
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

found = {"one": losses(1), "eight": losses(8), "as many as fit": losses(None)}
found |= {"too many": refusal(9), "uneven": refusal(3), "none": refusal(0)}
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
