"""The command `rnn-widgets search`: a recipe and ranges in, a table of trials and the best recipe out."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from rnn_widgets.cli.console import in_one_line, read_training_text, say, warnings_in_one_line
from rnn_widgets.models.recipe_files import recipe_toml
from rnn_widgets.models.recipes import available_recipes
from rnn_widgets.models.search import Range, Search, Trial, load_space, parse_range, search
from rnn_widgets.terminal.output import Target, target_of, write
from rnn_widgets.terminal.tables import Cell, Table
from rnn_widgets.terminal.visible import glyphs

_COMMAND = "rnn-widgets search"
_SHOWN = 10
_NO_TRIAL, _MISTAKE, _INTERRUPTED = 1, 2, 130


def add_search_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `run_search`."""
    parser.add_argument("recipe", help=f"one of {', '.join(available_recipes())}, or the path of a TOML file")
    add = parser.add_argument_group("what to search").add_argument
    add("--space", metavar="FILE", help="TOML file with a range for each key")
    add(
        "--over",
        action="append",
        default=[],
        metavar="RANGE",
        help="KEY=LOW..HIGH, KEY=LOW..HIGH log, KEY=LOW..HIGH step N, or KEY=A,B,C; may be given several times",
    )
    add = parser.add_argument_group("how to search").add_argument
    add("--trials", type=int, default=20, metavar="N", help="in the end, those of the study included (default 20)")
    add("--sampler", choices=("tpe", "random", "grid"), default="tpe", help="default tpe")
    add("--pruner", choices=("median", "halving", "none"), default="median", help="default median")
    add("--seed", type=int, default=0, metavar="N", help="of the sampler (default 0)")
    add("--study", metavar="FILE", help="keep the trials in FILE, and go on from those that are in it")
    add("--text", metavar="FILE", help="train on this UTF-8 text, not the recipe's; - is standard input")
    add("--output", type=Path, metavar="FILE", help="write the best recipe to FILE, which must not exist yet")


def run_search(arguments: argparse.Namespace) -> int:
    """Searches and reports.

    Returns:
        0 if a trial finished, 1 if none did, 2 if the arguments do not fit, 130 if it was interrupted.
    """
    try:
        _check_output(arguments.output)
        with warnings_in_one_line(_COMMAND):
            found = search(
                arguments.recipe,
                _space(arguments),
                trials=arguments.trials,
                study=arguments.study,
                sampler=arguments.sampler,
                pruner=None if arguments.pruner == "none" else arguments.pruner,
                seed=arguments.seed,
                text=None if arguments.text is None else read_training_text(arguments.text),
                on_trial=_say_last,
            )
        _print(found)
        return _finish(found, arguments)
    except (ImportError, OSError, ValueError) as error:
        say(in_one_line(error), _COMMAND)
        return _MISTAKE


def _space(arguments: argparse.Namespace) -> dict[str, Range]:
    space = {} if arguments.space is None else load_space(arguments.space)
    space |= map(parse_range, arguments.over)
    if not space:
        raise ValueError(
            'What is to be searched? Give --over "training.learning_rate=1e-4..1e-2 log", or --space FILE.'
        )
    return space


def _check_output(path: Path | None) -> None:
    if path is not None and path.exists():
        raise ValueError(f"{path} exists already: give --output another name.")
    if path is not None and not path.parent.is_dir():
        raise ValueError(f"There is no folder {path.parent}: make it, or give --output another name.")


def _finish(found: Search, arguments: argparse.Namespace) -> int:
    best = found.best_trial
    goes_on = found.interrupted and arguments.study is not None
    if best is not None:
        print(
            f"\nTrial {best.number} is the best of {len(found)}: {best.held_out_loss:.3f} bits per token on text that "
            "was held out to choose by, which flatters it.\nTrain the best recipe to see what it reaches on the "
            "recipe's own held-out text, which the search did not read."
        )
    if best is not None and arguments.output is not None and not goes_on:
        with arguments.output.open("x", encoding="utf-8", newline="\n") as file:
            file.write(recipe_toml(found.best))
        print(f"The best recipe is in {arguments.output}.")
    sys.stdout.flush()
    if found.interrupted:
        say("stopped; the same command goes on from here" if goes_on else "stopped", _COMMAND)
        return _INTERRUPTED
    if best is None:
        reasons = [trial.reason for trial in found.trials if trial.reason]
        say(" ".join(["No trial finished.", *reasons[-1:]]), _COMMAND)
    return 0 if best is not None else _NO_TRIAL


def _print(found: Search) -> None:
    target = target_of(sys.stdout, "auto", None, None)
    trials = sorted(
        (trial for trial in found.trials if trial.state == "finished"), key=lambda trial: trial.held_out_loss
    )
    counts = Counter(trial.state for trial in found.trials)
    told = ", ".join(f"{count} {state}" for state, count in counts.items())
    title = f"{found.recipe.name}: {len(found)} trials ({told})" if found.trials else f"{found.recipe.name}: no trials"
    heads = (
        "trial",
        "held-out bits",
        "epochs",
        "seconds",
        *(_shown(key.partition(".")[2], target) for key in found.space),
    )
    table = Table(title, heads, [_row(trial, found, target) for trial in trials[:_SHOWN]])
    lines = table.head_lines(target, target.width) + (table.body_lines(target, target.width) if trials else [])
    write(lines, sys.stdout, target, title)


def _row(trial: Trial, found: Search, target: Target) -> list[Cell]:
    numbers = (str(trial.number), f"{trial.held_out_loss:.3f}", str(trial.epochs), f"{trial.seconds:.1f}")
    values = (_shown(_word(trial.values[key]), target) for key in found.space)
    return [Cell(word) for word in (*numbers, *values)]


def _word(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _shown(text: str, target: Target) -> str:
    """The text with nothing in it that steers the terminal."""
    return "".join(glyph.shown for glyph in glyphs(text, target.can_show))


def _say_last(found: Search) -> None:
    """Tells of each trial where no progress bar does."""
    if sys.stderr.isatty():
        return
    trial = found.trials[-1]
    reached = "" if trial.held_out_loss != trial.held_out_loss else f" at {trial.held_out_loss:.3f} bits per token"
    say(f"trial {trial.number} {trial.state}{reached}: {_values(trial)}. {trial.reason}".rstrip(" "), _COMMAND)


def _values(trial: Trial) -> str:
    return ", ".join(f"{key}={_word(value)}" for key, value in trial.values.items())
