"""Progress bars that show themselves only where somebody looks: on a terminal and in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import isnan
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from rnn_widgets.models.compilation import said_while_compiling
from rnn_widgets.models.history import Report

Show: TypeAlias = Callable[[Report], None]


@contextmanager
def training_progress(
    name: str, total: int, wanted: bool | None = None, done: int = 0, history: Sequence[Report] = ()
) -> Iterator[Show]:
    """A bar with loss and tokens per second over `total` steps; yields the function that shows a report.

    It says when something is being compiled, as the first step is.

    Args:
        name: what stands before the bar.
        total: number of steps.
        wanted: True or False; None shows it on a terminal and in a notebook.
        done: steps that an earlier run did, from which the bar starts; the time left is reckoned from later ones.
        history: what the earlier run reported.
    """
    console = Console(stderr=True)
    shown = (console.is_terminal or console.is_jupyter) if wanted is None else wanted
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} steps  {task.fields[state]}{task.fields[compiling]}"),
        TimeRemainingColumn(),
    )
    held_out = ""

    def state(report: Report) -> str:
        nonlocal held_out
        if not isnan(report.held_out_loss):
            held_out = f"  held-out {report.held_out_loss:.3f} bits"
        return f"loss {report.loss:.3f} bits{held_out}  {report.tokens_per_second:,.0f} tokens/s"

    states = [state(report) for report in history]
    with Progress(*columns, console=console, disable=not shown) as bar:
        task = bar.add_task(name, total=total, completed=done, state=states[-1] if states else "", compiling="")
        with said_while_compiling(lambda begun: bar.update(task, compiling="  compiling" if begun else "")):
            yield lambda report: bar.update(task, completed=report.step, state=state(report))


class Counted:
    """A bar over tokens: called with a number of tokens, it moves on by these."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar, self._task = bar, task

    def __call__(self, tokens: int) -> None:
        self._bar.advance(self._task, tokens)

    def say(self, doing: str) -> None:
        """Names what is done from now on."""
        self._bar.update(self._task, description=doing, refresh=True)


@contextmanager
def counted_progress(name: str, total: int, wanted: bool | None = None, least: int = 50_000) -> Iterator[Counted]:
    """A bar over `total` tokens, by default only where there are `least`; yields what advances it.

    It says so while something is compiled.
    """
    console = Console(stderr=True)
    interactive = (console.is_terminal or console.is_jupyter) and total >= least
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} tokens{task.fields[compiling]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not (interactive if wanted is None else wanted)) as bar:
        task = bar.add_task(name, total=total, compiling="")

        def say(begun: bool) -> None:
            bar.update(task, compiling="  compiling" if begun else "", refresh=True)

        with said_while_compiling(say):
            yield Counted(bar, task)


@contextmanager
def trials_progress(name: str, total: int, wanted: bool | None = None) -> Iterator[Callable[[int, str], None]]:
    """A bar over the trials of a search; yields the function that shows how many are done, and a word beside them."""
    console = Console(stderr=True)
    shown = (console.is_terminal or console.is_jupyter) if wanted is None else wanted
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} trials  {task.fields[state]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not shown) as bar:
        task = bar.add_task(name, total=total, state="")
        yield lambda done, state: bar.update(task, completed=done, state=state)
