/** Where rows of equal height stand one below the other, with a gap between two groups. */
export interface RowLayout {
  /** Upper edge of each row. */
  tops: Float64Array;
  rowHeight: number;
  height: number;
  /** Heights at which a dashed line parts two groups. */
  partings: number[];
}

export function layoutRows(groupSizes: readonly number[], height: number, gap: number): RowLayout {
  const rows = groupSizes.reduce((sum, size) => sum + size, 0);
  const rowHeight = rows === 0 ? 0 : Math.max(0, height - gap * (groupSizes.length - 1)) / rows;
  const tops = new Float64Array(rows);
  const partings: number[] = [];
  let y = 0;
  let row = 0;
  for (const [group, size] of groupSizes.entries()) {
    if (group > 0) {
      partings.push(y + gap / 2);
      y += gap;
    }
    for (let member = 0; member < size; member++) {
      tops[row++] = y;
      y += rowHeight;
    }
  }
  return { tops, rowHeight, height, partings };
}

/** The row at a height, or -1 in a gap or outside. */
export function rowAt({ tops, rowHeight }: RowLayout, y: number): number {
  let low = 0;
  let high = tops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tops[middle] <= y) low = middle + 1;
    else high = middle;
  }
  const row = low - 1;
  return row >= 0 && y < tops[row] + rowHeight ? row : -1;
}

/** First and one past the last row that a strip of pixels shows; equal where it shows none. */
export function rowsBetween(layout: RowLayout, y: number, size: number): [number, number] {
  const middle = rowAt(layout, y + size / 2);
  if (middle < 0) return [0, 0];
  if (layout.rowHeight >= size) return [middle, middle + 1];
  const first = rowAt(layout, y);
  const last = rowAt(layout, y + size * 0.999);
  return [first < 0 ? middle : first, (last < 0 ? middle : last) + 1];
}
