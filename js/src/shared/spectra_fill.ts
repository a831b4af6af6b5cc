import type { Matrix } from "./matrix.ts";
import type { SignalInfo } from "./types.ts";

const NEURONS_AT_ONCE = 256;

/** All spectra pooled: of each block of frequencies the largest amplitude, frequency 0 left out. */
export interface SpectrumOverview {
  matrix: Matrix;
  binsPerBlock: number;
  /** Neurons whose spectra are here, from 0 on. */
  done: number;
}

/** The pooled spectra of a large recording, put together from the kernel's chunks. */
export class SpectraFill {
  readonly #neurons: number;
  overview: SpectrumOverview | null = null;

  constructor({ neurons }: SignalInfo) {
    this.#neurons = neurons;
  }

  /** The neurons of the chunks that come next, two at most: of each the first, and one past the last. */
  get next(): [number, number][] {
    const done = this.overview?.done ?? 0;
    return [done, done + NEURONS_AT_ONCE]
      .filter((first) => first < this.#neurons)
      .map((first) => [first, Math.min(this.#neurons, first + NEURONS_AT_ONCE)]);
  }

  take(chunk: Matrix): void {
    const done = this.overview?.done ?? 0;
    const { columns } = chunk;
    const matrix: Matrix = this.overview?.matrix ?? {
      rows: this.#neurons,
      columns,
      block: chunk.block,
      data: new Float32Array(this.#neurons * columns),
      ranges: null,
    };
    (matrix.data as Float32Array).set(chunk.data, done * columns);
    this.overview = { matrix, binsPerBlock: chunk.block, done: done + chunk.rows };
  }
}
