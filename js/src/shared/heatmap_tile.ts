import type { Matrix } from "./matrix.ts";
import type { Recording } from "./recording.ts";
import type { SignalInfo } from "./types.ts";
import type { Stretch } from "./zoom.ts";

/** So many cells travel at once, at most; more than a picture has pixels, less than a moment's wait. */
const TILE_CELLS = 1_500_000;
const FEWEST_COLUMNS = 64;

/** A part of a large recording: chosen neurons over a stretch of tokens, exact or pooled over blocks of tokens. */
export interface Tile {
  matrix: Matrix;
  start: number;
  stop: number;
  tokensPerBlock: number;
  /** Row of the matrix for each neuron, or -1. */
  rowOf: Int32Array;
}

export interface TileRequest {
  neurons: number[];
  start: number;
  stop: number;
  columns: number;
}

/**
 * What to ask for to show `neurons` at the tokens in view on `width` pixels: a little more on either side, at places
 * that stay the same while the picture moves a little.
 */
export function tileRequest(
  neurons: readonly number[],
  { start, stop }: Stretch,
  tokens: number,
  width: number,
): TileRequest {
  const [first, last] = roughly(start, stop, tokens);
  const wanted = Math.ceil((width * (last - first)) / Math.max(1, stop - start));
  const affordable = Math.max(FEWEST_COLUMNS, Math.floor(TILE_CELLS / Math.max(1, neurons.length)));
  const columns = Math.min(last - first, wanted, affordable);
  // Typed arrays sort numbers many times as fast, and this is asked for each picture.
  return { neurons: [...Int32Array.from(neurons).sort()], start: first, stop: last, columns };
}

/** A little more than from `start` to `stop`, at places that stay the same for most small moves. */
export function roughly(start: number, stop: number, count: number): [number, number] {
  const grid = 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, (stop - start) / 2))));
  return [Math.max(0, Math.floor(start / grid) * grid), Math.min(count, Math.ceil(stop / grid) * grid)];
}

/** Gets tiles through the recording and keeps the newest that has come, to be shown while the next is on its way. */
export class Tiles {
  readonly #recording: Recording;
  #newest: { tile: Tile; info: SignalInfo } | null = null;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  /** The tile asked for, or the newest one while it is not here; null where neither is. */
  get(info: SignalInfo, request: TileRequest): { tile: Tile | null; isHere: boolean } {
    const { neurons, start, stop, columns } = request;
    const matrix = this.#recording.region(info.signal, info.layer, neurons, start, stop, columns);
    if (matrix && matrix !== this.#newest?.tile.matrix) {
      const rowOf = new Int32Array(info.neurons).fill(-1);
      for (const [row, neuron] of neurons.entries()) rowOf[neuron] = row;
      const tokensPerBlock = Math.ceil((stop - start) / columns);
      this.#newest = { tile: { matrix, start, stop, tokensPerBlock, rowOf }, info };
    }
    const isSameSignal = this.#newest?.info.signal === info.signal && this.#newest.info.layer === info.layer;
    return { tile: isSameSignal ? (this.#newest?.tile ?? null) : null, isHere: matrix !== null };
  }
}
