"""How long a choice takes from the input event to the painted frame, beside bqplot's and plotly's pictures.

`python -m benchmarks.latency` starts a real voila, a real JupyterLab and a real Chromium and prints tables in Markdown,
in about ten minutes; `--small` leaves out the recording of 4,096 neurons x 100,000 tokens, which needs 8 GB of memory.
plotly comes with `pip install --group benchmark`.

Medians over 25 choices each (of the others, which take seconds, over 5; of 3-D frames over 9), ours and theirs in turn
in voila and in one browser. It has a software renderer, and keeps every 2-D canvas in main memory, where that renderer
draws bqplot's heat map some ten times as fast. The clock starts with the time stamp of the input event, and stops when
the page has painted the frame in which every view shows the choice. The frame rate is not limited, so nothing waits for
a screen, and each choice finds the page at rest. The large recording is opened in a page of JupyterLab that is there
already.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from itertools import cycle
from pathlib import Path

import plotly.offline
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.latency_pages import BQPLOT, PLOTLY, RECORDED, VIEWS, WATCH
from tests.hosts.books import write
from tests.hosts.browser import ARGUMENTS, find_browser
from tests.hosts.pages import open_in_lab
from tests.hosts.servers import jupyterlab, voila

SMALL = (1024, 1000)
LARGE = (4096, 100_000)
CHOICES = 25
FRAMES = 9
PEERS_EVERY = 5
SCREEN = {"width": 1280, "height": 1000}
REST_MS = 600
PATIENCE_MS = 300_000
OPEN = "window.opening?.spectra"
HEATMAP, SURFACE, TOOLBAR = ".rw-relevance-heatmap", ".rw-fourier-surface", ".rw-toolbar"


@dataclass(frozen=True)
class Act:
    """Something that a user does in a page; `run` gives the milliseconds until it is painted."""

    name: str
    page: Page
    run: Callable[[], float]
    every: int = 1
    """Runs in every n-th round only."""


def main() -> None:
    """Prints all tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="only 1,024 neurons x 1,000 tokens")
    options = parser.parse_args()
    print(
        "# Latency of the widgets\n\nWritten by `python -m benchmarks.latency`.",
        " ".join(__doc__.split("\n\n")[2].split()),
    )
    with browser() as chromium:
        beside_peers(chromium)
        if not options.small:
            at_full_size(chromium)
        print(f"\nMeasured on {machine()}, Chromium {chromium.version}.")


