import { type Box, fitCanvas, type Ink, label } from "./canvas.ts";
import { lutFor } from "./colour.ts";
import { drawFrame } from "./frame.ts";
import { Kept } from "./kept.ts";
import { layoutRows, type RowLayout, rowAt } from "./layout.ts";
import { drawNeuronAxis, drawPartings } from "./neuron_axis.ts";
import type { SpectrumContent } from "./spectrum_content.ts";
import { Labels } from "./spectrum_labels.ts";
import { SpectrumRaster } from "./spectrum_raster.ts";
import { frequencyText, peakLabel } from "./spectrum_words.ts";
import { niceTicks } from "./ticks.ts";
import type { Band, Peak } from "./types.ts";
import type { Scene } from "./view.ts";
import { cellsIn, type Stretch, whole } from "./zoom.ts";

const GAP = 14;
const LEFT = 66;
const RIGHT = 22;
const TOP = 14;
const BELOW = 58;
const REACH = 12;

/** What is drawn over the cells. */
export interface Marks {
  peaks: readonly Peak[];
  /** Neurons that must be named wherever they are shown. */
  proposed: readonly number[];
  band: Band | null;
  /** Of the canvas, in CSS pixels. */
  width: number;
  height: number;
}

/** A peak and the place of its mark on the canvas. */
export interface PlacedPeak {
  peak: Peak;
  left: number;
  top: number;
}

/** The flat heat surface: rows of neurons, columns of frequencies. */
export class SpectrumPicture {
  readonly #cells = new SpectrumRaster();
  readonly #layout = new Kept<RowLayout>();
  layout: RowLayout = layoutRows([], 0, 0);
  box: Box = { left: LEFT, top: TOP, width: 0, height: 0 };
  /** Stretch of frequency bins in view. */
  view: Stretch = { start: 0, stop: 1 };
  #content: SpectrumContent | null = null;
  /** Where the marks of peaks are. */
  places: PlacedPeak[] = [];

  constructor(readonly canvas: HTMLCanvasElement) {}

  /** Frequency at a horizontal place of the canvas, 0..0.5. */
  frequencyAt(x: number): number {
    const content = this.#content;
    if (!content) return 0;
    return Math.max(0, Math.min(0.5, (this.binAt(x) - 0.5) / content.tokens));
  }

  /** Place among the frequency bins, fractions included: bin k reaches from k to k + 1. */
  binAt(x: number): number {
    const { start, stop } = this.view;
    return start + ((x - this.box.left) / this.box.width) * (stop - start);
  }

  xOf(frequency: number): number {
    const content = this.#content;
    if (!content) return this.box.left;
    const { start, stop } = this.view;
    return this.box.left + ((frequency * content.tokens + 0.5 - start) / (stop - start)) * this.box.width;
  }

  rowAt(y: number): number {
    return rowAt(this.layout, y - this.box.top);
  }

  isInside(x: number): boolean {
    return x >= this.box.left && x <= this.box.left + this.box.width;
  }

  /** The peak whose mark is at a point. */
  peakAt(x: number, y: number): Peak | null {
    const near = this.places
      .map(({ peak, left, top }) => ({ peak, distance: Math.hypot(left - x, top - y) }))
      .filter(({ distance }) => distance <= REACH)
      .sort((one, other) => one.distance - other.distance);
    return near[0]?.peak ?? null;
  }

