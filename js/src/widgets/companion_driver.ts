import { element, quoted } from "../shared/dom.ts";
import { FigureNames } from "../shared/figure_names.ts";
import { Kept } from "../shared/kept.ts";
import { signalLabel } from "../shared/legend.ts";
import { curve, put } from "../shared/marks.ts";
import { binsIn, largestOf, peakOf } from "../shared/peaks.ts";
import { follow, write } from "../shared/synced.ts";
import { formatNumber } from "../shared/ticks.ts";
import type { Band, Model, SignalInfo } from "../shared/types.ts";
import { type Context, defineView, type Scene, type TableContent } from "../shared/view.ts";

const MOST_TOKENS = 600;
const MOST_ROWS = 200;
/** More points than a picture has columns only slow it down: of several frequencies the strongest is drawn. */
const MOST_FREQUENCIES = 1000;
const PARTS = [
  "trace",
  "matches",
  "place",
  "trace_x",
  "trace_y",
  "spectrum",
  "peak",
  "spectrum_y",
  "brush",
] as const;

type Parts = Record<(typeof PARTS)[number], Model>;

/** The tokens to show: all, or the stretch around the selected one. */
function stretch(tokens: number, selected: number | null): [number, number] {
  if (tokens <= MOST_TOKENS) return [0, tokens];
  const first = Math.min(Math.max(0, (selected ?? 0) - MOST_TOKENS / 2), tokens - MOST_TOKENS);
  return [first, first + MOST_TOKENS];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, step) => from + step);
}

/** The limits of the upright axis: the signal's own where a function bounds it, else those of this neuron. */
function limits(info: SignalInfo, row: Float32Array): { min: number; max: number } {
  if (info.high === 1) return { min: info.low, max: info.high };
  const size = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  return { min: info.two_sided ? -1.05 * size : 0, max: 1.05 * size };
}

function isSame(one: Band | null, other: Band | null): boolean {
  if (!one || !other) return one === other;
  return Math.abs(one[0] - other[0]) < 1e-6 && Math.abs(one[1] - other[1]) < 1e-6;
}

function bandOf(selected: unknown): Band | null {
  const ends = selected as ArrayLike<number> | null;
  if (ends?.length !== 2) return null;
  const low = Math.max(0, Math.min(0.5, ends[0]));
  const high = Math.max(0, Math.min(0.5, ends[1]));
  return high > low ? [low, high] : null;
}

async function connectParts({ host, model }: Context): Promise<Parts> {
  const models = await Promise.all(PARTS.map((name) => host.getModel(model.get(name) as string)));
  return Object.fromEntries(PARTS.map((name, place) => [name, models[place]])) as Parts;
}

/** The marks of both pictures, each told only what has changed: every change makes bqplot draw. */
class Pictures {
  readonly #parts: Parts;
  readonly #kept = Object.fromEntries(PARTS.map((name) => [name, new Kept<void>()]));

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get band(): Band | null {
    return bandOf(this.#parts.brush.get("selected"));
  }

  /** Told to Python too: what it still has to answer of an earlier brush is then known to be out of date. */
  showBand(band: Band | null): void {
    if (!isSame(this.band, band)) write(this.#parts.brush, { selected: band && Float64Array.from(band) });
  }

  drawTrace({ choice, info }: Scene, row: Float32Array, matches: readonly number[]): void {
    const { trace, matches: dots, place, trace_x, trace_y } = this.#parts;
    const [first, last] = stretch(row.length, choice.token);
    const upright = limits(info, row);
    this.#if("trace", [row, first], () => {
      put(trace_x, { min: first, max: last });
      put(trace_y, upright);
      curve(trace, range(first, last), row.subarray(first, last));
    });
    this.#if("matches", [row, matches, first], () => {
      const shown = matches.filter((token) => token >= first && token < last);
      curve(
        dots,
        shown,
        shown.map((token) => row[token]),
      );
    });
    this.#if("place", [choice.token, upright.min, upright.max], () => {
      const at = choice.token === null || choice.token >= row.length ? [] : [choice.token, choice.token];
      curve(place, at, at.length ? [upright.min, upright.max] : []);
    });
  }

  /** Draws the spectrum, and says in words where it is strongest. */
  drawSpectrum(row: Float32Array, tokens: number, band: Band | null): string {
    const { spectrum, spectrum_y, peak } = this.#parts;
    this.#if("spectrum", [row], () => {
      const heights = largestOf(row.subarray(1), MOST_FREQUENCIES);
      const step = (row.length - 1) / heights.length;
      const frequencies = range(0, heights.length).map((place) => (0.5 + (place + 0.5) * step) / tokens);
      put(spectrum_y, {
        min: 0,
        max: 1.08 * (heights.reduce((most, value) => Math.max(most, value), 0) || 1),
      });
      curve(spectrum, frequencies, heights);
    });
    const bins = binsIn(band, tokens, row.length);
    const found =
      bins && peakOf({ rows: 1, columns: row.length, block: 0, data: row, ranges: null }, 0, bins, tokens);
    this.#if("peak", [found?.frequency, found?.amplitude], () =>
      curve(peak, found ? [found.frequency] : [], found ? [found.amplitude] : []),
    );
    if (!found) return "no frequency in the band";
    return (
      `strongest ${band ? "in the band" : "rhythm"}: ${formatNumber(found.frequency)} cycles per token, ` +
      `period ${formatNumber(found.period)} tokens, amplitude ${formatNumber(found.amplitude)}`
    );
  }

  #if(name: string, parts: readonly unknown[], draw: () => void): void {
    this.#kept[name].of(parts, draw);
  }
}

