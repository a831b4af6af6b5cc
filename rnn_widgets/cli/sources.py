"""Where a command's activations come from: options that say it, and the recording that they describe."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from rnn_widgets.activations import Activations
from rnn_widgets.cli.console import read_text, say

if TYPE_CHECKING:
    from rnn_widgets.text import Text

_DEFAULT_MODEL = "word-lstm"
_DEFAULT_PROMPT = "Call me"
_DEFAULT_LENGTH = 400
_WRITING = ("prompt", "length", "seed", "temperature")


def add_source_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `activations`."""
    add = parser.add_argument_group("where the activations come from").add_argument
    add("--model", metavar="NAME", help=f"a packaged model, or the path of a saved one (default {_DEFAULT_MODEL})")
    add("--text", metavar="FILE", help="read this UTF-8 text; - is standard input")
    add("--prompt", help=f'have the model go on from this (default "{_DEFAULT_PROMPT}")')
    add("--length", type=int, help=f"tokens that the model writes (default {_DEFAULT_LENGTH})")
    add("--seed", type=int, help="the same seed writes the same text (default 0)")
    add("--temperature", type=float, help="below 1 bolder, above 1 wilder (default 1)")
    add("--activations", metavar="FILE", help="a recording saved by Activations.save; needs no jax")


def add_choice_arguments(parser: argparse._ArgumentGroup) -> None:
    """Adds what is chosen of the activations: features, signal and layer."""
    add = parser.add_argument
    add("--feature", action="append", metavar="REGEX", help="tokens to find neurons for; may be given several times")
    add("--signal", default="hidden", help="hidden, cell, input_gate, ... (default hidden)")
    add("--layer", type=int, default=-1, help="from 0, or from the last, -1 (default -1)")


def activations(options: argparse.Namespace) -> Activations:
    """The recording that the options describe, loaded or made.

    Raises:
        ValueError: if the options contradict each other, or a file does not hold what it should.
        OSError: if a file cannot be read.
    """
    writing = [f"--{name}" for name in _WRITING if getattr(options, name) is not None]
    if options.activations is not None:
        unused = [f"--{name}" for name in ("model", "text") if getattr(options, name) is not None] + writing
        if unused:
            raise ValueError(f"--activations is a finished recording: leave out {', '.join(unused)}.")
        return Activations.load(options.activations)
    if options.text is not None and writing:
        raise ValueError(f"With --text the model reads and writes nothing: leave out {', '.join(writing)}.")
    read = None if options.text is None else read_text(options.text)
    name = options.model or _DEFAULT_MODEL
    progress(f"loading {name}")
    from rnn_widgets.models import generate, load_model, record

    model = load_model(name)
    text: Text | str
    if read is None:
        length = _DEFAULT_LENGTH if options.length is None else options.length
        progress(f"writing {length} tokens (compiling first)")
        text = generate(
            model,
            _DEFAULT_PROMPT if options.prompt is None else options.prompt,
            length=length,
            seed=options.seed or 0,
            temperature=1.0 if options.temperature is None else options.temperature,
        )
    else:
        text = read
    progress("recording")
    return record(model, text)


def progress(message: str) -> None:
    """Says what takes its time, to someone who watches."""
    if sys.stderr is not None and sys.stderr.isatty():
        say(message)
