import { cellsIn, type Stretch } from "./zoom.ts";

/** Which cells of a row each pixel of a line covers: from `starts[x]` to `stops[x]`, not included. */
export interface Spans {
  starts: Int32Array;
  stops: Int32Array;
  /** What the places stand for where a row shows chosen cells only, else null: they are the cells. */
  cells: ArrayLike<number> | null;
}

/** `width` pixels over a stretch of an axis of `count` cells: each cell in at least one pixel, or each pixel in one cell. */
export function spansOf(
  width: number,
  stretch: Stretch,
  count: number,
  cells: ArrayLike<number> | null,
): Spans {
  const { start, stop } = stretch;
  const starts = new Int32Array(width);
  const stops = new Int32Array(width);
  const size = (stop - start) / width;
  if (size <= 1) {
    for (let x = 0; x < width; x++) {
      const cell = Math.max(0, Math.min(count - 1, Math.floor(start + (x + 0.5) * size)));
      starts[x] = cell;
      stops[x] = Math.min(count, cell + 1);
    }
    return { starts, stops, cells };
  }
  const [first, last] = cellsIn(stretch, count);
  let edge = first;
  for (let x = 0; x < width; x++) {
    const next = x === width - 1 ? last : Math.floor(start + (x + 1) * size + 1e-9);
    starts[x] = edge;
    stops[x] = Math.max(edge, Math.min(last, next));
    edge = stops[x];
  }
  return { starts, stops, cells };
}

/**
 * The same pixels over blocks of `size` cells that start at cell `origin`: `blocks` of them. A pixel with no part in
 * any block covers none.
 */
export function spansOverBlocks(
  { starts, stops, cells }: Spans,
  origin: number,
  size: number,
  blocks: number,
): Spans {
  if (cells) {
    const [first, last] = [starts[0] ?? 0, stops[stops.length - 1] ?? 0];
    const mapped = new Int32Array(last);
    for (let place = first; place < last; place++) {
      mapped[place] = Math.max(0, Math.min(blocks - 1, Math.floor((cells[place] - origin) / size)));
    }
    return { starts, stops, cells: mapped };
  }
  const from = new Int32Array(starts.length);
  const to = new Int32Array(starts.length);
  for (let x = 0; x < starts.length; x++) {
    from[x] = Math.max(0, Math.min(blocks, Math.floor((starts[x] - origin) / size)));
    to[x] = Math.max(from[x], Math.min(blocks, Math.floor((stops[x] - 1 - origin) / size) + 1));
  }
  return { starts: from, stops: to, cells: null };
}
