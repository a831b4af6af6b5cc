import type { Columns } from "./heatmap_columns.ts";
import { roughly, type Tile, Tiles, tileRequest } from "./heatmap_tile.ts";
import { Kept } from "./kept.ts";
import { type Matrix, valueAt } from "./matrix.ts";
import type { Overview, Recording } from "./recording.ts";
import { type Spans, spansOf, spansOfBlocks } from "./spans.ts";
import type { Strip } from "./taken_rows.ts";
import type { SignalInfo } from "./types.ts";
import { cellsIn, type Stretch, whole } from "./zoom.ts";

/** So many rows of a large recording are fetched whole. */
const WHOLE_ROWS = 24;
/** Up to so many tokens between the first and the last one in view, chosen tokens are shown from an exact tile. */
const EXACT_TOKENS = 4096;

/** Where the cells of a picture come from. */
export interface Cells {
  /** All that they follow from, beside rows, columns and what is in view. */
  key: readonly unknown[];
  /** Tokens that the value of a cell stands for, at most; 1 where all are exact. */
  tokensPerCell: number;
  /** The strips of what is in view, on a width in pixels. */
  strips(width: number): StripOf;
  /** The strips of everything, as far as they are here without asking for more, and what these follow from. */
  all: { key: readonly unknown[]; strips(width: number): StripOf };
}

export type StripOf = (neuron: number) => Strip;

/** A value, and the tokens of which it is the one farthest from the neuron's mean; bytes are not exact. */
export interface CellValue {
  value: number;
  tokens: readonly [number, number];
  isExact: boolean;
}

/** What a picture has in view: neurons in their order, of which those from `first` to `last`, and columns. */
export interface InView {
  neurons: readonly number[];
  first: number;
  last: number;
  columns: Columns;
  stretch: Stretch;
  chosen: number | null;
  /** Device pixels from left to right. */
  width: number;
}

/** Finds the cells that are here, best ones first, and asks for those that are not. */
export class HeatmapCells {
  readonly #recording: Recording;
  readonly #tiles: Tiles;
  readonly #parts = new Kept<readonly unknown[]>();
  readonly #allParts = new Kept<readonly unknown[]>();
  /** Of a large recording, the rows that are here whole, and the tile that is shown. */
  #rows = new Map<number, Float32Array>();
  #tile: Tile | null = null;

  constructor(recording: Recording) {
    this.#recording = recording;
    this.#tiles = new Tiles(recording);
  }

  /** Null while nothing at all can be shown. */
  find(info: SignalInfo, inView: InView): Cells | null {
    const { columns } = inView;
    const { signal, layer } = info;
    const means = this.#recording.means(signal, layer);
    if (info.large) {
      const overview = this.#recording.overview(signal, layer);
      return overview && this.#large(info, overview, inView);
    }
    const values = this.#recording.values(signal, layer);
    if (!values || !means) return null;
    const key = this.#parts.of([values, columns], () => [values, columns]);
    const strips = (shown: Stretch) => (pixels: number) => {
      const spans = spansOf(pixels, shown, columns.count, columns.listed);
      return (neuron: number) => stripOf(values, neuron, means[neuron], spans);
    };
    return {
      key,
      tokensPerCell: 1,
      strips: strips(inView.stretch),
      all: { key, strips: strips(whole(columns.count)) },
    };
  }

  /** The value of one cell as far as it is here; null where it is not. Asks for nothing. */
  cellValue(info: SignalInfo, neuron: number, token: number): CellValue | null {
    if (!info.large) {
      const values = this.#recording.values(info.signal, info.layer);
      if (!values || neuron >= values.rows || token >= values.columns) return null;
      return {
        value: valueAt(values, neuron, token),
        tokens: [token, token + 1],
        isExact: values.ranges === null,
      };
    }
    const row = this.#rows.get(neuron);
    if (row) return { value: row[token], tokens: [token, token + 1], isExact: true };
    const tile = this.#tile;
    if (tile && tile.rowOf[neuron] >= 0 && token >= tile.start && token < tile.stop) {
      return blockValue(tile.matrix, tile.rowOf[neuron], token, tile.start, tile.tokensPerBlock);
    }
    const overview = this.#recording.overview(info.signal, info.layer);
    return overview && blockValue(overview.matrix, neuron, token, 0, overview.tokensPerBlock);
  }

