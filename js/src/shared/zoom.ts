/** A stretch of an axis in the axis's own cells, from `start` to `stop`; fractions of cells may be in view. */
export interface Stretch {
  readonly start: number;
  readonly stop: number;
}

export function whole(count: number): Stretch {
  return { start: 0, stop: count };
}

/** Parts of a cell that are lost in rounding and nobody sees. */
const ROUNDING = 1e-6;

export function isWhole({ start, stop }: Stretch, count: number): boolean {
  return start <= ROUNDING && stop >= count - ROUNDING;
}

/** The stretch within an axis of `count` cells, with at least `least` cells in view. */
export function within({ start, stop }: Stretch, count: number, least = 1): Stretch {
  const size = Math.min(count, Math.max(stop - start, Math.min(least, count)));
  if (size >= count - ROUNDING) return whole(count);
  const middle = (start + stop) / 2;
  const first = stop - start < size ? middle - size / 2 : start;
  const placed = Math.max(0, Math.min(count - size, first));
  return { start: placed, stop: placed + size };
}

/** `factor` times as large a picture (less than 1: smaller), while the place `at` stays where it is in view. */
export function zoomed(stretch: Stretch, count: number, at: number, factor: number, least: number): Stretch {
  const { start, stop } = stretch;
  const size = Math.min(count, Math.max(Math.min(least, count), (stop - start) / factor));
  const share = (at - start) / (stop - start || 1);
  return within({ start: at - share * size, stop: at + (1 - share) * size }, count, least);
}

/** The same size of stretch, `by` cells further. */
export function panned({ start, stop }: Stretch, count: number, by: number): Stretch {
  const first = Math.max(0, Math.min(count - (stop - start), start + by));
  return { start: first, stop: first + (stop - start) };
}

/** Moved as little as is needed to have the cell in view. */
export function holding(stretch: Stretch, count: number, cell: number): Stretch {
  if (cell < 0 || cell >= count) return stretch;
  const { start, stop } = stretch;
  if (cell < start) return panned(stretch, count, cell - start);
  if (cell + 1 > stop) return panned(stretch, count, Math.max(cell + 1 - stop, 0));
  return stretch;
}

/** First and one past the last cell of which a part is in view. */
export function cellsIn({ start, stop }: Stretch, count: number): [number, number] {
  return [Math.max(0, Math.floor(start + 1e-9)), Math.min(count, Math.ceil(stop - 1e-9))];
}

/** Round places in view, about `room` of them, all multiples of one step. */
export function placesIn(stretch: Stretch, count: number, room: number): number[] {
  const [first, last] = cellsIn(stretch, count);
  const rough = (last - first) / Math.max(1, room);
  const power = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, rough))));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 1;
  const places: number[] = [];
  for (let place = Math.ceil(first / step) * step; place < last; place += step) places.push(place);
  return places;
}
