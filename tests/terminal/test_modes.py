"""What a real process writes to a real terminal, a pipe and a file."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from terminal_screen import block, plain, screen

from rnn_widgets.terminal.colours import Palette
from rnn_widgets.terminal.visible import cells

ROOT = Path(__file__).parents[2]
SHOW = "import sys; from rnn_widgets import Activations, show; show(Activations.load(sys.argv[1]), ' ')"


@pytest.fixture(scope="module")
def saved(acts, tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("recording") / "acts.safetensors"
    acts.save(path)
    return str(path)


def environment(**changes: str) -> dict[str, str]:
    return {**os.environ, "PYTHONIOENCODING": "utf-8", **changes}


def on_a_terminal(saved: str, columns: int, **changes: str) -> str:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", SHOW, saved],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        env=environment(**changes),
    )
    os.close(theirs)
    received = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        received += part
    os.close(ours)
    assert process.wait() == 0, received.decode()
    return received.decode().replace("\r\n", "\n")


def through_a_pipe(saved: str, **changes: str) -> bytes:
    command = [sys.executable, "-c", SHOW, saved]
    return subprocess.run(command, cwd=ROOT, env=environment(**changes), capture_output=True, check=True).stdout


def test_a_terminal_gets_its_colours_at_its_width(acts, saved):
    output = on_a_terminal(saved, 57, COLORTERM="truecolor", COLORFGBG="0;15")
    lines = screen(output)
    assert 50 < max(cells(plain(line)) for line in lines) <= 57
    first = block(lines, 7)[1][2]
    assert first.character == "C"
    assert first.background == Palette("light", "truecolor").background(float(acts["hidden"][0, 7]))


@pytest.mark.parametrize(("term", "sign"), [("xterm-256color", "48;5;"), ("xterm", "\x1b[97;4")])
def test_a_terminal_with_fewer_colours_gets_those(saved, term, sign):
    output = on_a_terminal(saved, 80, TERM=term)
    assert sign in output
    assert "48;2;" not in output


@pytest.mark.parametrize("changes", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}])
def test_a_terminal_without_colours_gets_digits(saved, changes):
    output = on_a_terminal(saved, 80, COLORTERM="truecolor", **changes)
    assert "\x1b" not in output
    assert "\n+ " in output


def test_a_pipe_gets_digits_and_no_escape_sequence(saved):
    output = through_a_pipe(saved, COLORTERM="truecolor")
    assert b"\x1b" not in output
    assert b"\n+ " in output
    assert b"\nmarks " in output


@pytest.mark.parametrize(("level", "sign"), [("1", b"[97;4"), ("2", b"48;5;"), ("3", b"48;2;")])
def test_colours_can_be_forced_into_a_pipe(saved, level, sign):
    assert sign in through_a_pipe(saved, FORCE_COLOR=level, TERM="dumb")


def test_an_encoding_without_the_signs_gets_ascii(saved):
    output = through_a_pipe(saved, PYTHONIOENCODING="ascii")
    text = output.decode("ascii")
    assert "Neuron 7 | relevance 1.00 | proposed" in text
    assert "\\u6f22" in text
