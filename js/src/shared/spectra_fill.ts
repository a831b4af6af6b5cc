import type { Matrix } from "./matrix.ts";
import type { SignalInfo } from "./types.ts";

const NEURONS_AT_ONCE = 128;

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

  /** The neurons whose spectra come next: the first, and one past the last; null when all are here. */
  get next(): [number, number] | null {
    const done = this.overview?.done ?? 0;
    return done < this.#neurons ? [done, Math.min(this.#neurons, done + NEURONS_AT_ONCE)] : null;
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
