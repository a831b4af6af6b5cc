import { type Matrix, rowOf } from "./matrix.ts";
import type { Recording } from "./recording.ts";
import type { Columns } from "./spectrum_pool.ts";
import type { SignalInfo } from "./types.ts";

/** Amplitudes of all neurons as they came to the page: whole, or of a large recording as an overview that fills in. */
interface Arrived {
  /** The same object for as long as nothing new has come. */
  source: object;
  matrix: Matrix;
  binsPerColumn: number;
  /** How many neurons are in it so far. */
  done: number;
}

/** Amplitude spectra of the neurons of one signal, of a recording of any size. */
export class Spectra {
  /** Number of tokens T and of frequencies K: bin k stands for k / T cycles per token. */
  readonly tokens: number;
  readonly bins: number;
  readonly neurons: number;
  readonly done: number;
  readonly isLarge: boolean;
  readonly #recording: Recording;
  readonly #info: SignalInfo;
  readonly #arrived: Arrived;
  readonly #strongest: Float32Array;

  constructor(recording: Recording, info: SignalInfo, arrived: Arrived) {
    this.#recording = recording;
    this.#info = info;
    this.#arrived = arrived;
    this.tokens = recording.tokens.length;
    this.bins = Math.floor(this.tokens / 2) + 1;
    this.neurons = arrived.matrix.rows;
    this.done = arrived.done;
    this.isLarge = info.large;
    this.#strongest = new Float32Array(this.neurons).fill(-1);
  }

  isFrom(arrived: Arrived, info: SignalInfo): boolean {
    return arrived.source === this.#arrived.source && info === this.#info;
  }

  /** A neuron's amplitudes as they are here for all neurons. */
  columns(neuron: number): Columns {
    return { values: rowOf(this.#arrived.matrix, neuron), binsPerColumn: this.#arrived.binsPerColumn };
  }

  /** (K,) amplitudes of one neuron; null where they are asked for and come later. */
  exact(neuron: number): Float32Array | null {
    if (!this.isLarge) return rowOf(this.#arrived.matrix, neuron);
    return this.#recording.amplitudes(this.#info.signal, this.#info.layer, neuron);
  }

  /** A neuron's largest amplitude above frequency 0, which shows the mean and would dwarf every rhythm. */
  strongest(neuron: number): number {
    if (this.#strongest[neuron] < 0) {
      const { values, binsPerColumn } = this.columns(neuron);
      let most = 0;
      for (let column = binsPerColumn === 1 ? 1 : 0; column < values.length; column++)
        if (values[column] > most) most = values[column];
      this.#strongest[neuron] = most;
    }
    return this.#strongest[neuron];
  }
}

/** The spectra of the chosen signal, the same object for as long as nothing new has come. */
export class SpectrumSource {
  readonly #recording: Recording;
  #spectra: Spectra | null = null;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  of(info: SignalInfo): Spectra | null {
    const arrived = this.#arrived(info);
    if (!arrived) return null;
    if (!this.#spectra?.isFrom(arrived, info)) this.#spectra = new Spectra(this.#recording, info, arrived);
    return this.#spectra;
  }

  #arrived({ signal, layer, large, neurons }: SignalInfo): Arrived | null {
    if (large) {
      const source = this.#recording.spectrumOverview(signal, layer);
      return (
        source && { source, matrix: source.matrix, binsPerColumn: source.binsPerBlock, done: source.done }
      );
    }
    const matrix = this.#recording.spectrum(signal, layer);
    return matrix && { source: matrix, matrix, binsPerColumn: 1, done: neurons };
  }
}
