import { FIRST_TURN, type Turn } from "../shared/camera.ts";
import { lutFor } from "../shared/colour.ts";
import { element } from "../shared/dom.ts";
import { Legend, signalLabel } from "../shared/legend.ts";
import { type Matrix, rowOf } from "../shared/matrix.ts";
import { OwnChoices } from "../shared/own_choices.ts";
import { peakOf, peaks } from "../shared/peaks.ts";
import { proposals, rhythmic, withNeighbours } from "../shared/proposals.ts";
import type { Groups } from "../shared/rows.ts";
import { DECADES, type SpectrumContent, SpectrumPicture, shareOf } from "../shared/spectrum_picture.ts";
import { SurfacePicture } from "../shared/surface_picture.ts";
import { formatNumber } from "../shared/ticks.ts";
import type { Band, Peak } from "../shared/types.ts";
import { type Context, defineView, type Scene } from "../shared/view.ts";

const LISTED = 5;
const DRAG_PIXELS = 4;
const TURN_STEP = 0.12;
const NO_WEBGL = "This browser offers no WebGL2 for the 3-D view: the flat picture shows the same numbers.";

function create(context: Context) {
  const { model, recording, selection, root, tooltip, signal, schedule } = context;
  const choices = new OwnChoices(context, ["mode", "amplitude", "rows"]);
  const { shown } = choices;
  const mode = choices.control("mode", "View", [
    { value: "2d", label: "flat" },
    { value: "3d", label: "3-D" },
  ]);
  const rows = choices.control("rows", "Neurons", [
    { value: "feature", label: "proposed for the feature" },
    { value: "band", label: "strongest in the band" },
    { value: "all", label: "all" },
  ]);
  const scale = choices.control("amplitude", "Scale", [
    { value: "linear", label: "linear" },
    { value: "log", label: "log" },
  ]);
  const bandEnd = (name: string, label: string) =>
    element("input", {
      class: "rw-input rw-number",
      type: "number",
      name,
      min: 0,
      max: 0.5,
      step: 0.01,
      "aria-label": label,
    });
  const low = bandEnd("low", "Lowest frequency of the band, cycles per token");
  const high = bandEnd("high", "Highest frequency of the band, cycles per token");
  const whole = element("button", { class: "rw-button", type: "button" }, "All frequencies");
  const title = element("h3", { class: "rw-title" });
  const legend = new Legend();
  const canvas = element("canvas", { class: "rw-canvas", tabindex: 0, role: "img" });
  const list = element("ol", { class: "rw-peaks" });
  const listTitle = element("h4", { class: "rw-peaks-title" });
  const message = element("p", { class: "rw-message", hidden: true });
  root.prepend(
    element("div", { class: "rw-header" }, title, legend.node),
    element(
      "div",
      { class: "rw-controls rw-spaced" },
      mode,
      rows,
      scale,
      element(
        "span",
        { class: "rw-field" },
        element("span", {}, "Band"),
        low,
        element("span", {}, "to"),
        high,
        whole,
      ),
    ),
    message,
    element(
      "div",
      { class: "rw-beside" },
      element("div", { class: "rw-plot" }, canvas),
      element("div", { class: "rw-peaks-box" }, listTitle, list),
    ),
  );

  const flat = new SpectrumPicture(canvas, root);
  const solid = new SurfacePicture(canvas, root, signal);
  let turn: Turn = FIRST_TURN;
  let content: SpectrumContent | null = null;
  let scene: Scene | null = null;
  let dragged: Band | null = null;
  const scaled = new ScaledRows();

  const groupsOf = (now: Scene): Groups => {
    const [top, radius] = [model.get("top") as number, model.get("radius") as number];
    if (now.limit || shown.rows === "feature") return proposals(recording, now, top, radius).groups;
    if (shown.rows === "band") return withNeighbours(rhythmic(recording, now, top), now, radius);
    return [Array.from({ length: now.info.neurons }, (_, neuron) => neuron)];
  };

  const contentOf = (now: Scene, found: readonly Peak[], spectrum: Matrix): SpectrumContent => {
    const groups = groupsOf(now);
    const flatRows = groups.flat();
    const most = largest(spectrum, flatRows);
    const isLog = shown.amplitude === "log";
    const { signal: name, layer } = now.info;
    return {
      groups,
      rows: flatRows,
      tokens: recording.tokens.length,
      bins: spectrum.columns,
      sharesOf: scaled.rows(spectrum, most, isLog),
      key: `${name} ${layer} ${most} ${isLog}`,
      most,
      isLog,
      peaks: marked(found, now, flatRows, spectrum),
      height: model.get("height") as number,
    };
  };

  /** Listed peaks, and that of the chosen neuron, as far as their rows are shown. */
  const marked = (
    found: readonly Peak[],
    now: Scene,
    flatRows: readonly number[],
    spectrum: Matrix,
  ): Peak[] => {
    const { neuron } = now.choice;
    const known = found.filter((peak) => flatRows.includes(peak.neuron));
    if (neuron === null || neuron >= spectrum.rows || known.some((peak) => peak.neuron === neuron))
      return known;
    const own = peaks(spectrum, recording.tokens.length, bandOf(now), 1, [neuron]);
    return flatRows.includes(neuron) ? [...known, ...own] : known;
  };

  const bandOf = (now: Scene) => dragged ?? now.choice.band;

  const draw = (now: Scene) => {
    scene = now;
    const { choice, info } = now;
    const band = bandOf(now);
    title.textContent = `Spectra of ${signalLabel(info.signal, info.layer)}`;
    rows.hidden = now.limit !== null;
    if (root.ownerDocument.activeElement !== low) low.value = band ? String(Number(band[0].toFixed(4))) : "0";
    if (root.ownerDocument.activeElement !== high)
      high.value = band ? String(Number(band[1].toFixed(4))) : "0.5";
    whole.disabled = band === null;
    const spectrum = recording.spectrum(info.signal, info.layer);
    if (!spectrum) return;
    const found = peaks(spectrum, recording.tokens.length, band, LISTED, now.limit);
    content = contentOf(now, found, spectrum);
    root.dataset.peaks = JSON.stringify(found);
    root.dataset.rows = JSON.stringify(content.rows);
    root.dataset.band = band ? JSON.stringify(band) : "";
    root.dataset.mode = shown.mode;
    const least = content.isLog ? content.most / 10 ** DECADES : 0;
    legend.update("Amplitude", lutFor(false, now), least, content.most);
    const picture = { ...now, choice: { ...choice, band } };
    const isSolid = shown.mode === "3d" && solid.draw(content, picture, turn);
    if (!isSolid) flat.draw(content, picture);
    message.textContent = shown.mode === "3d" && !isSolid ? NO_WEBGL : "";
    message.hidden = message.textContent === "";
    canvas.classList.toggle("rw-turns", isSolid);
    const { box, layout } = flat;
    const centres = Array.from(layout.tops, (top) => box.top + top + layout.rowHeight / 2);
    root.dataset.geometry = isSolid ? "" : JSON.stringify({ ...box, centres: centres.slice(0, 400) });
    canvas.setAttribute("aria-label", spoken(content, choice.neuron, isSolid));
    listPeaks(found, band, choice.neuron);
  };

  const listPeaks = (found: readonly Peak[], band: Band | null, chosen: number | null) => {
    listTitle.textContent = band
      ? `Strongest from ${formatNumber(band[0])} to ${formatNumber(band[1])} cycles per token`
      : "Strongest frequencies";
    const key = JSON.stringify([found, chosen]);
    if (list.dataset.shown === key) return;
    list.dataset.shown = key;
    if (found.length === 0) {
      list.replaceChildren(element("li", {}, "This text resolves no frequency in the band."));
      return;
    }
    list.replaceChildren(
      ...found.map((peak) => {
        const button = element(
          "button",
          {
            class: "rw-button rw-peak",
            type: "button",
            "data-neuron": peak.neuron,
            "aria-pressed": String(peak.neuron === chosen),
          },
          `Neuron ${peak.neuron}`,
        );
        button.addEventListener("click", () => selection.choose({ neuron: peak.neuron }), { signal });
        return element("li", {}, button, element("span", {}, listed(peak, recording.tokens.length)));
      }),
    );
  };

  const placeOf = (event: MouseEvent): [number, number] => {
    const frame = canvas.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };

  let start: { x: number; y: number; turn: Turn; moved: boolean } | null = null;
  canvas.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0) return;
      const [x, y] = placeOf(event);
      start = { x, y, turn, moved: false };
      canvas.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  canvas.addEventListener(
    "pointermove",
    (event) => {
      const [x, y] = placeOf(event);
      if (!start) return hover(event, x, y);
      start.moved ||= Math.hypot(x - start.x, y - start.y) > DRAG_PIXELS;
      if (!start.moved) return;
      tooltip.hide();
      if (shown.mode === "3d") turn = turned(start.turn, (x - start.x) * 0.009, (y - start.y) * 0.006);
      else dragged = ordered(flat.frequencyAt(start.x), flat.frequencyAt(x));
      schedule();
    },
    { signal },
  );
  canvas.addEventListener(
    "pointerup",
    (event) => {
      const from = start;
      start = null;
      if (from?.moved && dragged) {
        selection.choose({ band: dragged[1] > dragged[0] ? dragged : null });
        dragged = null;
      } else if (from && !from.moved) {
        const neuron = neuronAt(...placeOf(event));
        if (neuron !== null) selection.choose({ neuron });
      }
    },
    { signal },
  );
  canvas.addEventListener(
    "pointercancel",
    () => {
      start = null;
      dragged = null;
      schedule();
    },
    { signal },
  );
  canvas.addEventListener("pointerleave", () => tooltip.hide(), { signal });

  const neuronAt = (x: number, y: number): number | null => {
    if (!content) return null;
    if (shown.mode === "3d") return solid.neuronAt(x, y);
    const row = flat.rowAt(y);
    return row < 0 ? null : content.rows[row];
  };

  const hover = (event: PointerEvent, x: number, y: number) => {
    const neuron = neuronAt(x, y);
    const spectrum = scene && recording.spectrum(scene.info.signal, scene.info.layer);
    if (neuron === null || !content || !spectrum || (shown.mode === "2d" && !flat.isInside(x)))
      return tooltip.hide();
    if (shown.mode === "3d") {
      const peak = peakOf(spectrum, neuron, [1, Math.max(1, spectrum.columns - 1)], content.tokens);
      return tooltip.show(event, [`Neuron ${neuron}`, `strongest at ${told(peak)}`]);
    }
    const bin = Math.min(content.bins - 1, Math.round(flat.frequencyAt(x) * content.tokens));
    const amplitude = formatNumber(rowOf(spectrum, neuron)[bin]);
    const period = bin === 0 ? "the mean" : `period ${formatNumber(content.tokens / bin)} tokens`;
    const frequency = `${formatNumber(bin / content.tokens)} cycles per token (${period})`;
    tooltip.show(event, [`Neuron ${neuron}`, frequency, `Amplitude: ${amplitude}`]);
  };

  canvas.addEventListener(
    "keydown",
    (event) => {
      if (!content) return;
      const place = content.rows.indexOf(selection.choice.neuron ?? -1);
      if (shown.mode === "3d" && event.key.startsWith("Arrow") && !event.shiftKey) {
        const sideways = { ArrowLeft: -TURN_STEP, ArrowRight: TURN_STEP }[event.key] ?? 0;
        const upwards = { ArrowUp: -TURN_STEP, ArrowDown: TURN_STEP }[event.key] ?? 0;
        turn = turned(turn, sideways, upwards);
        schedule();
      } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        const next = Math.max(
          0,
          Math.min(content.rows.length - 1, place + (event.key === "ArrowUp" ? -1 : 1)),
        );
        selection.choose({ neuron: content.rows[next] });
      } else if (event.key === "Escape" && selection.choice.band) {
        selection.choose({ band: null });
      } else {
        return;
      }
      event.preventDefault();
    },
    { signal },
  );
  const typed = () => {
    const band = ordered(Number(low.value), Number(high.value));
    const isWhole = band[0] <= 0 && band[1] >= 0.5;
    selection.choose({ band: isWhole ? null : [Math.max(0, band[0]), Math.min(0.5, band[1])] });
  };
  for (const end of [low, high]) end.addEventListener("change", typed, { signal });
  whole.addEventListener("click", () => selection.choose({ band: null }), { signal });
  return { draw };
}

