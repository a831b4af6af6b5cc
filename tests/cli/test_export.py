"""`rnn-widgets export` writes a page or a picture, and tells mistakes in one line."""

import numpy as np
import pytest

import rnn_widgets as rw
from rnn_widgets import cli


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    tokens = list("to be, or not to be") * 4
    acts = rw.Activations.from_arrays(tokens, np.random.default_rng(0).uniform(-1, 1, (len(tokens), 8)))
    path = tmp_path_factory.mktemp("recording") / "acts.safetensors"
    acts.save(path)
    return str(path)


def run(saved, *arguments):
    return cli.main(["export", "--activations", saved, *map(str, arguments)])


def test_a_page_is_written_and_told(saved, tmp_path, capsys):
    path = tmp_path / "page.html"
    assert run(saved, "--feature", " ", "--title", "To <be>", "--output", path) == 0
    output, errors = capsys.readouterr()
    assert output == ""
    assert errors.startswith(f"rnn-widgets: wrote {path} (") and errors.endswith("MB, with everything)\n")
    assert "<title>To &lt;be&gt;</title>" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("view", "label"), [("heatmap", ">Relevance</text>"), ("surface", ">Frequency")])
def test_a_picture_of_a_view_is_written(saved, tmp_path, capsys, view, label):
    path = tmp_path / "picture.svg"
    assert run(saved, "--feature", " ", "--view", view, "--neuron", 3, "--theme", "dark", "--output", path) == 0
    assert label in path.read_text(encoding="utf-8")
    assert capsys.readouterr().err == f"rnn-widgets: wrote {path}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--output", "page.pdf"], "is a .html, .png or .svg file, got 'page.pdf'"),
        ([], "--output"),
        (["--output", "page.html", "--theme", "dark"], "A .html file takes no --theme: leave it out"),
        (["--output", "picture.svg", "--scale", "2"], "A .svg file takes no --scale"),
        (["--output", "picture.png", "--max-size", "2"], "A .png file takes no --max-size"),
        (["--output", "/no/such/folder/page.html"], "There is no folder /no/such/folder"),
        (["--output", "page.html", "--neuron", "99"], "neuron"),
        (["--output", "page.html", "--signal", "gate"], "gate"),
        (["--output", "page.html", "--neuron", "-1"], "a whole number from 0, not the int -1"),
        (["--output", "page.html", "--max-size", "0.1"], "max_size is 100,000"),
        (["--output", "page.html", "--feature", "(a"], "'(a' cannot be used"),
    ],
)
def test_a_mistake_is_told_in_one_line(saved, tmp_path, monkeypatch, capsys, arguments, message):
    monkeypatch.chdir(tmp_path)
    assert run(saved, *arguments) == cli.MISTAKE
    output, errors = capsys.readouterr()
    assert output == "" and message in errors and errors.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
