"""The command `rnn-widgets`. Results go to standard output, what it is doing and errors to standard error."""

from __future__ import annotations

import argparse
import importlib.resources
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import rnn_widgets
from rnn_widgets import features
from rnn_widgets.cli.console import in_one_line, say
from rnn_widgets.cli.export import EXAMPLES, HELP, add_export_arguments
from rnn_widgets.cli.sources import activations, add_choice_arguments, add_source_arguments, progress

MISTAKE = 2
INTERRUPTED = 130
HOST = "127.0.0.1"
PORT = 8866

# It keeps pages from loading anything from elsewhere: voila's own template names a public server's style sheet.
_VOILA_CONFIG = Path(__file__).parent / "voila_config"

_STARTING_SECONDS = 120

_SHOW_HELP = """\
Show text on the colours of its activations, for the neurons that respond most to a feature, then their relevance and
the strongest frequencies. The model writes the text itself, unless --text or --activations gives one."""
_SHOW_EXAMPLES = """\
examples:
  rnn-widgets show --model word-lstm --feature " " --signal hidden --top 2
  rnn-widgets show --feature "[.?!]" --signal output_gate --text chapter.txt --output chapter.html
  rnn-widgets show --activations recording.safetensors --neurons 595:599,12 | less

NO_COLOR and a pipe give digits in place of colours; FORCE_COLOR=1, 2 or 3 gives at least 16, 256 or all colours."""

