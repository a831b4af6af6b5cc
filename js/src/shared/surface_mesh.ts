import type { Groups } from "./rows.ts";

/** Rows x bins of heights in 0..1, ready to be drawn in three dimensions. */
export interface SurfaceMesh {
  rows: number;
  bins: number;
  /** Place of each row along the neuron axis, 0..1; groups stand a little apart. */
  places: Float32Array;
  /** rows x bins. */
  heights: Float32Array;
  /** Index of the first row of each group, and the number of rows at the end. */
  groups: readonly number[];
}

const GAP = 0.6;
const MOST_BINS = 256;

/** Heights of one row on at most `bins` bins: of several frequencies in one bin the strongest counts. */
export function pooled(row: ArrayLike<number>, bins: number): Float32Array {
  const heights = new Float32Array(bins);
  for (let bin = 0; bin < bins; bin++) {
    const first = Math.floor((bin * row.length) / bins);
    const end = Math.max(first + 1, Math.floor(((bin + 1) * row.length) / bins));
    let most = Number.NEGATIVE_INFINITY;
    for (let index = first; index < end; index++) most = Math.max(most, row[index]);
    heights[bin] = most;
  }
  return heights;
}

/** The mesh of these rows; `heightOf` gives the heights of a neuron, 0..1, one per frequency. */
export function surfaceMesh(groups: Groups, heightOf: (neuron: number) => ArrayLike<number>): SurfaceMesh {
  const sizes = groups.map((group) => group.length);
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const first = groups[0]?.[0];
  const bins = first === undefined ? 0 : Math.min(MOST_BINS, heightOf(first).length);
  const heights = new Float32Array(rows * bins);
  const places = new Float32Array(rows);
  const starts: number[] = [];
  let row = 0;
  let place = 0;
  for (const group of groups) {
    starts.push(row);
    for (const neuron of group) {
      heights.set(pooled(heightOf(neuron), bins), row * bins);
      places[row++] = place++;
    }
    place += GAP;
  }
  const extent = Math.max(1, place - 1 - GAP);
  for (let index = 0; index < rows; index++) places[index] = rows === 1 ? 0.5 : places[index] / extent;
  return { rows, bins, places, heights, groups: [...starts, rows] };
}

/** Two triangles for each cell between neighbouring rows of a group and neighbouring bins. */
export function triangles({ bins, groups }: SurfaceMesh): Uint32Array {
  const indices: number[] = [];
  for (let group = 0; group + 1 < groups.length; group++) {
    for (let row = groups[group]; row + 1 < groups[group + 1]; row++) {
      for (let bin = 0; bin + 1 < bins; bin++) {
        const corner = row * bins + bin;
        indices.push(corner, corner + 1, corner + bins, corner + 1, corner + bins + 1, corner + bins);
      }
    }
  }
  return Uint32Array.from(indices);
}
