"""`show`: the activations of proposed or chosen neurons as coloured text."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TextIO

from rnn_widgets import features
from rnn_widgets.activations import Activations
from rnn_widgets.features import Feature
from rnn_widgets.terminal.neurons import Neurons
from rnn_widgets.terminal.output import target_of, write
from rnn_widgets.terminal.proposal import propose
from rnn_widgets.terminal.report import report


def show(
    acts: Activations,
    feature: Feature | str | Sequence[Feature | str] | None = None,
    *,
    signal: str = "hidden",
    layer: int = -1,
    top: int = 2,
    radius: int = 1,
    neurons: Neurons | None = None,
    theme: Literal["auto", "dark", "light"] = "auto",
    width: int | None = None,
    file: TextIO | str | Path | None = None,
    color: bool | Literal["truecolor", "256", "16"] | None = None,
) -> None:
    """Writes the text once for each neuron, each token on the colour of its activation, and what stands out in numbers.

    Red is positive, blue negative; tokens of the feature are underlined. Control characters are shown as escapes and
    never reach the terminal. Where there is no colour (a pipe, `NO_COLOR`, `TERM=dumb`) digits above each line of text
    give the strength of positive activations, digits below it that of negative ones.

    Args:
        acts: what to show.
        feature: the tokens to compare with the others: a Feature or a regular expression for whole tokens; of several,
            each has its own report. Without one, neurons with the strongest rhythm are proposed.
        signal: which activations.
        layer: of which layer; a negative one counts from the last.
        top: how many neurons to propose.
        radius: how many neighbours to show on either side of each proposed one.
        neurons: show these instead: indices, slices, or a string such as "595:599,12" (stop not included).
        theme: "auto" asks the environment (COLORFGBG) and takes "dark" when it does not say.
        width: columns, from 20; the terminal's if not given, 100 in a file.
        file: an open text file, or the path of a .txt, .ansi, .html or .svg file to write; if not given, standard
            output.
        color: True, False, or "truecolor", "256" or "16" colours. If not given, what the terminal can do, FORCE_COLOR
            and NO_COLOR decide.

    Raises:
        KeyError: for an unknown signal or layer.
        ValueError: for neurons that do not exist, a bad pattern, or another option out of its range.
    """
    given = [feature] if feature is None or isinstance(feature, Feature | str) else list(feature)
    wanted = [features.regex(entry) if isinstance(entry, str) else entry for entry in given or [None]]
    signal, layer = acts.key(signal, layer)
    goal = Path(file) if isinstance(file, str | Path) else file or sys.stdout
    target = target_of(goal, theme, width, color)
    proposals = [propose(acts, entry, signal, layer, top, radius, neurons) for entry in wanted]
    lines = report(acts, proposals, target)
    write(lines, goal, target, f"{signal}, layer {layer}")
