import type { Lut } from "./colour.ts";
import { type RowLayout, rowsBetween } from "./layout.ts";
import type { Spans } from "./spans.ts";

/** Where the cells of one row of a picture are, as numbers or as bytes between `low` and `low` + 255 `step`. */
export interface Strip {
  data: Float32Array | Uint8Array;
  /** Place of the row's first cell in `data`. */
  offset: number;
  low: number;
  step: number;
  /** The value from which extremes are measured where a pixel shows several cells. */
  mean: number;
  spans: Spans;
}

/** The picture's size in device pixels, and which rows stand where in it. */
export interface Frame {
  width: number;
  height: number;
  layout: RowLayout;
  /** Device pixels per unit of the layout. */
  ratio: number;
}

/** The value that each pixel shows, line by line; equal lines are kept once. */
export interface Pooled {
  width: number;
  /** For each line of pixels which line of `values` it shows, or -1 in a gap. */
  lines: Int32Array;
  /** NaN where there is no cell. */
  values: Float32Array;
}

/**
 * Takes a row into a line of pixels. A pixel that covers several cells shows the one farthest from its neuron's mean,
 * so that a single strong cell never vanishes. `distances` are those of the values taken so far.
 */
function poolInto(strip: Strip, values: Float32Array, at: number, distances: Float32Array): void {
  const { data, offset, low, step, spans } = strip;
  const { starts, stops, cells } = spans;
  const middle = (strip.mean - low) / step;
  for (let x = 0; x < distances.length; x++) {
    const stop = stops[x];
    let farthest = -1;
    let found = 0;
    for (let place = starts[x]; place < stop; place++) {
      const cell = data[offset + (cells === null ? place : cells[place])];
      const distance = Math.abs(cell - middle);
      if (distance > farthest) {
        farthest = distance;
        found = cell;
      }
    }
    if (farthest * step > distances[x]) {
      distances[x] = farthest * step;
      values[at + x] = low + found * step;
    }
  }
}

/** The same where each pixel covers one cell of the row, which is most of the work where there are many rows. */
function poolSingles(
  strip: Strip,
  values: Float32Array,
  at: number,
  distances: Float32Array,
  isFirst: boolean,
): void {
  const { data, offset, low, step, mean, spans } = strip;
  const { starts } = spans;
  if (isFirst) {
    for (let x = 0; x < distances.length; x++) {
      const value = low + data[offset + starts[x]] * step;
      distances[x] = Math.abs(value - mean);
      values[at + x] = value;
    }
    return;
  }
  for (let x = 0; x < distances.length; x++) {
    const value = low + data[offset + starts[x]] * step;
    const distance = Math.abs(value - mean);
    if (distance > distances[x]) {
      distances[x] = distance;
      values[at + x] = value;
    }
  }
}

/** Values of all pixels; `stripOf` gives the cells of a row of the layout, or null where there are none yet. */
export function pool(
  { width, height, layout, ratio }: Frame,
  stripOf: (row: number) => Strip | null,
): Pooled {
  const { lines, rows } = linesOf(layout, height, ratio);
  const values = new Float32Array(rows.length * width).fill(Number.NaN);
  const distances = new Float32Array(width);
  for (const [line, [first, end]] of rows.entries()) {
    distances.fill(-1);
    for (let row = first; row < end; row++) {
      const strip = stripOf(row);
      if (!strip) continue;
      const areSingle = strip.spans.areSingle && strip.spans.cells === null;
      if (areSingle) poolSingles(strip, values, line * width, distances, row === first);
      else poolInto(strip, values, line * width, distances);
    }
  }
  return { width, lines, values };
}

/** Which line of values each line of pixels shows, and the first and one past the last row of each line of values. */
function linesOf(layout: RowLayout, height: number, ratio: number) {
  const lines = new Int32Array(height).fill(-1);
  const rows: [number, number][] = [];
  for (let y = 0; y < height; y++) {
    const [first, end] = rowsBetween(layout, y / ratio, 1 / ratio);
    if (first === end) continue;
    const last = rows.at(-1);
    if (first !== last?.[0] || end !== last[1]) rows.push([first, end]);
    lines[y] = rows.length - 1;
  }
  return { lines, rows };
}

/** Lowest and highest value of a picture, or of one of its lines; null where it shows none. */
export function limitsOf({ width, values }: Pooled, line: number | null = null): [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const stop = line === null ? values.length : (line + 1) * width;
  for (let place = line === null ? 0 : line * width; place < stop; place++) {
    const value = values[place];
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

/** Four bytes of each of 256 colours, in the byte order of the machine. */
function packed(lut: Lut): Uint32Array {
  const bytes = new Uint8ClampedArray(256 * 4);
  for (let index = 0; index < 256; index++) {
    bytes.set([lut[3 * index], lut[3 * index + 1], lut[3 * index + 2], 255], 4 * index);
  }
  return new Uint32Array(bytes.buffer);
}

/** Pixels of the values, clear where there are none. `limits` null: each line on its own scale. */
export function coloured(
  pooled: Pooled,
  lut: Lut,
  limits: readonly [number, number] | null,
): Uint8ClampedArray<ArrayBuffer> {
  const { width, lines, values } = pooled;
  const colours = packed(lut);
  const bytes = new Uint8ClampedArray(width * lines.length * 4);
  const pixels = new Uint32Array(bytes.buffer);
  let previous = -1;
  for (let y = 0; y < lines.length; y++) {
    const line = lines[y];
    if (line < 0) continue;
    const at = y * width;
    if (previous >= 0 && lines[previous] === line) {
      pixels.copyWithin(at, previous * width, (previous + 1) * width);
      continue;
    }
    previous = y;
    const [low, high] = limits ?? limitsOf(pooled, line) ?? [0, 0];
    const scale = high > low ? 255 / (high - low) : 0;
    const start = line * width;
    for (let x = 0; x < width; x++) {
      const value = values[start + x];
      // A number that is not one is never equal to itself; this is asked half a million times.
      // biome-ignore lint/suspicious/noSelfCompare: as above
      if (value !== value) continue;
      const index = scale === 0 ? 128 : ((value - low) * scale + 0.5) | 0;
      pixels[at + x] = colours[index < 0 ? 0 : index > 255 ? 255 : index];
    }
  }
  return bytes;
}
