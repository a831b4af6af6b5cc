import type { Stretch } from "./zoom.ts";

/** Where rows of equal height stand one below the other, with a gap between two groups. */
export interface RowLayout {
  /** Upper edge of each row; below 0 or beyond `height` where the row is not in view. */
  tops: Float64Array;
  rowHeight: number;
  height: number;
  /** Heights at which a dashed line parts two groups. */
  partings: number[];
}

/** Rows in groups over `height`; of all rows only a stretch may be in view. */
export function layoutRows(
  groupSizes: readonly number[],
  height: number,
  gap: number,
  view?: Stretch,
): RowLayout {
  const rows = groupSizes.reduce((sum, size) => sum + size, 0);
  const { start, stop } = view ?? { start: 0, stop: rows };
  const borders = bordersOf(groupSizes);
  const inView = borders.filter((border) => border > start + 1e-9 && border < stop - 1e-9).length;
  const rowHeight = stop > start ? Math.max(0, height - gap * inView) / (stop - start) : 0;
  const before = borders.filter((border) => border <= start + 1e-9).length;
  const upper = start * rowHeight + before * gap;
  const tops = new Float64Array(rows);
  let row = 0;
  for (const [group, size] of groupSizes.entries()) {
    for (let member = 0; member < size; member++, row++) tops[row] = row * rowHeight + group * gap - upper;
  }
  const partings = borders
    .map((border, group) => border * rowHeight + (group + 0.5) * gap - upper)
    .filter((y) => y > 0 && y < height);
  return { tops, rowHeight, height, partings };
}

/** Rows before the second, third, ... group. */
function bordersOf(groupSizes: readonly number[]): number[] {
  let rows = 0;
  return groupSizes.slice(0, -1).map((size) => {
    rows += size;
    return rows;
  });
}

/** So much may be lost in the sums of row heights, and is no gap. */
const ROUNDING = 1e-9;

/** The row at a height, or -1 in a gap or outside. */
export function rowAt({ tops, rowHeight }: RowLayout, y: number): number {
  const row = lastAbove(tops, y);
  return row >= 0 && y < tops[row] + rowHeight + ROUNDING ? row : -1;
}

/** The place on the axis of rows at a height, fractions of a row included; in a gap, the border of its groups. */
export function placeAt({ tops, rowHeight }: RowLayout, y: number): number {
  const row = Math.max(0, lastAbove(tops, y));
  if (tops.length === 0 || rowHeight === 0) return 0;
  return row + Math.max(0, Math.min(1, (y - tops[row]) / rowHeight));
}

/** The last row that begins at a height or above, or -1. */
function lastAbove(tops: Float64Array, y: number): number {
  let low = 0;
  let high = tops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tops[middle] <= y) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * First and one past the last row that a strip of pixels shows; equal where it shows none. Where rows are lower than
 * the strip they are those with their middle in it, so that each row is in one strip.
 */
export function rowsBetween(layout: RowLayout, y: number, size: number): [number, number] {
  const { tops, rowHeight } = layout;
  if (rowHeight >= size) {
    const row = rowAt(layout, y + size / 2);
    return row < 0 ? [0, 0] : [row, row + 1];
  }
  return [lastAbove(tops, y - rowHeight / 2) + 1, lastAbove(tops, y + size - rowHeight / 2) + 1];
}
