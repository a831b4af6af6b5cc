"""What every command reads and says."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path


def read_text(name: str) -> str:
    """A UTF-8 file's text, or that of standard input where the name is `-`.

    Raises:
        OSError: if the file cannot be read.
        ValueError: if it is empty or not UTF-8.
    """
    source = "standard input" if name == "-" else name
    raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{source} is not UTF-8 text: {error.reason} at byte {error.start}.") from None
    if not text:
        raise ValueError(f"The text in {source} is empty: give at least one token.")
    return text


def read_training_text(name: str) -> str:
    """As `read_text`, with lines that end alike wherever the file was written, so that the vocabulary has one end."""
    return StringIO(read_text(name), newline=None).read()


def in_one_line(error: BaseException) -> str:
    """What went wrong; of an error of the system, the file and the reason."""
    if isinstance(error, OSError) and error.strerror:
        message = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    else:
        message = str(error.args[0]) if error.args else type(error).__name__
    return " ".join(message.split())


def say(message: str, command: str = "rnn-widgets") -> None:
    """Prints one line on standard error, with nothing in it that steers the terminal."""
    from rnn_widgets.terminal.visible import encodable, glyphs

    can_show = encodable(sys.stderr.encoding or "ascii")
    harmless = "".join(glyph.shown for glyph in glyphs(message, can_show))
    print(f"{command}: {harmless}", file=sys.stderr, flush=True)


@contextmanager
def warnings_in_one_line(command: str) -> Iterator[None]:
    """Says warnings as errors are said, without the line of code that they come from."""

    def show(message: Warning | str, *_where: object, **_more: object) -> None:
        say(" ".join(str(message).split()), command)

    with warnings.catch_warnings():
        warnings.showwarning = show
        yield
