"""The pages that `latency` measures: ours in voila and JupyterLab, bqplot's in voila, plotly's alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import plotly.offline

from benchmarks.devtools import Chromium, Tab
from tests.hosts.books import write
from tests.hosts.pages import KERNEL
from tests.hosts.servers import jupyterlab, voila

OPEN = "window.opening?.spectra"


@contextmanager
def ours_in_voila(browser: Chromium, neurons: int, tokens: int) -> Iterator[Tab]:
    """Three linked views with all neurons and all tokens of a random recording."""
    with _in_voila(browser, _ours(neurons, tokens), OPEN) as page:
        yield page


@contextmanager
def bqplot_in_voila(browser: Chromium, neurons: int, tokens: int) -> Iterator[Tab]:
    """Bqplot's heat map of the same size."""
    with _in_voila(browser, [BQPLOT.format(neurons=neurons, tokens=tokens)], "window.repaint") as page:
        yield page


@contextmanager
def beside_plotly(browser: Chromium, neurons: int, tokens: int) -> Iterator[Tab]:
    """Plotly's heat map of the same size, and what opens its surface."""
    with tempfile.TemporaryDirectory() as folder, browser.tab(WATCH) as page:
        path = Path(folder) / "page.html"
        script = plotly.offline.get_plotlyjs()
        body = "<div id=heatmap></div><div id=surface></div>"
        path.write_text(f"<meta charset=utf-8>{body}<script>{script}</script>", encoding="utf-8")
        page.open(path.as_uri())
        page.wait_for("window.Plotly")
        page.evaluate(f"({PLOTLY.strip()})([{neurons}, {tokens}])")
        yield page


@contextmanager
def ours_in_lab(browser: Chromium, neurons: int, tokens: int) -> Iterator[Tab]:
    """The same three views in JupyterLab, whose page is there before its cells run."""
    with tempfile.TemporaryDirectory() as folder:
        books = Path(folder) / "books"
        books.mkdir()
        book = write(books / "page.ipynb", *_ours(neurons, tokens))
        with jupyterlab(books, Path(folder) / "server") as address, browser.tab(WATCH) as page:
            page.open(f"{address}/lab/tree/{book.name}?reset")
            page.wait_for(f"{KERNEL}?.status === 'idle'")
            for command in ("application:toggle-left-area", "notebook:run-all-cells"):
                page.evaluate(f"void window.jupyterapp.commands.execute('{command}')")
            page.wait_for(OPEN)
            yield page


def _ours(neurons: int, tokens: int) -> list[str]:
    return [RECORDED.format(neurons=neurons, tokens=tokens), VIEWS]


@contextmanager
def _in_voila(browser: Chromium, cells: Sequence[str], ready: str) -> Iterator[Tab]:
    """The page of a notebook in voila, when the expression `ready` holds in it."""
    with tempfile.TemporaryDirectory() as folder:
        book = write(Path(folder) / "page.ipynb", *cells)
        with voila(book, Path(folder) / "server") as address, browser.tab(WATCH) as page:
            page.open(address)
            page.wait_for(ready)
            yield page


WATCH = """
window.painted = () =>
  new Promise((resolve) =>
    requestAnimationFrame(() => {
      // A message is handled after the frame that it was sent in has been painted.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.now());
      channel.port2.postMessage(0);
    }),
  );
window.watch = (event, attribute) => {
  const views = [...document.querySelectorAll(".rw-text-highlighter, .rw-relevance-heatmap, .rw-fourier-surface")];
  const before = views.map((view) => view.dataset[attribute]);
  const followed = (view, index) =>
    !attribute ||
    ((view.dataset[attribute] !== before[index] || view.dataset[attribute] === undefined) &&
      view.getAttribute("aria-busy") === "false");
  const found = new Promise((resolve) => {
    window.addEventListener(
      event,
      async ({ timeStamp }) => {
        await window.painted();
        if (!views.every(followed)) {
          // Looking at every frame would have frames drawn for that alone.
          await new Promise((have) => {
            const observer = new MutationObserver(() => views.every(followed) && (observer.disconnect(), have()));
            for (const view of views) observer.observe(view, { attributes: true });
          });
          await window.painted();
        }
        // A pixel can be read when all that was asked of the picture has been drawn.
        for (const view of views) view.querySelector("canvas")?.getContext("2d")?.getImageData(0, 0, 1, 1);
        resolve(performance.now() - timeStamp);
      },
      { once: true, capture: true },
    );
  });
  window.watched = () => found;
};
"""

