import { type Box, fitCanvas, type Ink, inkOf, label, RasterCache } from "./canvas.ts";
import { colourAt, lutFor, lutIndex, textOn } from "./colour.ts";
import { quoted, visible } from "./dom.ts";
import { layoutRows, type RowLayout, rowAt } from "./layout.ts";
import { type Matrix, rowOf } from "./matrix.ts";
import { drawFrame, drawNeuronAxis, drawPartings } from "./neuron_axis.ts";
import type { Groups } from "./rows.ts";
import { formatNumber, tickPlaces } from "./ticks.ts";
import type { Scene } from "./view.ts";

const GAP = 14;
const LEFT = 66;
const RELEVANCE_WIDTH = 64;

export interface HeatmapContent {
  groups: Groups;
  rows: readonly number[];
  columns: readonly number[];
  values: Matrix;
  /** Relevance of each neuron of the layer, or null where no feature is chosen. */
  relevance: ArrayLike<number> | null;
  tokens: readonly string[];
  /** What the columns are, for the axis title. */
  columnsTitle: string;
  height: number;
}

export interface Hit {
  row: number;
  column: number | null;
}

interface Words {
  texts: string[];
  /** Width of the longest, in CSS pixels. */
  longest: number;
  isTurned: boolean;
}

/** The canvas of the heat map: where things are, and drawing them. */
export class HeatmapPicture {
  readonly #cells = new RasterCache();
  readonly #scores = new RasterCache();
  layout: RowLayout = layoutRows([], 0, 0);
  box: Box = { left: 0, top: 0, width: 0, height: 0 };
  scores: Box = this.box;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly root: HTMLElement,
  ) {}

  /** The cell at a point of the canvas. */
  hit(x: number, y: number, columns: number): Hit | null {
    const row = rowAt(this.layout, y - this.box.top);
    if (row < 0) return null;
    const { left, width } = this.box;
    if (x >= left && x < left + width) return { row, column: Math.floor(((x - left) / width) * columns) };
    return x < this.scores.left + this.scores.width && (x < left || x >= this.scores.left)
      ? { row, column: null }
      : null;
  }

  draw(content: HeatmapContent, scene: Scene): void {
    const { choice, info } = scene;
    const { groups, rows, columns, values, relevance } = content;
    const width = this.canvas.clientWidth;
    const plotWidth = Math.max(60, width - LEFT - RELEVANCE_WIDTH - 34);
    const cell = plotWidth / Math.max(1, columns.length);
    const ink = inkOf(this.root);
    const words = cell >= 17 ? this.#words(content, cell, ink) : null;
    const below = 50 + (words?.isTurned ? words.longest : 0);
    this.box = { left: LEFT, top: 14, width: plotWidth, height: content.height };
    this.scores = { ...this.box, left: LEFT + plotWidth + 26, width: RELEVANCE_WIDTH };
    const context = fitCanvas(this.canvas, width, 14 + content.height + below);
    this.layout = layoutRows(
      groups.map((group) => group.length),
      content.height,
      GAP,
    );
    const { box, scores, layout } = this;

    const lut = lutFor(info.two_sided, scene);
    const rowKey = rows.join();
    const columnKey = columns.length === values.columns ? "all" : columns.join();
    this.#cells.draw(context, box, [values, rowKey, columnKey, groups.length, lut, info.low], () => ({
      layout,
      row: (row) => rowOf(values, rows[row]),
      columns,
      low: info.low,
      high: info.high,
      lut,
      middle: info.two_sided ? 0 : info.low,
    }));
    const scoreLut = lutFor(false, scene);
    const column = Float32Array.from(rows, (neuron) => relevance?.[neuron] ?? 0);
    const scoreParts = [rowKey, relevance, groups.length, scoreLut];
    this.#scores.draw(context, scores, scoreParts, () => ({
      layout,
      row: (row) => column.subarray(row, row + 1),
      columns: [0],
      low: 0,
      high: 1,
      lut: scoreLut,
      middle: 0,
    }));
    if (layout.rowHeight >= 17) {
      context.font = `13px ${ink.font}`;
      for (const [row, score] of column.entries()) {
        context.fillStyle = textOn(colourAt(scoreLut, lutIndex(score, 0, 1)));
        label(
          context,
          score.toFixed(2),
          scores.left + scores.width / 2,
          scores.top + layout.tops[row] + layout.rowHeight / 2,
        );
      }
    }
    drawPartings(context, box, layout, ink);
    drawPartings(context, scores, layout, ink);
    drawNeuronAxis(context, box, layout, rows, choice.neuron, ink);
    this.#drawTokenAxis(context, content, words, choice.token, ink);
    this.#drawSelected(context, content, choice, ink);
  }

  /** The tokens under their columns: level where they fit, else turned. */
  #words({ columns, tokens }: HeatmapContent, cell: number, ink: Ink): Words {
    const texts = columns.map((column) => {
      const text = quoted(tokens[column]);
      return text.length > 14 ? `${visible(tokens[column]).slice(0, 12)}\u2026` : text;
    });
    const context = this.canvas.getContext("2d");
    if (context) context.font = `bold 13px ${ink.font}`;
    const longest = Math.max(0, ...texts.map((text) => context?.measureText(text).width ?? 0));
    return { texts, longest, isTurned: longest + 8 > cell };
  }

  #drawTokenAxis(
    context: CanvasRenderingContext2D,
    { columns, columnsTitle }: HeatmapContent,
    words: Words | null,
    chosen: number | null,
    ink: Ink,
  ): void {
    const { box, scores } = this;
    const bottom = box.top + box.height;
    const centre = (column: number) => box.left + ((column + 0.5) / columns.length) * box.width;
    const places = words ? columns.map((_, column) => column) : tickPlaces(columns.length, box.width / 70);
    context.strokeStyle = ink.edge;
    context.lineWidth = 1;
    for (const column of places) {
      const token = columns[column];
      context.beginPath();
      context.moveTo(centre(column), bottom);
      context.lineTo(centre(column), bottom + 5);
      context.stroke();
      context.fillStyle = ink.text;
      context.font = `${token === chosen ? "bold " : ""}13px ${ink.font}`;
      if (words?.isTurned) {
        label(context, words.texts[column], centre(column), bottom + 9, { align: "right", turned: true });
      } else {
        label(context, words?.texts[column] ?? String(token), centre(column), bottom + 9, {
          baseline: "top",
        });
      }
    }
    context.fillStyle = ink.text;
    context.font = `14px ${ink.font}`;
    const low = bottom + 46 + (words?.isTurned ? words.longest : 0);
    label(context, columnsTitle, box.left + box.width / 2, low, { baseline: "bottom" });
    label(context, "Relevance", scores.left + scores.width / 2, bottom + 9, { baseline: "top" });
  }

  #drawSelected(
    context: CanvasRenderingContext2D,
    { rows, columns }: HeatmapContent,
    choice: Scene["choice"],
    ink: Ink,
  ): void {
    const { box, scores, layout } = this;
    const column = choice.token === null ? -1 : columns.indexOf(choice.token);
    if (column >= 0) {
      const cell = box.width / columns.length;
      const left = box.left + column * cell;
      drawFrame(context, { ...box, left, width: cell }, ink);
      context.fillStyle = ink.accent;
      context.beginPath();
      context.moveTo(left + cell / 2, box.top - 1);
      context.lineTo(left + cell / 2 - 6, box.top - 11);
      context.lineTo(left + cell / 2 + 6, box.top - 11);
      context.fill();
    }
    const row = choice.neuron === null ? -1 : rows.indexOf(choice.neuron);
    if (row >= 0) {
      const place = { top: box.top + layout.tops[row], height: layout.rowHeight };
      drawFrame(context, { ...box, ...place }, ink);
      drawFrame(context, { ...scores, ...place }, ink);
    }
  }
}

/** Lines of the tooltip over a cell. */
export function cellLines(content: HeatmapContent, { info }: Scene, { row, column }: Hit): string[] {
  const neuron = content.rows[row];
  const told = [`Neuron ${neuron}`];
  if (column !== null) {
    const token = content.columns[column];
    told.unshift(`Token ${token}: ${quoted(content.tokens[token])}`);
    told.push(`${info.signal}: ${formatNumber(rowOf(content.values, neuron)[token])}`);
  }
  if (content.relevance) told.push(`Relevance: ${formatNumber(content.relevance[neuron])}`);
  return told;
}
