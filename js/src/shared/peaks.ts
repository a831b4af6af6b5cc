import { type Matrix, valueAt } from "./matrix.ts";
import type { Band, Peak } from "./types.ts";

/** First and last bin whose frequency k / tokens lies in the band, never bin 0; null if there is none. */
export function binsIn(band: Band | null, tokens: number, bins: number): [number, number] | null {
  const [low, high] = band ?? [0, 0.5];
  let first = -1;
  let last = -1;
  for (let bin = 1; bin < bins; bin++) {
    const frequency = bin / tokens;
    if (frequency < low || frequency > high) continue;
    if (first < 0) first = bin;
    last = bin;
  }
  return first < 0 ? null : [first, last];
}

/** The strongest frequency of one neuron within the bins. */
export function peakOf(
  spectrum: Matrix,
  neuron: number,
  [first, last]: [number, number],
  tokens: number,
): Peak {
  let best = first;
  let amplitude = valueAt(spectrum, neuron, first);
  for (let bin = first + 1; bin <= last; bin++) {
    const value = valueAt(spectrum, neuron, bin);
    if (value > amplitude) {
      best = bin;
      amplitude = value;
    }
  }
  return { neuron, frequency: best / tokens, period: tokens / best, amplitude };
}

/** The `n` neurons with the strongest amplitude within the band, strongest first, each at its best frequency; none without any. */
export function peaks(
  spectrum: Matrix,
  tokens: number,
  band: Band | null,
  n: number,
  neurons: readonly number[] | null = null,
): Peak[] {
  const bins = binsIn(band, tokens, spectrum.columns);
  if (!bins) return [];
  const among = neurons ?? Array.from({ length: spectrum.rows }, (_, neuron) => neuron);
  return among
    .map((neuron) => peakOf(spectrum, neuron, bins, tokens))
    .filter(({ amplitude }) => amplitude > 0)
    .sort((one, other) => other.amplitude - one.amplitude || one.neuron - other.neuron)
    .slice(0, n);
}
