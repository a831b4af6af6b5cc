import { type Lut, lutFor } from "./colour.ts";
import { bandFiltered } from "./fourier.ts";
import { hasSurprisal, surprisalOf } from "./predictions.ts";
import type { Recording } from "./recording.ts";
import { formatNumber } from "./ticks.ts";
import type { Band } from "./types.ts";
import type { Scene } from "./view.ts";

export type ColourBy = "activation" | "band" | "surprisal";

/** What the colours of the text mean. */
export interface Colouring {
  by: ColourBy;
  /** What is shown, in which unit, on which scale. */
  title: string;
  low: number;
  high: number;
  lut: Lut;
  /** Whether each neuron has colours of its own. */
  perNeuron: boolean;
  /** (T,) values of a neuron, NaN where there is none; null while they are not here. */
  values(neuron: number): Float32Array | null;
}

interface Filtered {
  values: Float32Array;
  largest: number;
}

/** Surprisal has a long tail: the scale ends where this share of the tokens lies below. */
export const SURPRISAL_QUANTILE = 0.99;
const KEPT_VALUES = 2 ** 24;

/** The least value that at least `share` of the finite values do not exceed. */
export function quantile(values: Float32Array, share: number): number {
  const finite = values.filter(Number.isFinite).sort();
  return finite.length ? finite[Math.min(finite.length - 1, Math.ceil(share * finite.length) - 1)] : 0;
}

export function bandWords(band: Band | null): string {
  if (!band) return "all frequencies";
  const [low, high] = band.map(formatNumber);
  return low === high ? `${low} cycles per token` : `${low} to ${high} cycles per token`;
}

/** Finds what the text is coloured by; filtered rows are kept for each neuron and band. */
export class Colourings {
  readonly #recording: Recording;
  readonly #filtered = new Map<string, Filtered>();
  #quantile: { of: Float32Array; value: number } | null = null;

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  of(scene: Scene, by: ColourBy, neurons: readonly number[]): Colouring {
    if (by === "band") return this.#band(scene, neurons);
    return by === "surprisal" && hasSurprisal(this.#recording)
      ? this.#surprisal(scene)
      : this.#activation(scene);
  }

  #activation(scene: Scene): Colouring {
    const { signal, layer, low, high, two_sided } = scene.info;
    return {
      by: "activation",
      title: "Activation",
      low,
      high,
      lut: lutFor(two_sided, scene),
      perNeuron: true,
      values: (neuron) => this.#recording.row(signal, layer, neuron),
    };
  }

  #band(scene: Scene, neurons: readonly number[]): Colouring {
    const found = this.#filter(scene, neurons);
    const high = Math.max(0, ...[...found.values()].map(({ largest }) => largest)) || 1;
    return {
      by: "band",
      title: `Activation within ${bandWords(scene.choice.band)}`,
      low: -high,
      high,
      lut: lutFor(true, scene),
      perNeuron: true,
      values: (neuron) => found.get(neuron)?.values ?? null,
    };
  }

  /** What is kept of each neuron, made now where its row is here. */
  #filter({ info, choice }: Scene, neurons: readonly number[]): Map<number, Filtered> {
    const band = choice.band ?? ([0, 0.5] as const);
    const key = (neuron: number) => `${info.signal} ${info.layer} ${neuron} ${band}`;
    const wanted = neurons.flatMap((neuron) => {
      if (this.#filtered.has(key(neuron))) return [];
      const row = this.#recording.row(info.signal, info.layer, neuron);
      return row ? [{ neuron, row }] : [];
    });
    const tokens = this.#recording.tokens.length;
    if ((this.#filtered.size + wanted.length) * tokens > KEPT_VALUES) this.#filtered.clear();
    const made = bandFiltered(
      wanted.map(({ row }) => row),
      band,
    );
    for (const [index, { neuron }] of wanted.entries()) {
      const values = made[index];
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      this.#filtered.set(key(neuron), { values, largest });
    }
    return new Map(
      neurons.flatMap((neuron) => {
        const found = this.#filtered.get(key(neuron));
        return found ? [[neuron, found]] : [];
      }),
    );
  }

  #surprisal(scene: Scene): Colouring {
    const values = surprisalOf(this.#recording);
    if (values && this.#quantile?.of !== values)
      this.#quantile = { of: values, value: quantile(values, SURPRISAL_QUANTILE) };
    return {
      by: "surprisal",
      title: `Surprisal in bits, up to its ${SURPRISAL_QUANTILE * 100} % quantile`,
      low: 0,
      high: this.#quantile?.value || 1,
      lut: lutFor(false, scene),
      perNeuron: false,
      values: () => values,
    };
  }
}
