import type { Lut } from "./colour.ts";
import { type RowLayout, rowsBetween } from "./layout.ts";

export interface Raster {
  /** In device pixels. */
  width: number;
  height: number;
  layout: RowLayout;
  /** Device pixels per unit of the layout. */
  ratio: number;
  /** Values of a row of the picture. */
  row(index: number): ArrayLike<number>;
  /** Index into a row's values for each column of the picture. */
  columns: ArrayLike<number>;
  low: number;
  high: number;
  lut: Lut;
  /** The value from which extremes are measured where a pixel shows several cells. */
  middle: number;
}

/** Four bytes of each of 256 colours, in the byte order of the machine. */
function packed(lut: Lut): Uint32Array {
  const bytes = new Uint8ClampedArray(256 * 4);
  for (let index = 0; index < 256; index++) {
    bytes.set([lut[3 * index], lut[3 * index + 1], lut[3 * index + 2], 255], 4 * index);
  }
  return new Uint32Array(bytes.buffer);
}

/**
 * Pixels of a heat map, transparent between groups. A pixel that covers several cells shows the one farthest from
 * `middle`, so that a single strong cell never vanishes.
 */
export function rasterise(raster: Raster): Uint8ClampedArray<ArrayBuffer> {
  const { width, height, layout, ratio, columns, low, high, middle } = raster;
  const colours = packed(raster.lut);
  const bytes = new Uint8ClampedArray(width * height * 4);
  const pixels = new Uint32Array(bytes.buffer);
  const count = columns.length;
  if (count === 0 || layout.tops.length === 0) return bytes;
  const edges = Int32Array.from({ length: width + 1 }, (_, x) => Math.floor((x * count) / width));
  const scale = high > low ? 255 / (high - low) : 0;
  let drawn: [number, number] = [-1, -1];
  let previous = 0;
  for (let y = 0; y < height; y++) {
    const [first, end] = rowsBetween(layout, y / ratio, 1 / ratio);
    if (first === end) continue;
    const line = pixels.subarray(y * width, (y + 1) * width);
    if (first === drawn[0] && end === drawn[1]) {
      line.set(pixels.subarray(previous * width, (previous + 1) * width));
      continue;
    }
    drawn = [first, end];
    previous = y;
    const rows = Array.from({ length: end - first }, (_, step) => raster.row(first + step));
    for (let x = 0; x < width; x++) {
      const left = edges[x];
      const right = Math.max(left + 1, edges[x + 1]);
      let value = middle;
      let farthest = -1;
      for (const cells of rows) {
        for (let column = left; column < right; column++) {
          const cell = cells[columns[column]];
          const distance = Math.abs(cell - middle);
          if (distance > farthest) {
            farthest = distance;
            value = cell;
          }
        }
      }
      const index = Math.round((value - low) * scale);
      line[x] = colours[Math.max(0, Math.min(255, index))];
    }
  }
  return bytes;
}