def beside_peers(chromium: Browser) -> None:
    """Prints what choices take at the size that others open too."""
    neurons, tokens = SMALL
    with ExitStack() as pages:
        page = pages.enter_context(in_voila(chromium, ours(*SMALL), OPEN))
        code = [BQPLOT.format(neurons=neurons, tokens=tokens)]
        bqplot = pages.enter_context(in_voila(chromium, code, "window.repaint"))
        plotly = pages.enter_context(plotly_page(chromium, *SMALL))
        reference = Act("bqplot HeatMap, repainted", bqplot, lambda: called(bqplot, "repaint"), PEERS_EVERY)
        acts = [
            Act("neuron", page, lambda: pressed(page, HEATMAP, "ArrowDown", "neuron")),
            *choices(page),
            selected(page, "signal", ["other", "hidden"], "another signal, every cell repainted"),
            reference,
            Act("plotly heat map, repainted", plotly, lambda: called(plotly, "repaint"), PEERS_EVERY),
        ]
        show(f"{neurons:,} neurons x {tokens:,} tokens, all shown in three linked views", acts, CHOICES, reference)
        bqplot.close()
        plotly.evaluate("() => window.openSurface()")
        page.bring_to_front()
        page.select_option(f"{SURFACE} select[name=mode]", "3d")
        page.wait_for_selector(f"{SURFACE}[data-mode='3d']")
        turned = Act("plotly surface, turning", plotly, lambda: called(plotly, "turn"), FRAMES // 3)
        frames = [Act("our surface, turning", page, lambda: pressed(page, SURFACE, "ArrowRight", None)), turned]
        show(f"A frame of the surface of {neurons:,} neurons x {tokens // 2 + 1} frequencies", frames, FRAMES, turned)


def at_full_size(chromium: Browser) -> None:
    """Prints what opening and choices take where the array stays in the kernel."""
    neurons, tokens = LARGE
    with in_lab(chromium, ours(*LARGE), OPEN) as page:
        print(
            f"\n## Opening {neurons:,} neurons x {tokens:,} tokens\n\n| from the cell's start to | seconds |\n|---|---|"
        )
        for what, seconds in page.evaluate("() => window.opening").items():
            print(f"| {what} | {seconds:.1f} |")
        there_and_back = cycle(["ArrowUp", "ArrowDown"])
        acts = [
            Act("neuron, rows come from the kernel", page, lambda: pressed(page, HEATMAP, "ArrowDown", "neuron")),
            Act("neuron, rows are here", page, lambda: pressed(page, HEATMAP, next(there_and_back), "neuron")),
        ]
        title = f"{neurons:,} neurons x {tokens:,} tokens, all shown in three linked views"
        show(title, acts[:1], CHOICES, None)
        show(title, [*acts[1:], *choices(page)], CHOICES, None)


def choices(page: Page) -> list[Act]:
    """What is chosen in the same way at every size."""
    lows = cycle([0.1, 0.2])
    field = f"{SURFACE} input[name=low]"

    def band() -> float:
        page.fill(field, str(next(lows)))
        called(page, "painted")
        return timed(page, "change", "band", lambda: page.press(field, "Tab"))

    return [
        Act("token", page, lambda: pressed(page, HEATMAP, "ArrowRight", "token")),
        selected(page, "feature", ["two", "one"], "feature"),
        Act("band", page, band),
    ]


def pressed(page: Page, view: str, key: str, attribute: str | None) -> float:
    """Presses a key on the view's picture."""
    page.focus(f"{view} canvas")
    return timed(page, "keydown", attribute, lambda: page.keyboard.press(key))


def selected(page: Page, name: str, values: Sequence[str], title: str) -> Act:
    """Chooses the values in turn in the toolbar."""
    turn = cycle(values)
    field = f"{TOOLBAR} select[name={name}]"
    return Act(title, page, lambda: timed(page, "change", name, lambda: page.select_option(field, next(turn))))


def timed(page: Page, event: str, attribute: str | None, act: Callable[[], object]) -> float:
    """From the next event of this kind to the frame in which every view has another value of the attribute."""
    page.evaluate("([event, attribute]) => window.watch(event, attribute)", [event, attribute])
    act()
    return called(page, "watched")


def called(page: Page, name: str) -> float:
    return float(page.evaluate(f"() => window.{name}()"))


def show(title: str, acts: Sequence[Act], times: int, reference: Act | None) -> None:
    """Runs the acts in turn, so that whatever else the machine does meets all alike, and prints a table."""
    took: dict[str, list[float]] = {act.name: [] for act in acts}
    for turn in range(times + 1):
        for act in acts:
            if turn % act.every:
                continue
            act.page.bring_to_front()
            act.page.wait_for_timeout(REST_MS)
            milliseconds = act.run()
            if turn:  # the first time warms up
                took[act.name].append(milliseconds)
    medians = {name: statistics.median(values) for name, values in took.items()}
    ratio = f" | {reference.name} / this" if reference else ""
    print(
        f"\n## {title}\n\n| choice | median, ms | middle half, ms{ratio} |\n|---|---|---{'|---' if reference else ''}|"
    )
    for name, values in took.items():
        low, _, high = statistics.quantiles(values, n=4)
        times_faster = f" | {medians[reference.name] / medians[name]:.1f}" if reference else ""
        print(f"| {name} | {medians[name]:.1f} | {low:.1f}-{high:.1f}{times_faster} |", flush=True)


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium without a limit to its frame rate."""
    with sync_playwright() as playwright:
        arguments = [
            *ARGUMENTS,
            "--disable-accelerated-2d-canvas",
            "--disable-frame-rate-limit",
            "--disable-gpu-vsync",
            "--disable-background-timer-throttling",
        ]
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=arguments)
        yield chromium
        chromium.close()


def ours(neurons: int, tokens: int) -> list[str]:
    """The cells that show three linked views with all neurons and all tokens of a random recording."""
    return [RECORDED.format(neurons=neurons, tokens=tokens), VIEWS]


@contextmanager
def in_voila(chromium: Browser, cells: Sequence[str], ready: str) -> Iterator[Page]:
    """The page of a notebook in voila, when the expression `ready` holds in it."""
    with tempfile.TemporaryDirectory() as folder:
        book = write(Path(folder) / "page.ipynb", *cells)
        with voila(book, Path(folder) / "server") as address, opened(chromium) as page:
            page.goto(address, wait_until="domcontentloaded")
            page.wait_for_function(f"() => {ready}")
            yield page


@contextmanager
def in_lab(chromium: Browser, cells: Sequence[str], ready: str) -> Iterator[Page]:
    """The same in JupyterLab."""
    with tempfile.TemporaryDirectory() as folder:
        books = Path(folder) / "books"
        books.mkdir()
        book = write(books / "page.ipynb", *cells)
        with jupyterlab(books, Path(folder) / "server") as address, opened(chromium) as page:
            open_in_lab(page, address, book.name)
            page.wait_for_function(f"() => {ready}")
            yield page


@contextmanager
def plotly_page(chromium: Browser, neurons: int, tokens: int) -> Iterator[Page]:
    with opened(chromium) as page:
        page.set_content("<div id=heatmap></div><div id=surface></div>")
        page.add_script_tag(content=plotly.offline.get_plotlyjs())
        page.evaluate(PLOTLY, [neurons, tokens])
        yield page


@contextmanager
def opened(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport=SCREEN)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def machine() -> str:
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    names = ["anywidget", "bqplot", "ipywidgets", "plotly", "voila"]
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    return f"{cpu}, Python {platform.python_version()}, {packages}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


if __name__ == "__main__":
    main()
