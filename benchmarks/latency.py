"""How long a choice takes from the input event to the painted frame, beside bqplot's and plotly's pictures.

`python -m benchmarks.latency` starts a real voila, a real JupyterLab and a real Chromium and prints tables in Markdown,
in about ten minutes; `--small` leaves out the recording of 4,096 neurons x 100,000 tokens, which needs 8 GB of memory.
plotly comes with `pip install --group benchmark`.

Medians over 25 choices each (of the others, which take seconds, over 5; of 3-D frames over 9), ours and theirs in
turn in voila and in one Chromium, of which no tool reads the network. There is no graphics card: 2-D canvases and the
page are drawn in main memory, which is faster here than a renderer that plays the card (bqplot's heat map some ten
times), and leaves the processor's cores to page and kernel; the card is played for 3-D alone. The clock starts with
the time stamp of the input event, and stops when the page has painted the frame in which every view shows the choice.
The frame rate is not limited, so nothing waits for a screen, and each choice finds the page at rest. The large
recording is opened in a page of JupyterLab that is there already.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle

from benchmarks.devtools import Chromium, Tab, chromium
from benchmarks.latency_pages import beside_plotly, bqplot_in_voila, ours_in_lab, ours_in_voila
from benchmarks.machine import machine

SMALL = (1024, 1000)
LARGE = (4096, 100_000)
CHOICES = 25
FRAMES = 9
PEERS_EVERY = 5
SCREEN = (1280, 1000)
PACKAGES = ["anywidget", "bqplot", "ipywidgets", "jupyterlab", "plotly", "voila"]
REST_SECONDS = 0.6
HEATMAP, SURFACE, TOOLBAR = ".rw-relevance-heatmap", ".rw-fourier-surface", ".rw-toolbar"
OPTIONS = [
    "--disable-accelerated-2d-canvas",
    "--disable-gpu-compositing",
    "--disable-frame-rate-limit",
    "--disable-gpu-vsync",
    "--disable-background-timer-throttling",
]


@dataclass(frozen=True)
class Act:
    """Something that a user does in a page; `run` gives the milliseconds until it is painted."""

    name: str
    page: Tab
    run: Callable[[], float]
    every: int = 1
    """Runs in every n-th round only."""


def main() -> None:
    """Prints all tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="only 1,024 neurons x 1,000 tokens")
    options = parser.parse_args()
    print(
        "## Latency of the widgets\n\nWritten by `python -m benchmarks.latency`.",
        " ".join(__doc__.split("\n\n")[2].split()),
    )
    with chromium(SCREEN, OPTIONS) as browser:
        beside_peers(browser)
        if not options.small:
            at_full_size(browser)
        print(f"\nMeasured on {machine(*PACKAGES)}, Chromium {browser.version}.")


