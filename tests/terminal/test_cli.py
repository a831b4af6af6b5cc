from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import rnn_widgets
from rnn_widgets import cli

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def saved(acts, tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("recording") / "acts.safetensors"
    acts.save(path)
    return str(path)


def run(*arguments: str, before: str = "pass") -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, after the Python statements `before`."""
    code = f"import sys; {before}; from rnn_widgets.cli import main; raise SystemExit(main())"
    command = [sys.executable, "-c", code, *arguments]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    settings = {"cwd": ROOT, "env": environment, "capture_output": True, "text": True, "encoding": "utf-8"}
    return subprocess.run(command, **settings, check=False, timeout=120)


def test_a_saved_recording_is_shown_without_jax(saved):
    result = run("show", "--activations", saved, "--feature", " ", "--top", "1", before="sys.modules['jax'] = None")
    assert result.returncode == 0, result.stderr
    assert "Neuron 7 · relevance 1.00 · proposed" in result.stdout
    assert result.stderr == ""


def test_options_of_show_reach_the_report(saved, capsys):
    arguments = ["show", "--activations", saved, "--feature", " ", "--feature", "[.]", "--signal", "output_gate"]
    assert cli.main([*arguments, "--neurons", "2:4", "--width", "40", "--layer", "0"]) == 0
    output = capsys.readouterr().out
    assert output.count("\nNeuron 2 ") == output.count("\nNeuron 3 ") == 2
    assert "output_gate" in output
    assert max(map(len, output.splitlines())) <= 40


def test_output_goes_to_the_file_and_standard_output_stays_empty(saved, tmp_path, capsys):
    path = tmp_path / "report.html"
    assert cli.main(["show", "--activations", saved, "--feature", " ", "--output", str(path), "--theme", "light"]) == 0
    output, errors = capsys.readouterr()
    assert output == ""
    assert errors == f"rnn-widgets: wrote {path}\n"
    assert "Neuron 7" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--signal", "gate"], "no signal 'gate'. Recorded are: hidden, output_gate, cell"),
        (["--layer", "3"], "no layer 3"),
        (["--neurons", "595-599"], "start:stop"),
        (["--neurons", "5:13"], "neurons 0..11"),
        (["--feature", "(a"], "'(a' cannot be used"),
        (["--feature", r"(a)\1"], "cannot be used"),
        (["--output", "report.pdf"], ".txt, .ansi, .html, .svg"),
        (["--output", "/no/such/folder/report.txt"], "No such file or directory"),
        (["--width", "5"], "from 20, got 5"),
        (["--width", "wide"], "invalid int value"),
        (["--theme", "pink"], "invalid choice"),
        (["--top", "0"], "from 1, got 0"),
        (["--model", "word-lstm"], "leave out --model"),
        (["--prompt", "a", "--seed", "0"], "leave out --prompt, --seed"),
        (["--nonsense"], "unrecognized arguments"),
    ],
)
def test_a_mistake_is_told_in_one_line(saved, capsys, arguments, message):
    assert cli.main(["show", "--activations", saved, *arguments]) == cli.MISTAKE
    output, errors = capsys.readouterr()
    assert output == ""
    assert message in errors
    assert errors.startswith("rnn-widgets")
    assert errors.count("\n") == 1


def test_files_that_cannot_be_read_are_told_in_one_line(tmp_path, capsys):
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "latin.txt").write_bytes("naïve".encode("latin-1"))
    cases = [
        ("--activations", tmp_path / "none", "There is no file"),
        ("--activations", tmp_path / "latin.txt", "not a safetensors file"),
        ("--text", tmp_path / "none", "none: No such file or directory"),
        ("--text", tmp_path / "empty.txt", "is empty"),
        ("--text", tmp_path / "latin.txt", "not UTF-8 text: invalid continuation byte at byte 2"),
        ("--text", tmp_path, "Is a directory"),
    ]
    for option, path, message in cases:
        assert cli.main(["show", option, str(path)]) == cli.MISTAKE
        output, errors = capsys.readouterr()
        assert output == ""
        assert message in errors
        assert errors.count("\n") == 1


def test_an_escape_sequence_in_an_argument_does_not_reach_the_terminal(capsys):
    assert cli.main(["show", "--activations", "\x1b[2Jname"]) == cli.MISTAKE
    assert capsys.readouterr().err == "rnn-widgets: There is no file \\x1b[2Jname.\n"


def test_a_packaged_model_writes_from_a_prompt_or_reads_a_text(tmp_path):
    written = run("show", "--model", "char-rnn", "--prompt", "Ahab", "--length", "30", "--seed", "1", "--top", "1")
    assert (written.returncode, written.stderr) == (0, "")
    assert re.search(r"^text +34 tokens$", written.stdout, re.MULTILINE)
    assert re.search(r"^  Ahab", written.stdout, re.MULTILINE)
    (tmp_path / "text.txt").write_text("Queequeg.\n", encoding="utf-8")
    read = run("show", "--model", "char-rnn", "--text", str(tmp_path / "text.txt"), "--signal", "pre_activation")
    assert (read.returncode, read.stderr) == (0, "")
    assert "\n  Queequeg.\\n\n" in read.stdout


def test_an_unknown_recipe_is_a_mistake(capsys):
    assert cli.main(["train", "no-such-recipe"]) == cli.MISTAKE
    errors = capsys.readouterr().err
    assert "no recipe 'no-such-recipe'" in errors
    assert errors.count("\n") == 1


def test_a_text_that_cannot_be_read_is_told_alike_by_show_and_train(tmp_path, capsys):
    (tmp_path / "latin.txt").write_bytes("naïve".encode("latin-1"))
    for path in (tmp_path / "none", tmp_path / "latin.txt"):
        told = []
        for command in (["show"], ["train", "char-rnn", "--output", str(tmp_path / "out")]):
            assert cli.main([*command, "--text", str(path)]) == cli.MISTAKE
            told.append(capsys.readouterr().err.partition(": ")[2])
        assert told[0] == told[1]
    assert not (tmp_path / "out").exists()


def test_an_endless_length_is_a_mistake(capsys):
    assert cli.main(["show", "--model", "char-rnn", "--length", "99999999999"]) == cli.MISTAKE
    assert "At most 10,000,000 tokens" in capsys.readouterr().err


def test_an_unknown_model_is_a_mistake(capsys):
    assert cli.main(["show", "--model", "no-such-model"]) == cli.MISTAKE
    assert "no model 'no-such-model'" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["explode"]])
def test_no_command_or_an_unknown_one_is_a_mistake(arguments, capsys):
    assert cli.main(arguments) == cli.MISTAKE
    assert capsys.readouterr().err.count("\n") == 1


def test_version_and_help(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"rnn-widgets {rnn_widgets.__version__}\n"
    assert cli.main(["show", "--help"]) == 0
    assert "595, 596, 597, 598 and 12" in " ".join(capsys.readouterr().out.split())


def test_a_reader_that_stops_early_is_no_error(saved):
    command = [sys.executable, "-m", "rnn_widgets.cli", "show", "--activations", saved, "--neurons", "0:12"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_the_dashboard_is_found():
    assert cli.dashboard().name == "dashboard.ipynb"


def test_a_missing_voila_names_its_install_line():
    result = run("demo", "--no-browser", before="sys.modules['voila'] = None")
    assert result.returncode == cli.MISTAKE
    assert result.stderr == (
        "rnn-widgets: The dashboard is served by voila. Install it with: pip install 'rnn-widgets[app]'\n"
    )


def test_a_port_in_use_is_told_before_anything_starts(capsys):
    with socket.socket() as taken:
        taken.bind((cli.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert cli.main(["demo", "--no-browser", "--port", str(port)]) == cli.MISTAKE
    assert f"Port {port} cannot be used (Address already in use)" in capsys.readouterr().err
    assert cli.main(["demo", "--port", "70000"]) == cli.MISTAKE


def test_the_demo_answers_where_it_says_and_ends_with_its_command():
    with socket.socket() as free:
        free.bind((cli.HOST, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "rnn_widgets.cli", "demo", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout.readline() == f"The dashboard is at http://{cli.HOST}:{port} (end with Ctrl+C)\n"
        with socket.create_connection((cli.HOST, port), timeout=5):
            pass
    finally:
        process.send_signal(signal.SIGTERM)
    process.stdout.close()
    assert process.wait(timeout=30) == cli.INTERRUPTED
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((cli.HOST, port), timeout=5)
