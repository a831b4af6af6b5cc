import { type Box, fitCanvas, type Ink, isDrawnAsVectors, Picture } from "./canvas.ts";
import { CellLayer, type Limits } from "./cell_layer.ts";
import { lutFor } from "./colour.ts";
import { element } from "./dom.ts";
import { drawFrame, Frame } from "./frame.ts";
import type { Cells } from "./heatmap_cells.ts";
import type { Columns } from "./heatmap_columns.ts";
import type { Rows } from "./heatmap_rows.ts";
import { Kept } from "./kept.ts";
import { layoutRows, placeAt, type RowLayout, rowAt } from "./layout.ts";
import { drawNeuronAxis, drawPartings, LABELLED_ROW } from "./neuron_axis.ts";
import { drawPins, pinAt } from "./pins.ts";
import { RelevanceColumn } from "./relevance_column.ts";
import { wedge } from "./strokes.ts";
import { drawTokenAxis, tokenAxisHeight, type Words, wordsOf } from "./token_axis.ts";
import type { Scene } from "./view.ts";
import type { Viewport } from "./viewport.ts";
import type { WatchedWidth } from "./watched_width.ts";

const GAP = 14;
const TOP = 14;
const NARROW = 480;
const WIDE = 640;
/** The name of the last row may reach below it. */
const BELOW_AXIS = 10;
/** The picture of a cell ends here, so that a frame around it is not cut. */
const RIGHT = 6;

export interface HeatmapContent {
  rows: Rows;
  columns: Columns;
  /** Relevance of each neuron of the layer, or null where no feature is chosen. */
  relevance: Float32Array | null;
  tokens: readonly string[];
  /** Height of the cells in CSS pixels. */
  height: number;
  scale: string;
  /** Finds the cells for so many device pixels from left to right. */
  cells(width: number): Cells | null;
}

export interface Hit {
  row: number;
  column: number | null;
  isPin: boolean;
}

/** The canvas of the heat map: where things are, and drawing them. */
export class HeatmapPicture {
  readonly #layer = new CellLayer();
  readonly #relevance = new RelevanceColumn();
  readonly #layout = new Kept<RowLayout>();
  readonly #words = new Kept<Words | null>();
  readonly #picture = new Picture();
  readonly #axis = element("canvas", { class: "rw-axis", "aria-hidden": "true" });
  readonly #axisPicture = new Picture();
  readonly #rowFrames = [new Frame(), new Frame()] as const;
  /** What lies over the canvas: what another neuron changes, so that a choice need not draw the cells anew. */
  readonly overlays = [this.#axis, ...this.#rowFrames.map(({ node }) => node)];
  layout: RowLayout = layoutRows([], 0, 0);
  box: Box = { left: 0, top: TOP, width: 0, height: 0 };
  scores: Box = this.box;
  /** Limits of the colours that were drawn; null where each row has its own. */
  limits: Limits = null;
  cells: Cells | null = null;
  /** The row under the pointer, which offers to be pinned. */
  hovered: number | null = null;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly width: WatchedWidth,
    readonly viewport: Viewport,
  ) {}