def beside_peers(browser: Chromium) -> None:
    """Prints what choices take at the size that others open too."""
    neurons, tokens = SMALL
    with ExitStack() as pages:
        page = pages.enter_context(ours_in_voila(browser, *SMALL))
        plotly = pages.enter_context(beside_plotly(browser, *SMALL))
        with bqplot_in_voila(browser, *SMALL) as bqplot:
            reference = Act("bqplot HeatMap, repainted", bqplot, lambda: called(bqplot, "repaint"), PEERS_EVERY)
            acts = [
                pressed("neuron", page, ["ArrowDown"], "neuron"),
                *choices(page),
                selected("another signal, every cell repainted", page, "signal", ["other", "hidden"]),
                reference,
                Act("plotly heat map, repainted", plotly, lambda: called(plotly, "repaint"), PEERS_EVERY),
            ]
            show(f"{neurons:,} neurons x {tokens:,} tokens, all shown in three linked views", acts, CHOICES, reference)
        plotly.evaluate("window.openSurface()")
        page.show()
        page.evaluate(changed(f"{SURFACE} select[name=mode]", "3d"))
        page.wait_for(f"document.querySelector(`{SURFACE}[data-mode='3d']`)")
        turned = Act("plotly surface, turning", plotly, lambda: called(plotly, "turn"), FRAMES // 3)
        frames = [pressed("our surface, turning", page, ["ArrowRight"], None, SURFACE), turned]
        show(f"A frame of the surface of {neurons:,} neurons x {tokens // 2 + 1} frequencies", frames, FRAMES, turned)


def at_full_size(browser: Chromium) -> None:
    """Prints what opening and choices take where the array stays in the kernel."""
    neurons, tokens = LARGE
    with ours_in_lab(browser, *LARGE) as page:
        print(
            f"\n### Opening {neurons:,} neurons x {tokens:,} tokens\n\n"
            "| from the cell's start to | seconds |\n|---|---|"
        )
        for what, seconds in page.evaluate("window.opening").items():
            print(f"| {what} | {seconds:.1f} |")
        title = f"{neurons:,} neurons x {tokens:,} tokens, all shown in three linked views"
        down = pressed("neuron, first seen: its rows come from the kernel", page, ["ArrowDown"], "neuron")
        there_and_back = pressed("neuron, seen before", page, ["ArrowUp", "ArrowDown"], "neuron")
        took = [measured(acts, CHOICES) for acts in ([down], [there_and_back], choices(page))]
        table(title, [row for rows in took for row in rows], None)


def choices(page: Tab) -> list[Act]:
    """What is chosen in the same way at every size."""
    lows = cycle(["0.1", "0.2"])

    def band() -> float:
        return timed(page, "change", "band", lambda: page.evaluate(changed(f"{SURFACE} input[name=low]", next(lows))))

    return [
        pressed("token", page, ["ArrowRight"], "token"),
        selected("feature", page, "feature", ["two", "one"]),
        Act("band", page, band),
    ]


def pressed(name: str, page: Tab, keys: Sequence[str], attribute: str | None, view: str = HEATMAP) -> Act:
    """Presses the keys in turn on the view's picture."""
    turn = cycle(keys)

    def run() -> float:
        page.evaluate(f"document.querySelector('{view} canvas').focus()")
        return timed(page, "keydown", attribute, lambda: page.press(next(turn)))

    return Act(name, page, run)


def selected(title: str, page: Tab, name: str, values: Sequence[str]) -> Act:
    """Chooses the values in turn in the toolbar."""
    turn = cycle(values)
    field = f"{TOOLBAR} select[name={name}]"
    return Act(title, page, lambda: timed(page, "change", name, lambda: page.evaluate(changed(field, next(turn)))))


def changed(field: str, value: str) -> str:
    """Gives a field another value, as a user does who then leaves it."""
    return f"""(() => {{
      const field = document.querySelector({json.dumps(field)});
      field.value = {json.dumps(value)};
      field.dispatchEvent(new Event("change", {{ bubbles: true }}));
    }})()"""


def timed(page: Tab, event: str, attribute: str | None, act: Callable[[], object]) -> float:
    """From the next event of this kind to the frame in which every view has another value of the attribute."""
    page.evaluate(f"window.watch({json.dumps(event)}, {json.dumps(attribute)})")
    act()
    return called(page, "watched")


def called(page: Tab, name: str) -> float:
    return float(page.evaluate(f"window.{name}()"))


def show(title: str, acts: Sequence[Act], times: int, reference: Act) -> None:
    table(title, measured(acts, times), reference.name)


def measured(acts: Sequence[Act], times: int) -> list[tuple[str, list[float]]]:
    """Runs the acts in turn, so that whatever else the machine does meets all alike."""
    took: dict[str, list[float]] = {act.name: [] for act in acts}
    for turn in range(times + 1):
        for act in acts:
            if turn % act.every:
                continue
            act.page.show()
            time.sleep(REST_SECONDS)
            milliseconds = act.run()
            if turn:  # the first time warms up
                took[act.name].append(milliseconds)
    return list(took.items())


def table(title: str, took: Sequence[tuple[str, list[float]]], reference: str | None) -> None:
    """Prints medians and quartiles, and how much longer the reference takes."""
    medians = {name: statistics.median(values) for name, values in took}
    ratio = f" | {reference} / this" if reference else ""
    print(
        f"\n### {title}\n\n| choice | median, ms | middle half, ms{ratio} |\n|---|---|---{'|---' if reference else ''}|"
    )
    for name, values in took:
        low, _, high = statistics.quantiles(values, n=4)
        times_faster = f" | {medians[reference] / medians[name]:.1f}" if reference else ""
        print(f"| {name} | {medians[name]:.1f} | {low:.1f}-{high:.1f}{times_faster} |", flush=True)


if __name__ == "__main__":
    main()
