"""The command `rnn-widgets export`: an interactive page, or a picture, out of activations."""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path
from typing import Any

from rnn_widgets import features
from rnn_widgets.cli.console import say
from rnn_widgets.cli.sources import activations, add_choice_arguments, add_source_arguments, progress

HELP = """\
Write the linked views into one HTML file, which any browser opens without Python and without a network, or one view's
picture into a PNG or SVG file, which an installed Chromium, Chrome or Edge draws."""
EXAMPLES = """\
examples:
  rnn-widgets export --model word-lstm --feature " " --output page.html
  rnn-widgets export --feature "[.?!]" --signal output_gate --view heatmap --output heatmap.svg
  rnn-widgets export --activations recording.safetensors --view surface --theme dark --output surface.png"""

_VIEWS = ("text", "heatmap", "surface")
_KINDS = (".html", ".png", ".svg")


def add_export_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `run_export`."""
    add_source_arguments(parser)
    shown = parser.add_argument_group("what to show")
    add_choice_arguments(shown)
    shown.add_argument("--neuron", type=int, help="select this one (default: the most relevant)")
    shown.add_argument("--view", choices=_VIEWS, help="of a picture: which view (default heatmap)")
    add = parser.add_argument_group("how to write it").add_argument
    add("--output", metavar="FILE", required=True, help="write to FILE: .html, .png or .svg")
    add("--title", help="of the page (default: what it shows)")
    add(
        "--max-size", type=float, metavar="MB", help="most megabytes of a page (default 25); it says what it leaves out"
    )
    add("--theme", choices=("light", "dark"), help="of a picture (default light); a page follows the reader's system")
    add("--width", type=int, metavar="PIXELS", help="of a picture (default 900)")
    add("--scale", type=float, help="pixels of a PNG per pixel of width (default 2)")
    parser.set_defaults(run=run_export)


def run_export(options: argparse.Namespace) -> None:
    """Writes the page or the picture, and says where it is."""
    output = Path(options.output)
    kind = output.suffix.lower()
    if kind not in _KINDS:
        raise ValueError(f"--output is a .html, .png or .svg file, got {output.name!r}.")
    _refuse_what_does_not_fit(options, kind)
    # Now, not after a minute of recording.
    from rnn_widgets.widgets.export.html import checked_target

    checked_target(output)
    patterns = [features.regex(pattern) for pattern in options.feature or []]
    acts = activations(options)
    from rnn_widgets.widgets import explore

    chosen = {} if options.neuron is None else {"neuron": options.neuron}
    explorer = explore(acts, patterns, signal=options.signal, layer=options.layer, **chosen)
    progress(f"writing {output}")
    from rnn_widgets.widgets.export import to_html, to_png, to_svg

    if kind == ".html":
        given: dict[str, Any] = {"title": options.title, "max_size": options.max_size and int(options.max_size * 1e6)}
        with warnings.catch_warnings():
            # The summary says the same.
            warnings.simplefilter("ignore", UserWarning)
            say(f"wrote {to_html(explorer, output, **_given(given))}")
        return
    view = getattr(explorer, options.view or "heatmap")
    given = {"width": options.width, "theme": options.theme}
    if kind == ".png":
        to_png(view, output, **_given(given | {"scale": options.scale}))
    else:
        to_svg(view, output, **_given(given))
    say(f"wrote {output}")


def _refuse_what_does_not_fit(options: argparse.Namespace, kind: str) -> None:
    unfit = ("view", "theme", "width", "scale") if kind == ".html" else ("title", "max_size")
    unfit = (*unfit, "scale") if kind == ".svg" else unfit
    unused = [f"--{name.replace('_', '-')}" for name in unfit if getattr(options, name) is not None]
    if unused:
        raise ValueError(f"A {kind} file takes no {', '.join(unused)}: leave it out.")


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}