RECORDED = """
import numpy as np

import rnn_widgets as rw

rng = np.random.default_rng(0)
hidden = np.empty(({tokens}, {neurons}), np.float32)
for start in range(0, {tokens}, 1000):
    hidden[start : start + 1000] = np.tanh(rng.standard_normal((min(1000, {tokens} - start), {neurons}), np.float32))
hidden[:, 5] = 0.8 * np.sin(2 * np.pi * 0.17 * np.arange({tokens}))
tokens = [f"word{{index % 89}} " for index in range({tokens})]
values = {{"hidden": hidden}}
if {neurons} * {tokens} < 10_000_000:
    values["other"] = hidden[::-1]
acts = rw.Activations.from_arrays(tokens, values)
del hidden, values
one = rw.features.where(lambda token: "7" in token, name="one")
features = [one, rw.features.where(lambda token: "3" in token, name="two")]
"""

VIEWS = """
import time

started = time.time()

import anywidget
import ipywidgets
import traitlets

from rnn_widgets.widgets import Toolbar


class Clock(anywidget.AnyWidget):
    started = traitlets.Float().tag(sync=True)
    _esm = '''
    export default {
      render({ model }) {
        const seconds = () => (Date.now() - 1000 * model.get("started")) / 1000;
        const view = (name) => document.querySelector(`.rw-${name}[aria-busy=false]`);
        const opening = {};
        const look = async () => {
          await window.painted();
          if (!opening.overview && view("relevance-heatmap")) opening.overview = seconds();
          if (!opening.text && view("text-highlighter")) opening.text = seconds();
          if (!opening.spectra && view("fourier-surface")) opening.spectra = seconds();
          window.opening = opening;
          if (!opening.spectra || !opening.overview) setTimeout(look, 20);
        };
        look();
      },
    };
    '''


clock = Clock(started=started)
heatmap = rw.RelevanceHeatmap(acts, features=features, rows="all", columns="all", height=360)
parts = [
    Toolbar(acts, selection=heatmap.selection),
    heatmap,
    rw.FourierSurface(acts, selection=heatmap.selection, rows="all", height=360),
    rw.TextHighlighter(acts, selection=heatmap.selection, height=200),
]
ipywidgets.VBox([clock, *parts])
"""

BQPLOT = """
import anywidget
import bqplot
import ipywidgets
import numpy as np

values = np.tanh(np.random.default_rng(0).standard_normal(({neurons}, {tokens})))
scales = {{"x": bqplot.LinearScale(), "y": bqplot.LinearScale(), "color": bqplot.ColorScale(scheme="RdBu")}}
mark = bqplot.HeatMap(x=np.arange({tokens}), y=np.arange({neurons}), color=values, scales=scales)
figure = bqplot.Figure(marks=[mark], layout={{"width": "640px", "height": "440px"}})


class Repaint(anywidget.AnyWidget):
    mark = anywidget.WidgetTrait().tag(sync=True)
    _esm = '''
    export default {{
      async render({{ model, host }}) {{
        const mark = await host.getModel(model.get("mark"));
        window.repaint = async () => {{
          const rows = mark.get("color").map((row) => row.map((value) => -value));
          const start = performance.now();
          mark.set("color", rows);
          await window.painted();
          return (await window.painted()) - start;
        }};
      }},
    }};
    '''


ipywidgets.VBox([figure, Repaint(mark=mark)])
"""

PLOTLY = """
async ([neurons, tokens]) => {
  const matrix = (rows, columns) =>
    Array.from({ length: rows }, () => Float32Array.from({ length: columns }, () => Math.tanh(2 * Math.random() - 1)));
  const pair = [matrix(neurons, tokens), matrix(neurons, tokens)];
  const size = { width: 640, height: 440 };
  await Plotly.newPlot("heatmap", [{ type: "heatmap", z: pair[0] }], size);
  let shown = 0;
  let angle = 0;
  const timed = async (change) => {
    const start = performance.now();
    await change();
    return (await window.painted()) - start;
  };
  window.repaint = () => timed(() => Plotly.restyle("heatmap", { z: [pair[(shown = 1 - shown)]] }));
  const pixel = new Uint8Array(4);
  let gl = null;
  // Opened only when it is turned: it keeps the renderer of the whole browser busy.
  window.openSurface = async () => {
    const z = matrix(neurons, Math.floor(tokens / 2) + 1);
    await Plotly.newPlot("surface", [{ type: "surface", z }], size);
    gl = [...document.querySelectorAll("#surface canvas")]
      .map((canvas) => canvas.getContext("webgl") ?? canvas.getContext("webgl2"))
      .find((context) => context);
  };
  window.turn = async () => {
    const start = performance.now();
    angle += 0.1;
    const eye = { x: 1.6 * Math.cos(angle), y: 1.6 * Math.sin(angle), z: 0.8 };
    await Plotly.relayout("surface", { "scene.camera.eye": eye });
    await window.painted();
    // The renderer works in a process of its own: a pixel can be read when it has drawn the frame.
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    return performance.now() - start;
  };
}
"""