  /** The cell at a point of the canvas, or its row where it is beside the cells. */
  hit(x: number, y: number, { rows, columns }: HeatmapContent, pinned: readonly number[]): Hit | null {
    const { box, scores } = this;
    if (y < box.top || y >= box.top + box.height) return null;
    if (x < box.left && Math.abs(x - this.#pinX) <= 9) {
      const row = pinAt(this.layout, y - box.top, rows.neurons, pinned);
      if (row >= 0) return { row, column: null, isPin: true };
    }
    const row = rowAt(this.layout, y - box.top);
    if (row < 0) return null;
    if (x >= box.left && x < box.left + box.width) {
      const column = Math.min(columns.count - 1, Math.floor(this.columnAt(x)));
      return { row, column: column < 0 ? null : column, isPin: false };
    }
    return x < scores.left + scores.width ? { row, column: null, isPin: false } : null;
  }

  /** Place on the axis of columns at a horizontal place of the canvas. */
  columnAt(x: number): number {
    const { start, stop } = this.viewport.columns;
    return start + ((x - this.box.left) / this.box.width) * (stop - start);
  }

  /** Place on the axis of rows at a height of the canvas. */
  rowPlaceAt(y: number): number {
    return placeAt(this.layout, y - this.box.top);
  }

  /** Whether each pixel shows several cells. */
  get pooling(): { columns: number; rows: number } {
    const ratio = devicePixelRatio;
    const { rows, columns } = this.viewport;
    const share = (size: number, pixels: number) =>
      Math.max(1, Math.ceil(size / Math.max(1, pixels * ratio)));
    const perPixel = share(columns.stop - columns.start, this.box.width);
    return {
      columns: Math.max(perPixel, this.cells?.tokensPerCell ?? 1),
      rows: share(rows.stop - rows.start, this.box.height),
    };
  }

  draw(content: HeatmapContent, scene: Scene): void {
    const { rows, columns, height, relevance, tokens } = content;
    const { choice, ink, info } = scene;
    const { viewport } = this;
    const width = this.width.now;
    const { start, stop } = viewport.rows;
    this.layout = this.#layout.of([rows, height, start, stop], () => {
      const sizes = rows.groups.map((group) => group.length);
      return layoutRows(sizes, height, GAP, viewport.rows);
    });
    const namesTwice = width >= WIDE && this.layout.rowHeight >= LABELLED_ROW;
    this.#place(width, content, namesTwice);
    this.#take(content, info);
    const { box, layout, limits } = this;
    const stretch = viewport.columns;
    const words = this.#words.of([columns, stretch.start, stretch.stop, box.width, ink], () =>
      wordsOf(columns, stretch, box.width, tokens, ink),
    );
    const [cells, scale] = [lutFor(info.two_sided, scene), lutFor(false, scene)];
    const shown = [rows, layout, columns, words, relevance, width, ink, cells, this.#layer.values];
    const { neuron, token, neurons } = choice;
    const frames = this.#framed(content, neuron);
    this.#picture.draw([...shown, token, `${limits}`, stretch.start, stretch.stop], () => {
      const context = fitCanvas(this.canvas, width, TOP + height + tokenAxisHeight(words));
      this.#layer.draw(context, box, cells, limits);
      drawPartings(context, box, layout, ink);
      drawTokenAxis(context, box, columns, stretch, words, token, ink, width);
      if (relevance) {
        const names = namesTwice ? rows.neurons : null;
        this.#relevance.draw(context, this.scores, layout, rows, relevance, scale, names, ink);
      }
      this.#drawColumn(context, columns.columnOf(token), ink);
      if (isDrawnAsVectors()) for (const frame of frames) drawFrame(context, frame, ink);
    });
    for (const [index, frame] of this.#rowFrames.entries()) frame.show(frames[index] ?? null);
    this.#axisPicture.draw([rows, layout, neuron, neurons.join(), this.hovered, width, ink], () => {
      this.#axis.style.width = `${box.left}px`;
      const context = fitCanvas(this.#axis, box.left, TOP + height + BELOW_AXIS);
      drawNeuronAxis(context, box, layout, rows.neurons, neuron, ink, width < NARROW ? "" : "Neuron");
      drawPins(context, box, layout, this.#pinX, rows.neurons, neurons, [neuron, this.hovered], ink);
    });
  }

  get #pinX(): number {
    return this.box.left - 54;
  }

  /** Where the parts stand at a width of the canvas. */
  #place(width: number, { height, relevance }: HeatmapContent, namesTwice: boolean): void {
    const isNarrow = width < NARROW;
    const left = isNarrow ? 62 : 80;
    const scoresWidth = isNarrow ? 46 : 64;
    const beside = relevance ? (namesTwice ? 54 : isNarrow ? 24 : 32) + scoresWidth : 0;
    const plotWidth = Math.max(60, Math.round(width - left - beside - RIGHT));
    this.box = { left, top: TOP, width: plotWidth, height };
    this.scores = { left: width - RIGHT - scoresWidth, top: TOP, width: relevance ? scoresWidth : 0, height };
  }

  /** Takes the values of the cells in view, and asks for those that are not here. */
  #take({ rows, columns, scale, cells }: HeatmapContent, info: Scene["info"]): void {
    const { box, viewport } = this;
    const found = cells(Math.round(box.width * devicePixelRatio));
    this.cells = found;
    if (!found || !columns.count || !rows.neurons.length) {
      this.#layer.values = null;
      return;
    }
    const { start, stop } = viewport.columns;
    let stripOf: ReturnType<Cells["strips"]> | null = null;
    this.#layer.pool(box, {
      layout: this.layout,
      neurons: rows.neurons,
      key: [found.key, start, stop],
      stripOf: (neuron, width) => {
        stripOf ??= found.strips(width);
        return stripOf(neuron);
      },
    });
    this.limits = limitsFor(scale, info, scale === "shown" ? this.#layer.limits : null);
  }

  #drawColumn(context: CanvasRenderingContext2D, column: number, ink: Ink): void {
    const { box } = this;
    const { start, stop } = this.viewport.columns;
    if (column < 0 || column >= stop || column + 1 <= start) return;
    const cell = box.width / (stop - start);
    const left = Math.max(box.left, box.left + (column - start) * cell);
    const right = Math.min(box.left + box.width, box.left + (column + 1 - start) * cell);
    drawFrame(context, { ...box, left, width: right - left }, ink);
    const middle = (left + right) / 2;
    wedge(context, ink.accent, middle, box.top - 1, middle - 6, box.top - 11, middle + 6, box.top - 11);
  }

  /** The chosen neuron's row, and its relevance beside it, as far as they are in view. */
  #framed({ rows, relevance }: HeatmapContent, neuron: number | null): Box[] {
    const { box, scores, layout } = this;
    const row = neuron === null ? -1 : rows.neurons.indexOf(neuron);
    const top = Math.max(0, layout.tops[row]);
    const height = Math.min(layout.height, layout.tops[row] + layout.rowHeight) - top;
    if (row < 0 || height <= 0) return [];
    return (relevance ? [box, scores] : [box]).map((part) => ({ ...part, top: box.top + top, height }));
  }
}

/** Limits of the colours: the signal's, those of what is shown (on a two-sided scale as far below 0 as above), or none. */
export function limitsFor(scale: string, info: Scene["info"], shown: Limits): Limits {
  if (scale === "neuron") return null;
  const usual = [info.low, info.high] as const;
  if (scale === "signal" || !shown) return usual;
  const most = Math.max(...shown.map(Math.abs));
  const [low, high] = info.two_sided ? [-most, most] : shown;
  return low < high ? [low, high] : usual;
}
