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

/**
 * Rows taken into lines of pixels, each once, in whatever order they then stand. A pixel that covers several cells
 * shows the one farthest from its neuron's mean, so that a single strong cell never vanishes.
 */
export class TakenRows {
  readonly width: number;
  readonly #stripOf: (neuron: number) => Strip;
  readonly #places = new Map<number, number>();
  /** Value of each pixel, NaN where there is no cell. */
  values = new Float32Array(0);
  /** Its distance from the mean as the bits of a float32, which as whole numbers have the same order; or -1. */
  distances = new Int32Array(0);

  /** Rows that were taken `before`, and are needed no longer, give their memory away: fresh memory is slow. */
  constructor(width: number, stripOf: (neuron: number) => Strip, before: TakenRows | null = null) {
    this.width = width;
    this.#stripOf = stripOf;
    if (before) ({ values: this.values, distances: this.distances } = before);
  }

  /** Where in `values` and `distances` the pixels of each of these neurons begin. */
  placesOf(neurons: readonly number[]): Int32Array {
    const { width } = this;
    const fresh = neurons.filter((neuron) => !this.#places.has(neuron));
    this.#reserve((this.#places.size + fresh.length) * width);
    for (const neuron of fresh) {
      const place = this.#places.size * width;
      this.#places.set(neuron, place);
      this.#take(this.#stripOf(neuron), place);
    }
    return Int32Array.from(neurons, (neuron) => this.#places.get(neuron) ?? 0);
  }

  #reserve(size: number): void {
    const { values, distances } = this;
    if (size <= values.length) return;
    const room = values.length === 0 ? size : Math.max(size, 2 * values.length);
    this.values = new Float32Array(room);
    this.distances = new Int32Array(room);
    this.values.set(values);
    this.distances.set(distances);
  }

  #take({ data, offset, low, step, mean, spans }: Strip, place: number): void {
    const { values, distances, width } = this;
    const { starts, stops, cells, areSingle } = spans;
    const far = new Float32Array(distances.buffer);
    if (areSingle && cells === null) {
      // This is most of the work where there are many rows.
      for (let x = 0; x < width; x++) {
        const value = low + data[offset + starts[x]] * step;
        values[place + x] = value;
        far[place + x] = Math.abs(value - mean);
      }
      return;
    }
    const middle = (mean - low) / step;
    for (let x = 0; x < width; x++) {
      const stop = stops[x];
      let farthest = -1;
      let found = Number.NaN;
      for (let at = starts[x]; at < stop; at++) {
        const cell = data[offset + (cells === null ? at : cells[at])];
        const distance = Math.abs(cell - middle);
        if (distance <= farthest) continue;
        farthest = distance;
        found = cell;
      }
      values[place + x] = low + found * step;
      if (farthest < 0) distances[place + x] = -1;
      else far[place + x] = farthest * step;
    }
  }
}
