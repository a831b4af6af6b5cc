import { type Box, fitCanvas, type Ink, inkOf, label, RasterCache } from "./canvas.ts";
import { type Lut, lutFor } from "./colour.ts";
import { layoutRows, type RowLayout, rowAt } from "./layout.ts";
import { drawFrame, drawNeuronAxis, drawPartings } from "./neuron_axis.ts";
import type { Groups } from "./rows.ts";
import { formatNumber, niceTicks } from "./ticks.ts";
import type { Band, Peak } from "./types.ts";
import type { Scene } from "./view.ts";

const GAP = 14;
const LEFT = 66;
const RIGHT = 22;
const TOP = 14;
const BELOW = 54;

/** What both pictures of the spectra show. */
export interface SpectrumContent {
  groups: Groups;
  rows: readonly number[];
  /** Number of tokens T and of frequencies K: bin k stands for k / T cycles per token. */
  tokens: number;
  bins: number;
  /** Amplitudes of a neuron as shares of the colour scale, 0..1, on the chosen (linear or log) scale. */
  sharesOf(neuron: number): Float32Array;
  /** Changes whenever `sharesOf` does. */
  key: string;
  /** Largest amplitude on the scale, and whether the scale is logarithmic. */
  most: number;
  isLog: boolean;
  peaks: readonly Peak[];
  height: number;
}

export const DECADES = 3;

/** Place of an amplitude on the scale, 0..1. */
export function shareOf(amplitude: number, most: number, isLog: boolean): number {
  if (!(most > 0) || !(amplitude > 0)) return 0;
  const share = isLog ? 1 + Math.log10(amplitude / most) / DECADES : amplitude / most;
  return Math.max(0, Math.min(1, share));
}

/** How a peak is named beside its mark: cycles per token, and tokens. */
export function peakLabel({ frequency, period }: Peak): string {
  return `${formatNumber(frequency)}, period ${formatNumber(period)}`;
}

/** The flat heat surface: rows of neurons, columns of frequencies. */
export class SpectrumPicture {
  readonly #cells = new RasterCache();
  layout: RowLayout = layoutRows([], 0, 0);
  box: Box = { left: LEFT, top: TOP, width: 0, height: 0 };
  #content: SpectrumContent | null = null;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly root: HTMLElement,
  ) {}

  /** Frequency at a horizontal place of the canvas, 0..0.5. */
  frequencyAt(x: number): number {
    const content = this.#content;
    if (!content) return 0;
    const bin = ((x - this.box.left) / this.box.width) * content.bins - 0.5;
    return Math.max(0, Math.min(0.5, bin / content.tokens));
  }

  xOf(frequency: number): number {
    const content = this.#content;
    if (!content) return this.box.left;
    return this.box.left + ((frequency * content.tokens + 0.5) / content.bins) * this.box.width;
  }

  rowAt(y: number): number {
    return rowAt(this.layout, y - this.box.top);
  }

  isInside(x: number): boolean {
    return x >= this.box.left && x <= this.box.left + this.box.width;
  }

  draw(content: SpectrumContent, scene: Scene): void {
    const { choice } = scene;
    this.#content = content;
    const width = this.canvas.clientWidth;
    const height = content.height - TOP - BELOW;
    this.box = { left: LEFT, top: TOP, width: Math.max(60, width - LEFT - RIGHT), height };
    const context = fitCanvas(this.canvas, width, content.height);
    const sizes = content.groups.map((group) => group.length);
    this.layout = layoutRows(sizes, height, GAP);
    const { box, layout } = this;
    const ink = inkOf(this.root);
    const lut: Lut = lutFor(false, scene);
    const columns = Int32Array.from({ length: content.bins }, (_, bin) => bin);
    this.#cells.draw(context, box, [content.key, content.rows.join(), sizes.join(), lut], () => ({
      layout,
      row: (row) => content.sharesOf(content.rows[row]),
      columns,
      low: 0,
      high: 1,
      lut,
      middle: 0,
    }));
    drawPartings(context, box, layout, ink);
    drawNeuronAxis(context, box, layout, content.rows, choice.neuron, ink);
    this.#drawFrequencyAxis(context, ink);
    this.#drawBand(context, choice.band, ink);
    this.#drawPeaks(context, content, choice.neuron, ink);
    const row = choice.neuron === null ? -1 : content.rows.indexOf(choice.neuron);
    if (row >= 0)
      drawFrame(context, { ...box, top: box.top + layout.tops[row], height: layout.rowHeight }, ink);
  }

  #drawFrequencyAxis(context: CanvasRenderingContext2D, ink: Ink): void {
    const { left, top, width, height } = this.box;
    const bottom = top + height;
    context.strokeStyle = ink.edge;
    context.fillStyle = ink.text;
    context.font = `13px ${ink.font}`;
    for (const frequency of niceTicks(0, 0.5, Math.max(2, Math.min(10, width / 70)))) {
      const x = this.xOf(frequency);
      if (x > left + width) continue;
      context.beginPath();
      context.moveTo(x, bottom);
      context.lineTo(x, bottom + 5);
      context.stroke();
      label(context, formatNumber(frequency), x, bottom + 9, { baseline: "top" });
    }
    context.font = `14px ${ink.font}`;
    label(context, "Frequency (cycles per token)", left + width / 2, bottom + 48, { baseline: "bottom" });
  }

  #drawBand(context: CanvasRenderingContext2D, band: Band | null, ink: Ink): void {
    if (!band) return;
    const { left, top, width, height } = this.box;
    const [from, to] = [this.xOf(band[0]), this.xOf(band[1])];
    context.save();
    context.globalAlpha = 0.62;
    context.fillStyle = ink.paper;
    context.fillRect(left, top, Math.max(0, from - left), height);
    context.fillRect(to, top, Math.max(0, left + width - to), height);
    context.restore();
    context.fillStyle = ink.accent;
    context.fillRect(from, top + height, Math.max(2, to - from), 4);
    for (const x of [from, to]) context.fillRect(x - 1, top, 2, height);
  }

  #drawPeaks(
    context: CanvasRenderingContext2D,
    content: SpectrumContent,
    chosen: number | null,
    ink: Ink,
  ): void {
    const { box, layout } = this;
    for (const peak of content.peaks) {
      const row = content.rows.indexOf(peak.neuron);
      if (row < 0) continue;
      const x = this.xOf(peak.frequency);
      const y = box.top + layout.tops[row] + layout.rowHeight / 2;
      const size = Math.max(4, Math.min(7, layout.rowHeight / 2));
      context.beginPath();
      context.moveTo(x, y - size);
      context.lineTo(x + size, y);
      context.lineTo(x, y + size);
      context.lineTo(x - size, y);
      context.closePath();
      context.fillStyle = peak.neuron === chosen ? ink.accent : ink.paper;
      context.strokeStyle = ink.text;
      context.lineWidth = 1.5;
      context.fill();
      context.stroke();
      if (layout.rowHeight < 16) continue;
      const text = peakLabel(peak);
      context.font = `600 13px ${ink.font}`;
      const room = context.measureText(text).width + 12;
      const isRight = x + size + room < box.left + box.width;
      const from = isRight ? x + size + 3 : x - size - 3 - room;
      context.fillStyle = ink.paper;
      context.globalAlpha = 0.88;
      context.fillRect(from, y - 9, room, 18);
      context.globalAlpha = 1;
      context.fillStyle = ink.text;
      label(context, text, from + room / 2, y);
    }
  }
}
