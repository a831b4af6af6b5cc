import { element, quoted } from "../shared/dom.ts";
import { signalLabel } from "../shared/legend.ts";
import { type Matrix, rowOf } from "../shared/matrix.ts";
import { binsIn, peakOf } from "../shared/peaks.ts";
import { formatNumber } from "../shared/ticks.ts";
import type { Band, Model, SignalInfo } from "../shared/types.ts";
import { type Context, defineView, type Scene } from "../shared/view.ts";

const MOST_TOKENS = 600;
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

/** The names of the bqplot attributes that hold coordinates or limits. */
interface Attributes {
  x?: Float64Array;
  y?: Float64Array;
  min?: number;
  max?: number;
  selected?: Float64Array | null;
}

/** Sets several attributes at once, so that no picture is drawn of a new x with an old y. */
function put(part: Model, attributes: Attributes): void {
  (part as unknown as { set(attributes: Attributes): void }).set(attributes);
}

function curve(part: Model, x: Iterable<number>, y: Iterable<number>): void {
  put(part, { x: Float64Array.from(x), y: Float64Array.from(y) });
}

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

function drawTrace(parts: Parts, context: Context, scene: Scene, values: Matrix, neuron: number): void {
  const { recording } = context;
  const { choice, info } = scene;
  const row = rowOf(values, neuron);
  const [first, last] = stretch(row.length, choice.token);
  const upright = limits(info, row);
  put(parts.trace_x, { min: first, max: last });
  put(parts.trace_y, upright);
  curve(parts.trace, range(first, last), row.subarray(first, last));
  const matching = recording.matches(choice.feature).filter((token) => token >= first && token < last);
  curve(
    parts.matches,
    matching,
    matching.map((token) => row[token]),
  );
  const place = choice.token === null || choice.token >= row.length ? [] : [choice.token, choice.token];
  curve(parts.place, place, place.length ? [upright.min, upright.max] : []);
}

function drawSpectrum(
  parts: Parts,
  tokens: number,
  band: Band | null,
  spectrum: Matrix,
  neuron: number,
): string {
  const row = rowOf(spectrum, neuron);
  const frequencies = range(1, row.length).map((bin) => bin / tokens);
  curve(parts.spectrum, frequencies, row.subarray(1));
  put(parts.spectrum_y, {
    min: 0,
    max: 1.08 * (row.subarray(1).reduce((most, value) => Math.max(most, value), 0) || 1),
  });
  const bins = binsIn(band, tokens, row.length);
  if (!bins) {
    curve(parts.peak, [], []);
    return "no frequency in the band";
  }
  const peak = peakOf(spectrum, neuron, bins, tokens);
  curve(parts.peak, [peak.frequency], [peak.amplitude]);
  return (
    `strongest ${band ? "in the band" : "rhythm"}: ${formatNumber(peak.frequency)} cycles per token, ` +
    `period ${formatNumber(peak.period)} tokens, amplitude ${formatNumber(peak.amplitude)}`
  );
}

function create(context: Context) {
  const { recording, selection, root, signal, schedule } = context;
  const title = element("h3", { class: "rw-title" });
  const detail = element("div", { class: "rw-subtitle" });
  root.append(title, detail);
  let parts: Parts | null = null;

  void connectParts(context).then((found) => {
    if (signal.aborted) return;
    parts = found;
    const brushed = () => {
      const band = bandOf(found.brush.get("selected"));
      if (!isSame(band, selection.choice.band)) selection.choose({ band });
    };
    found.brush.on("change:selected", brushed);
    signal.addEventListener("abort", () => found.brush.off("change:selected", brushed));
    schedule();
  });

  const draw = (scene: Scene) => {
    const { choice, info } = scene;
    const { neuron } = choice;
    const values = recording.values(choice.signal, choice.layer);
    const spectrum = recording.spectrum(choice.signal, choice.layer);
    if (neuron === null || neuron >= info.neurons) {
      title.textContent = "No neuron is selected";
      detail.textContent = "";
      return;
    }
    const place =
      values && choice.token !== null && choice.token < recording.tokens.length
        ? ` at token ${choice.token} ${quoted(recording.tokens[choice.token])}: ${formatNumber(rowOf(values, neuron)[choice.token])}`
        : "";
    title.textContent = `Neuron ${neuron} · ${signalLabel(choice.signal, choice.layer)}${place}`;
    if (!parts || !values || !spectrum) return;
    drawTrace(parts, context, scene, values, neuron);
    detail.textContent = drawSpectrum(parts, recording.tokens.length, choice.band, spectrum, neuron);
    if (!isSame(bandOf(parts.brush.get("selected")), choice.band)) {
      put(parts.brush, { selected: choice.band ? Float64Array.from(choice.band) : null });
    }
  };
  return { draw };
}

export default defineView("rw-companion", create);