  draw(content: SpectrumContent, scene: Scene, marks: Marks, view: Stretch = whole(content.bins)): void {
    this.#content = content;
    this.view = view;
    const { width } = marks;
    const height = marks.height - TOP - BELOW;
    this.box = { left: LEFT, top: TOP, width: Math.max(60, width - LEFT - RIGHT), height };
    const context = fitCanvas(this.canvas, width, marks.height);
    this.layout = this.#layout.of([content, height], () => {
      const sizes = content.groups.map((group) => group.length);
      // With many groups the gaps must leave room for the rows.
      const gap = Math.min(GAP, (0.4 * height) / Math.max(1, sizes.length - 1));
      return layoutRows(sizes, height, gap);
    });
    const { box, layout } = this;
    const { neuron } = scene.choice;
    const { ink } = scene;
    this.#cells.draw(context, box, content, layout, view, lutFor(false, scene));
    drawPartings(context, box, layout, ink);
    drawNeuronAxis(context, box, layout, content.rows, neuron, ink);
    this.#drawFrequencyAxis(context, content, ink);
    this.#drawBand(context, marks.band, ink);
    const row = content.rowOf(neuron);
    if (row >= 0)
      drawFrame(context, { ...box, top: box.top + layout.tops[row], height: layout.rowHeight }, ink);
    this.#drawPeaks(context, content, marks.peaks, neuron, ink);
  }

  #drawFrequencyAxis(context: CanvasRenderingContext2D, content: SpectrumContent, ink: Ink): void {
    const { left, top, width, height } = this.box;
    const bottom = top + height;
    const [low, high] = [this.frequencyAt(left), this.frequencyAt(left + width)];
    const labels = new Labels();
    context.strokeStyle = ink.edge;
    context.fillStyle = ink.text;
    context.font = `13px ${ink.font}`;
    for (const frequency of niceTicks(low, high, Math.max(2, Math.min(10, width / 80)))) {
      const x = this.xOf(frequency);
      if (x < left || x > left + width) continue;
      const text = frequencyText(frequency, 20 / Math.max(1e-9, high - low));
      const room = context.measureText(text).width;
      if (!labels.take({ left: x - room / 2 - 6, top: 0, width: room + 12, height: 1 })) continue;
      context.beginPath();
      context.moveTo(x, bottom);
      context.lineTo(x, bottom + 5);
      context.stroke();
      label(context, text, x, bottom + 15, { baseline: "top" });
    }
    context.font = `14px ${ink.font}`;
    const [first, end] = cellsIn(this.view, content.bins);
    const isPart = end - first < content.bins;
    const title = isPart ? `Frequency (cycles per token), ${end - first} of ${content.bins} frequencies` : "";
    const isRoomy = context.measureText(title).width < width;
    label(
      context,
      (isRoomy && title) || "Frequency (cycles per token)",
      left + width / 2,
      bottom + BELOW - 4,
      { baseline: "bottom" },
    );
  }

  #drawBand(context: CanvasRenderingContext2D, band: Band | null, ink: Ink): void {
    if (!band) return;
    const { left, top, width, height } = this.box;
    const right = left + width;
    const [from, to] = band.map((end) => Math.max(left, Math.min(right, this.xOf(end))));
    context.save();
    context.globalAlpha = 0.62;
    context.fillStyle = ink.paper;
    context.fillRect(left, top, from - left, height);
    context.fillRect(to, top, right - to, height);
    context.restore();
    context.fillStyle = ink.accent;
    if (to > left && from < right) context.fillRect(from, top + height, Math.max(2, to - from), 4);
    for (const end of band) {
      const x = this.xOf(end);
      if (x >= left && x <= right) context.fillRect(x - 0.75, top, 1.5, height);
    }
  }

  #drawPeaks(
    context: CanvasRenderingContext2D,
    content: SpectrumContent,
    peaks: readonly Peak[],
    chosen: number | null,
    ink: Ink,
  ): void {
    const { box, layout } = this;
    const size = Math.max(4, Math.min(7, layout.rowHeight / 2));
    this.places = peaks
      .map((peak) => {
        const top = box.top + layout.tops[content.rowOf(peak.neuron)] + layout.rowHeight / 2;
        return { peak, left: this.xOf(peak.frequency), top };
      })
      .filter(({ left }) => this.isInside(left));
    const labels = new Labels();
    for (const { left, top } of this.places)
      labels.take({ left: left - size, top: top - size, width: 2 * size, height: 2 * size });
    const chosenFirst = [...this.places].sort(
      (one, other) => Number(other.peak.neuron === chosen) - Number(one.peak.neuron === chosen),
    );
    for (const { peak, left, top } of chosenFirst) {
      // Rows that are too low for a name at their left are named here.
      const name = layout.rowHeight < 15 ? `${peak.neuron}: ` : "";
      const text = `${name}${peakLabel(peak, content.tokens)}`;
      context.font = `600 13px ${ink.font}`;
      const room = context.measureText(text).width + 12;
      const right = box.left + box.width;
      const sides = [left + size + 3, left - size - 3 - room].filter(
        (from) => from >= box.left && from + room <= right,
      );
      const free = [0, -19, 19, -38, 38].flatMap((shift) =>
        sides.map((from) => [from, top - 9 + shift] as const),
      );
      const place = free.find(
        ([from, y]) =>
          y >= box.top &&
          y + 18 <= box.top + box.height &&
          labels.take({ left: from, top: y, width: room, height: 18 }),
      );
      if (!place) continue;
      context.fillStyle = ink.paper;
      context.globalAlpha = 0.88;
      context.fillRect(place[0], place[1], room, 18);
      context.globalAlpha = 1;
      context.fillStyle = ink.text;
      label(context, text, place[0] + room / 2, place[1] + 9);
    }
    for (const { peak, left, top } of this.places) {
      context.beginPath();
      context.moveTo(left, top - size);
      context.lineTo(left + size, top);
      context.lineTo(left, top + size);
      context.lineTo(left - size, top);
      context.closePath();
      context.fillStyle = peak.neuron === chosen ? ink.accent : ink.paper;
      context.strokeStyle = ink.text;
      context.lineWidth = 1.5;
      context.fill();
      context.stroke();
    }
  }
}