  /** All activations of a neuron, where they are here. Asks for nothing. */
  rowOf({ signal, layer, large }: SignalInfo, neuron: number): Float32Array | null {
    return large ? (this.#rows.get(neuron) ?? null) : this.#recording.row(signal, layer, neuron);
  }

  #large(info: SignalInfo, overview: Overview, inView: InView): Cells {
    const { neurons, first, last, columns, chosen } = inView;
    const areFew = last - first <= WHOLE_ROWS;
    const { matrix, tokensPerBlock, means } = overview;
    const rows = new Map<number, Float32Array>();
    const wanted = new Set(areFew ? neurons.slice(first, last) : []);
    if (chosen !== null && chosen < info.neurons) wanted.add(chosen);
    for (const neuron of wanted) {
      const row = this.#recording.row(info.signal, info.layer, neuron);
      if (row) rows.set(neuron, row);
    }
    const tile = areFew ? null : this.#tileFor(info, overview, inView);
    this.#rows = rows;
    this.#tile = tile;
    const isWhole = areFew && rows.size === wanted.size;
    // Among many rows the chosen one stands as they do, so that choosing takes no values again.
    const exact = areFew ? rows : new Map<number, Float32Array>();
    const parts = [...exact.values(), "tile", tile, matrix, columns];
    const blocksOf = (pixels: number, shown: Stretch) =>
      spansOfBlocks(pixels, shown, columns.listed, 0, tokensPerBlock, matrix.columns);
    return {
      key: this.#parts.of(parts, () => parts),
      tokensPerCell: isWhole ? 1 : (tile?.tokensPerBlock ?? tokensPerBlock),
      strips: (pixels) => {
        const spans = spansOf(pixels, inView.stretch, columns.count, columns.listed);
        const blocks = blocksOf(pixels, inView.stretch);
        const inTile = tile && tileSpans(tile, pixels, inView);
        return (neuron) => {
          const row = exact.get(neuron);
          if (row) return { data: row, offset: 0, low: 0, step: 1, mean: means[neuron], spans };
          if (tile && inTile && tile.rowOf[neuron] >= 0) {
            return stripOf(tile.matrix, tile.rowOf[neuron], means[neuron], inTile);
          }
          return stripOf(matrix, neuron, means[neuron], blocks);
        };
      },
      all: {
        key: this.#allParts.of([matrix, columns], () => [matrix, columns]),
        strips: (pixels) => {
          const blocks = blocksOf(pixels, whole(columns.count));
          return (neuron) => stripOf(matrix, neuron, means[neuron], blocks);
        },
      },
    };
  }

  /** A tile for what is in view, where it shows more than the overview. */
  #tileFor(info: SignalInfo, { tokensPerBlock }: Overview, inView: InView): Tile | null {
    const { neurons, columns, stretch, width } = inView;
    const [first, last] = cellsIn(stretch, columns.count);
    if (first >= last) return null;
    const tokens = { start: columns.tokenAt(first), stop: columns.tokenAt(last - 1) + 1 };
    const size = tokens.stop - tokens.start;
    if (columns.listed ? size > EXACT_TOKENS : size / width >= tokensPerBlock) return null;
    const total = this.#recording.tokens.length;
    const rows = neurons.slice(...roughly(inView.first, inView.last, neurons.length));
    const request = tileRequest(rows, tokens, total, columns.listed ? size : width);
    if (request.columns * tokensPerBlock <= request.stop - request.start) return null;
    const { tile, isHere } = this.#tiles.get(info, request);
    const covers = tile && tile.start <= tokens.start && tile.stop >= tokens.stop;
    if (!covers || (!isHere && tile.tokensPerBlock >= tokensPerBlock)) return null;
    return tile;
  }
}

function blockValue(matrix: Matrix, row: number, token: number, start: number, size: number): CellValue {
  const block = Math.min(matrix.columns - 1, Math.floor((token - start) / size));
  const first = start + block * size;
  return { value: valueAt(matrix, row, block), tokens: [first, first + size], isExact: false };
}

function tileSpans(
  { start, tokensPerBlock, matrix }: Tile,
  pixels: number,
  { stretch, columns }: InView,
): Spans {
  return spansOfBlocks(pixels, stretch, columns.listed, start, tokensPerBlock, matrix.columns);
}

function stripOf({ data, columns, ranges }: Matrix, row: number, mean: number, spans: Spans): Strip {
  const offset = row * columns;
  if (!ranges) return { data, offset, low: 0, step: 1, mean, spans };
  const low = ranges[2 * row];
  return { data, offset, low, step: (ranges[2 * row + 1] - low) / 255 || 1, mean, spans };
}
