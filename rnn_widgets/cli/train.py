"""The command `rnn-widgets train`: arguments in, a saved model and what it reached out."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import NoReturn

from rnn_widgets.cli.console import in_one_line, read_training_text, say, warnings_in_one_line
from rnn_widgets.models.history import History
from rnn_widgets.models.packaged import save_model
from rnn_widgets.models.recipes import Recipe, available_recipes
from rnn_widgets.models.training import (
    LostProcessError,
    OtherProcessError,
    TrainingDivergedError,
    about,
    is_first,
    join_processes,
    together,
    train,
)

_COMMAND = "rnn-widgets train"


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `run_train`."""
    parser.add_argument("recipe", help=f"one of {', '.join(available_recipes())}, or the path of a TOML file")
    parser.add_argument(
        "--text", metavar="FILE", help="train on this UTF-8 text, not the recipe's; - is standard input"
    )
    parser.add_argument("--output", type=Path, metavar="DIR", help="folder for the model (default: the recipe's name)")
    parser.add_argument(
        "--checkpoint",
        type=Path,
        metavar="DIR",
        help="folder for checkpoints (default: checkpoints in the output folder)",
    )
    parser.add_argument(
        "--checkpoint-seconds", type=float, default=60.0, metavar="S", help="seconds between checkpoints (default: 60)"
    )
    parser.add_argument(
        "--checkpoint-steps",
        type=int,
        default=0,
        metavar="N",
        help="also write one after every N steps (default: none)",
    )
    parser.add_argument("--epochs", type=int, metavar="N", help="read the text N times, not as the recipe says")
    parser.add_argument("--seed", type=int, metavar="N", help="seed of everything random, instead of the recipe's")
    parser.add_argument(
        "--devices",
        type=int,
        metavar="N",
        help="devices of each process that share a batch's rows (default: all that fit)",
    )
    add = parser.add_argument_group("several processes, each started with the same command").add_argument
    add("--distributed", action="store_true", help="train in all of them; alone it asks the cluster, such as Slurm's")
    add("--coordinator", metavar="HOST:PORT", help="where process 0 listens, and all can reach it")
    add("--processes", type=int, metavar="N", help="how many there are")
    add("--process", type=int, metavar="K", help="which this is, from 0; 0 prints, saves and keeps checkpoints")


def run_train(arguments: argparse.Namespace) -> int:
    """Trains, saves and reports.

    Checkpoints are written after each epoch and within long ones: the same command goes on from the last of them.

    Of several processes, the first one prints and writes; each says its own errors.

    Returns:
        0 if a model was saved, 130 if one was but somebody interrupted the training, 2 if the arguments do not fit, 1
        if the training failed.
    """
    try:
        _join(arguments)
        with together():
            recipe = _recipe(arguments)
            text = None if arguments.text is None else read_training_text(arguments.text)
            output = arguments.output or Path(recipe.name)
            if is_first():
                output.mkdir(parents=True, exist_ok=True)
        with warnings_in_one_line(_COMMAND):
            model, history = train(
                recipe,
                _print_epoch if is_first() else None,
                text=text,
                checkpoint=arguments.checkpoint or output / "checkpoints",
                checkpoint_seconds=arguments.checkpoint_seconds,
                checkpoint_steps=arguments.checkpoint_steps,
                devices=arguments.devices,
            )
    except (ValueError, OSError, ModuleNotFoundError) as error:
        say(in_one_line(error), _COMMAND)
        return 2
    except LostProcessError as error:
        say(in_one_line(error), _COMMAND)
        _leave(1)
    except (TrainingDivergedError, OtherProcessError) as error:
        say(in_one_line(error), _COMMAND)
        return 1
    except KeyboardInterrupt:
        if not arguments.distributed:
            raise
        say("stopped", _COMMAND)
        _leave(130)
    status = 130 if history.end is not None and history.end.reason == "interrupted" else 0
    if not is_first():
        return status
    save_model(model, output, about(recipe, history), half=True)
    best = history.best
    if best is None:
        print(f"Stopped before the held-out loss was measured; the model as it was is in {output}.")
    else:
        print(
            f"{recipe.name} reached {best.held_out_loss:.3f} bits per token on the held-out text "
            f"({best.held_out_accuracy:.1%} of its tokens predicted) after {best.epoch:.3g} epochs; it is in {output}."
        )
    return status


def _join(arguments: argparse.Namespace) -> None:
    given = {name: getattr(arguments, name) for name in ("coordinator", "processes", "process")}
    if arguments.distributed:
        join_processes(**given)
        return
    alone = [f"--{name}" for name, value in given.items() if value is not None]
    if alone:
        raise ValueError(f"{alone[0]} is for several processes: give --distributed too.")


def _leave(status: int) -> NoReturn:
    """Ends at once: at a usual end JAX would wait for the processes that are gone, and then abort this one."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _recipe(arguments: argparse.Namespace) -> Recipe:
    recipe = Recipe.load(arguments.recipe)
    given = {"epochs": arguments.epochs, "seed": arguments.seed}
    changes = {name: value for name, value in given.items() if value is not None}
    return replace(recipe, training=replace(recipe.training, **changes))


def _print_epoch(history: History) -> None:
    report = history.reports[-1]
    if not isnan(report.held_out_loss) and not sys.stderr.isatty():
        print(
            f"epoch {report.epoch:.3g}: {report.loss:.3f} bits per token in training, "
            f"{report.held_out_loss:.3f} held out, {report.tokens_per_second:,.0f} tokens/s",
            flush=True,
        )