_SEARCH_HELP = """\
Search for the values of a recipe with the lowest held-out loss: train it again and again, each time with other values,
and end early what does worse than the others. Only the recipe's training text is read, of which a part is held out
once more: train the best recipe to see what it reaches on the recipe's own held-out text."""
_SEARCH_EXAMPLES = """\
examples:
  rnn-widgets search char-rnn --over "training.learning_rate=1e-4..1e-2 log" --over "model.hidden=128,256,512"
  rnn-widgets search word-lstm --space space.toml --trials 50 --study word-lstm.study --output best.toml

A space file is laid out as a recipe, with a range or a list in place of each value:
  [model]
  hidden = [128, 256, 512]
  [training]
  learning_rate = { low = 1e-4, high = 1e-2, log = true }
  rows = { low = 8, high = 64, step = 8 }

Ctrl+C ends the search and shows what there is; with --study, the same command goes on from there."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(MISTAKE, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command with the given arguments, by default those of the process.

    Returns:
        The exit status: 0, 2 after a mistake of the user, which is told in one line, 130 when interrupted.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _parser(given).parse_args(given)
        status = options.run(options)
        sys.stdout.flush()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else MISTAKE
    except BrokenPipeError:
        # the reader has gone: nothing more may be written, not even when Python flushes at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        say("stopped")
        return INTERRUPTED
    except (ImportError, KeyError, OSError, ValueError) as error:
        say(in_one_line(error))
        return MISTAKE
    return int(status or 0)


def dashboard() -> Path:
    """The dashboard notebook: in the installed package, or in the repository of an editable install.

    Raises:
        FileNotFoundError: if it is in neither.
    """
    packaged = Path(str(importlib.resources.files(rnn_widgets)))
    places = [folder / "notebooks" / "dashboard.ipynb" for folder in (packaged, packaged.parent)]
    for place in places:
        if place.is_file():
            return place
    raise FileNotFoundError(f"The dashboard notebook is missing, looked for at {' and '.join(map(str, places))}.")


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    parser = _Parser(prog="rnn-widgets", description="See what a recurrent neural network does.")
    parser.add_argument("--version", action="version", version=f"rnn-widgets {rnn_widgets.__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_show(commands)
    export = commands.add_parser(
        "export",
        help="write an interactive page, or a picture",
        description=HELP,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_export_arguments(export)
    train = commands.add_parser("train", help="train a model from a recipe", description="Train a model from a recipe.")
    if given[:1] == ["train"]:
        # only this command pays for importing jax
        from rnn_widgets.cli.train import add_train_arguments, run_train

        add_train_arguments(train)
        train.set_defaults(run=run_train)
    search = commands.add_parser(
        "search",
        help="search for a recipe's best values",
        description=_SEARCH_HELP,
        epilog=_SEARCH_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if given[:1] == ["search"]:
        from rnn_widgets.cli.search import add_search_arguments, run_search

        add_search_arguments(search)
        search.set_defaults(run=run_search)
    _add_demo(commands)
    return parser


def _add_show(commands: argparse._SubParsersAction[_Parser]) -> None:
    show = commands.add_parser(
        "show",
        help="show text coloured by its activations in the terminal",
        description=_SHOW_HELP,
        epilog=_SHOW_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_source_arguments(show)
    chosen = show.add_argument_group("what to show")
    add_choice_arguments(chosen)
    add = chosen.add_argument
    add("--top", type=int, default=2, help="neurons to propose (default 2)")
    add("--radius", type=int, default=1, help="neighbours on either side of each (default 1)")
    add(
        "--neurons",
        metavar="SPEC",
        help="show these: indices from 0 and intervals START:STOP, as in Python without STOP, parted by commas; "
        "595:599,12 is 595, 596, 597, 598 and 12",
    )
    add = show.add_argument_group("how to show it").add_argument
    add("--output", metavar="FILE", help="write to FILE: .txt, .ansi, .html or .svg")
    add("--theme", choices=("auto", "dark", "light"), default="auto", help="default auto: as COLORFGBG says, else dark")
    add("--width", type=int, help="columns, from 20 (default: the terminal's; 100 in a file)")
    show.set_defaults(run=_show)


def _add_demo(commands: argparse._SubParsersAction[_Parser]) -> None:
    demo = commands.add_parser("demo", help="open the dashboard in a browser", description="Serve the dashboard.")
    demo.add_argument("--port", type=int, default=PORT, help=f"default {PORT}")
    demo.add_argument("--no-browser", action="store_true", help="only print the address")
    demo.set_defaults(run=_demo)


def _show(options: argparse.Namespace) -> None:
    from rnn_widgets.terminal import show
    from rnn_widgets.terminal.output import target_of

    target_of(Path(options.output) if options.output else sys.stdout, options.theme, options.width, None)
    chosen = [features.regex(pattern) for pattern in options.feature or []]
    acts = activations(options)
    show(
        acts,
        chosen,
        signal=options.signal,
        layer=options.layer,
        top=options.top,
        radius=options.radius,
        neurons=options.neurons,
        theme=options.theme,
        width=options.width,
        file=options.output,
    )
    if options.output:
        say(f"wrote {options.output}")


def _demo(options: argparse.Namespace) -> int:
    if importlib.util.find_spec("voila") is None:
        raise ImportError("The dashboard is served by voila. Install it with: pip install 'rnn-widgets[app]'")
    notebook = dashboard()
    _check_port(options.port)
    address = f"http://{HOST}:{options.port}"
    progress("starting the dashboard")
    # a plain termination would leave the server behind
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = _serve(notebook, options.port)
    try:
        _wait_for(server, options.port)
        print(f"The dashboard is at {address} (end with Ctrl+C)", flush=True)
        if not options.no_browser and _has_screen():
            webbrowser.open(address)
        return server.wait()
    finally:
        server.terminate()
        server.wait()


def _serve(notebook: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "voila", str(notebook), f"--Voila.ip={HOST}", f"--port={port}", "--no-browser"]
    config = os.pathsep.join(filter(None, [str(_VOILA_CONFIG), os.environ.get("JUPYTER_CONFIG_PATH")]))
    return subprocess.Popen(command, env={**os.environ, "JUPYTER_CONFIG_PATH": config})


def _check_port(port: int) -> None:
    if not 0 < port < 65536:
        raise ValueError(f"A port is a number from 1 to 65535, got {port}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise OSError(f"Port {port} cannot be used ({error.strerror}): choose another with --port.") from None


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _STARTING_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise OSError(f"voila ended while starting, with status {server.returncode}.")
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise OSError(f"voila did not answer on port {port} within {_STARTING_SECONDS} seconds.")


def _has_screen() -> bool:
    """Whether a browser would have a screen: without one, a text browser would take over the terminal."""
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
