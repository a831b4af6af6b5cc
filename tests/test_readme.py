"""What the README shows is run as it stands there."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
SHELL = [line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]


def test_the_readme_shows_what_it_promises():
    assert len(PYTHON) == 5
    assert [line.split("#")[0].strip() for line in SHELL][:2] == ["make demo", "make test"]


@pytest.mark.parametrize(
    "source", PYTHON, ids=["five lines", "your own network", "train", "outside the notebook", "figure"]
)
def test_python_example_runs(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(source, "README.md", "exec"), names)
    if "spaces" in names:
        import rnn_widgets as rw

        assert rw.relevance(names["acts"], names["spaces"]).top(1) == [7]
        assert (tmp_path / "recording.safetensors").is_file()
    if "effects" in names:
        assert len(names["effects"].to_frame()) == 32
        assert {path.name for path in tmp_path.iterdir()} == {"checkpoints", "rhyme", "rhyme.safetensors"}
    if "found" in names:
        assert (tmp_path / "relevance.pdf").read_bytes().startswith(b"%PDF")
    if "explorer" in names:
        assert {path.name for path in tmp_path.iterdir()} == {"page.html", "heatmap.svg"}


def test_terminal_example_runs(tmp_path):
    (command,) = [line for line in SHELL if line.startswith("rnn-widgets")]
    program, *arguments = shlex.split(command)
    shown = subprocess.run(
        [Path(sys.executable).with_name(program), *arguments], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "Neuron" in shown.stdout and "\x1b" not in shown.stdout


def test_links_and_pictures_are_there():
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / target).is_file(), target
