import { cellsIn, type Stretch } from "./zoom.ts";

/** Which cells of a row each pixel of a line covers: from `starts[x]` to `stops[x]`, not included. */
export interface Spans {
  starts: Int32Array;
  stops: Int32Array;
  /** What the places stand for where a row shows chosen cells only, else null: they are the cells. */
  cells: ArrayLike<number> | null;
  /** Whether each pixel covers just one. */
  areSingle: boolean;
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
    return { starts, stops, cells, areSingle: count > 0 };
  }
  const [first, last] = cellsIn(stretch, count);
  let edge = first;
  for (let x = 0; x < width; x++) {
    const next = x === width - 1 ? last : Math.floor(start + (x + 1) * size + 1e-9);
    starts[x] = edge;
    stops[x] = Math.max(edge, Math.min(last, next));
    edge = stops[x];
  }
  return { starts, stops, cells, areSingle: false };
}

/**
 * The same stretch where there are blocks of `size` cells instead, from cell `origin` on: `blocks` of them, which cover
 * all that is in view.
 */
export function spansOfBlocks(
  width: number,
  { start, stop }: Stretch,
  cells: ArrayLike<number> | null,
  origin: number,
  size: number,
  blocks: number,
): Spans {
  if (!cells) {
    const scaled = { start: (start - origin) / size, stop: (stop - origin) / size };
    return spansOf(width, scaled, blocks, null);
  }
  const mapped = Int32Array.from(cells, (cell) =>
    Math.max(0, Math.min(blocks - 1, Math.floor((cell - origin) / size))),
  );
  return spansOf(width, { start, stop }, cells.length, mapped);
}