function create(context: Context) {
  const { recording, selection, root, signal, schedule } = context;
  const title = element("h3", { class: "rw-title" });
  const detail = element("div", { class: "rw-subtitle" });
  root.prepend(title, detail);
  const names = new FigureNames(root, signal);
  let pictures: Pictures | null = null;

  void connectParts(context).then((found) => {
    if (signal.aborted) return;
    pictures = new Pictures(found);
    const brushed = () => {
      const band = bandOf(found.brush.get("selected"));
      if (!isSame(band, selection.choice.band)) selection.choose({ band });
    };
    follow(found.brush, "change:selected", signal, brushed);
    schedule();
  });

  const draw = (scene: Scene) => {
    const { choice, info } = scene;
    const { neuron } = choice;
    if (neuron === null || neuron >= info.neurons) {
      title.textContent = "No neuron is selected";
      detail.textContent = "";
      names.update(["Activation over the tokens: no neuron is selected", "Spectrum: no neuron is selected"]);
      return;
    }
    const row = recording.row(choice.signal, choice.layer, neuron);
    const amplitudes = recording.amplitudes(choice.signal, choice.layer, neuron);
    const place =
      row && choice.token !== null && choice.token < recording.tokens.length
        ? ` at token ${choice.token} ${quoted(recording.tokens[choice.token])}: ${formatNumber(row[choice.token])}`
        : "";
    title.textContent = `Neuron ${neuron} · ${signalLabel(choice.signal, choice.layer)}${place}`;
    if (!pictures || !row || !amplitudes) return;
    pictures.drawTrace(scene, row, recording.matches(choice.feature));
    detail.textContent = pictures.drawSpectrum(amplitudes, recording.tokens.length, choice.band);
    pictures.showBand(choice.band);
    names.update([
      `Activation over the tokens. ${title.textContent}`,
      `Spectrum of neuron ${neuron}, ${detail.textContent}`,
    ]);
  };

  const table = ({ choice, info }: Scene): TableContent | null => {
    const { neuron, signal: kind, layer, token } = choice;
    if (neuron === null || neuron >= info.neurons) return null;
    const row = recording.row(kind, layer, neuron);
    if (!row) return null;
    const matching = new Set(recording.matches(choice.feature));
    const first = Math.max(0, Math.min((token ?? 0) - MOST_ROWS / 2, row.length - MOST_ROWS));
    return {
      caption: `Neuron ${neuron} · ${signalLabel(kind, layer)}, tokens from ${first}`,
      headers: ["Token", "Text", "Activation", "Has the feature"],
      rows: range(first, Math.min(row.length, first + MOST_ROWS)).map((at) => [
        at,
        quoted(recording.tokens[at]),
        row[at],
        matching.has(at) ? "yes" : "no",
      ]),
      total: row.length,
    };
  };
  return { draw, table };
}

export default defineView("rw-companion", create);
