import type { Lut } from "./colour.ts";
import { type RowLayout, rowsBetween } from "./layout.ts";
import type { TakenRows } from "./taken_rows.ts";

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

/** Values of all pixels; `neurons` are those of the layout's rows. What was pooled `before` gives its memory away. */
export function pool(
  { width, height, layout, ratio }: Frame,
  neurons: readonly number[],
  taken: TakenRows,
  before: Pooled | null = null,
): Pooled {
  const { lines, rows } = linesOf(layout, height, ratio);
  const size = rows.length * width;
  const values = before?.values.length === size ? before.values : new Float32Array(size);
  const shown = rows.flatMap(([first, end]) => neurons.slice(first, end));
  const places = taken.placesOf(shown);
  let from = 0;
  for (const [line, [first, end]] of rows.entries()) {
    const count = end - first;
    farthestInto(values, line * width, taken, places.subarray(from, from + count));
    from += count;
  }
  return { width, lines, values };
}

/** Writes into a line of pixels, of the rows at these places, the value that is farthest from its neuron's mean. */
function farthestInto(into: Float32Array, at: number, taken: TakenRows, places: Int32Array): void {
  const { width, values, distances } = taken;
  // A line of a usual picture shows three rows at most: those stand here one by one, which is faster than a loop.
  const [first, second = first, third = second, ...others] = places;
  for (let x = 0; x < width; x++) {
    let found = first + x;
    let farthest = distances[found] | 0;
    // Which of two is farther is as good as random, so it is found without a branch: the mask is all ones or none.
    let lead = (farthest - distances[second + x]) | 0;
    let mask = lead >> 31;
    farthest = (farthest - (lead & mask)) | 0;
    found ^= (found ^ (second + x)) & mask;
    lead = (farthest - distances[third + x]) | 0;
    mask = lead >> 31;
    farthest = (farthest - (lead & mask)) | 0;
    found ^= (found ^ (third + x)) & mask;
    for (let row = 0; row < others.length; row++) {
      const other = others[row] + x;
      lead = (farthest - distances[other]) | 0;
      mask = lead >> 31;
      farthest = (farthest - (lead & mask)) | 0;
      found ^= (found ^ other) & mask;
    }
    into[at + x] = values[found];
  }
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
export function packed(lut: Lut): Uint32Array {
  const bytes = new Uint8ClampedArray(256 * 4);
  for (let index = 0; index < 256; index++) {
    bytes.set([lut[3 * index], lut[3 * index + 1], lut[3 * index + 2], 255], 4 * index);
  }
  return new Uint32Array(bytes.buffer);
}

/** Writes pixels of the values, none where there are none. `limits` null: each line on its own scale. */
export function colour(
  bytes: Uint8ClampedArray<ArrayBuffer>,
  pooled: Pooled,
  lut: Lut,
  limits: readonly [number, number] | null,
): void {
  const { width, lines, values } = pooled;
  const colours = packed(lut);
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
}
