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

/** At most so many rows and bins. */
export interface Detail {
  rows: number;
  bins: number;
}

export const FULL: Detail = { rows: 1024, bins: 512 };
/** What a software renderer turns at ten frames a second. */
export const COARSE: Detail = { rows: 256, bins: 256 };

const GAP = 0.6;
/** A neuron without neighbours is drawn as a ribbon of this width, in rows. */
const RIBBON = 0.5;

/** Where neurons stand along the neuron axis, 0..1: each neuron's place, and both ends of each group. */
export interface NeuronPlaces {
  rows: Float32Array;
  groups: readonly (readonly [number, number])[];
}

export function neuronPlaces(sizes: readonly number[]): NeuronPlaces {
  const rows: number[] = [];
  const groups: [number, number][] = [];
  let start = 0;
  for (const size of sizes) {
    const first = size === 1 ? start + RIBBON / 2 : start;
    for (let member = 0; member < size; member++) rows.push(first + member);
    const end = size === 1 ? start + RIBBON : start + size - 1;
    groups.push([start, end]);
    start = end + 1 + GAP;
  }
  const extent = groups.at(-1)?.[1] || 1;
  return {
    rows: Float32Array.from(rows, (place) => place / extent),
    groups: groups.map(([first, last]) => [first / extent, last / extent]),
  };
}

/**
 * The mesh of these rows in at most the given detail; of several rows or bins in one the highest counts, so that
 * ridges stay. `heightsOf` gives the heights of a row, 0..1, in as many bins as it is asked for; there are `bins`.
 */
export function surfaceMesh(
  groups: Groups,
  bins: number,
  heightsOf: (row: number, bins: number) => ArrayLike<number>,
  detail: Detail = FULL,
): SurfaceMesh {
  const sizes = groups.map((group) => group.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const together = Math.max(1, Math.ceil(total / detail.rows));
  const ends = neuronPlaces(sizes).groups;
  const drawn = sizes.map((size) => (size === 1 ? 2 : Math.max(2, Math.ceil(size / together))));
  const rows = drawn.reduce((sum, size) => sum + size, 0);
  const used = Math.min(detail.bins, bins);
  const heights = new Float32Array(rows * used);
  const places = new Float32Array(rows);
  const starts: number[] = [];
  let source = 0;
  let row = 0;
  for (const [group, size] of sizes.entries()) {
    const count = drawn[group];
    const [from, to] = ends[group];
    starts.push(row);
    for (let member = 0; member < size; member++) {
      const targets = size === 1 ? [0, 1] : [Math.min(count - 1, Math.floor((member * count) / size))];
      const given = heightsOf(source++, used);
      for (const target of targets) raise(heights, (row + target) * used, given);
    }
    for (let target = 0; target < count; target++)
      places[row + target] = from + ((to - from) * target) / (count - 1);
    row += count;
  }
  return { rows, bins: used, places, heights, groups: [...starts, rows] };
}

function raise(heights: Float32Array, start: number, given: ArrayLike<number>): void {
  for (let bin = 0; bin < given.length; bin++) {
    if (given[bin] > heights[start + bin]) heights[start + bin] = given[bin];
  }
}

/** Two triangles for each cell between neighbouring rows of a group and neighbouring bins. */
export function triangles({ rows, bins, groups }: SurfaceMesh): Uint32Array {
  const strips = Math.max(0, rows - (groups.length - 1));
  const indices = new Uint32Array(6 * strips * Math.max(0, bins - 1));
  let next = 0;
  for (let group = 0; group + 1 < groups.length; group++) {
    for (let row = groups[group]; row + 1 < groups[group + 1]; row++) {
      for (let bin = 0; bin + 1 < bins; bin++) {
        const corner = row * bins + bin;
        indices[next++] = corner;
        indices[next++] = corner + 1;
        indices[next++] = corner + bins;
        indices[next++] = corner + 1;
        indices[next++] = corner + bins + 1;
        indices[next++] = corner + bins;
      }
    }
  }
  return indices;
}

/** Three coordinates of each vertex: along the frequencies, upwards, along the neurons; each 0..1. */
export function vertices({ rows, bins, places, heights }: SurfaceMesh): Float32Array {
  const points = new Float32Array(rows * bins * 3);
  const step = 1 / Math.max(1, bins - 1);
  let next = 0;
  for (let row = 0; row < rows; row++) {
    for (let bin = 0; bin < bins; bin++) {
      points[next++] = bin * step;
      points[next++] = heights[row * bins + bin];
      points[next++] = places[row];
    }
  }
  return points;
}