/** Rows as shares of the scale, kept until spectrum or scale change. */
class ScaledRows {
  #spectrum: Matrix | null = null;
  #scale = "";
  #rows = new Map<number, Float32Array>();

  rows(spectrum: Matrix, most: number, isLog: boolean): (neuron: number) => Float32Array {
    const scale = `${most} ${isLog}`;
    if (this.#spectrum !== spectrum || this.#scale !== scale) {
      [this.#spectrum, this.#scale, this.#rows] = [spectrum, scale, new Map()];
    }
    const known = this.#rows;
    return (neuron) => {
      const row =
        known.get(neuron) ?? rowOf(spectrum, neuron).map((amplitude) => shareOf(amplitude, most, isLog));
      known.set(neuron, row);
      return row;
    };
  }
}

/** The largest amplitude of the rows above frequency 0, which shows the mean and would dwarf every rhythm. */
function largest(spectrum: Matrix, rows: readonly number[]): number {
  let most = 0;
  for (const neuron of rows) {
    const row = rowOf(spectrum, neuron);
    for (let bin = 1; bin < row.length; bin++) most = Math.max(most, row[bin]);
  }
  return most || 1;
}

function ordered(one: number, other: number): Band {
  return one < other ? [one, other] : [other, one];
}

function turned({ yaw, pitch }: Turn, sideways: number, upwards: number): Turn {
  return { yaw: yaw + sideways, pitch: Math.max(0.08, Math.min(1.45, pitch + upwards)) };
}

function told({ frequency, period, amplitude }: Peak): string {
  return `${formatNumber(frequency)} cycles per token, period ${formatNumber(period)} tokens, amplitude ${formatNumber(amplitude)}`;
}

/** A period that the text holds only once or twice is a drift, not a rhythm. */
function listed(peak: Peak, tokens: number): string {
  return peak.period > tokens / 3 ? `${told(peak)} (slow drift)` : told(peak);
}

function spoken({ rows, peaks: found }: SpectrumContent, chosen: number | null, isSolid: boolean): string {
  const keys = isSolid ? "Arrow keys turn it." : "Up and down choose a neuron.";
  const own = found.find((peak) => peak.neuron === chosen);
  return `Amplitude spectra of ${rows.length} neurons. ${own ? `Neuron ${own.neuron}: ${told(own)}. ` : ""}${keys}`;
}

export default defineView("rw-fourier-surface", create);
