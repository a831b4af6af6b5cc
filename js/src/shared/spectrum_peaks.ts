import type { Band, Peak } from "./types.ts";

const LEAST_BINS = 1.5;
const MOST_BINS = 8;

/** The `n` strongest local maxima of a neuron's spectrum, strongest first, never at frequency 0. */
export function ownPeaks(row: Float32Array, neuron: number, tokens: number, n: number): Peak[] {
  const found: number[] = [];
  for (let bin = 1; bin < row.length; bin++) {
    const isRising = bin === 1 || row[bin] > row[bin - 1];
    const isFalling = bin === row.length - 1 || row[bin] >= row[bin + 1];
    if (isRising && isFalling && row[bin] > 0) found.push(bin);
  }
  return found
    .sort((one, other) => row[other] - row[one] || one - other)
    .slice(0, n)
    .map((bin) => peakAt(row, neuron, bin, tokens));
}

function peakAt(row: Float32Array, neuron: number, bin: number, tokens: number): Peak {
  return { neuron, frequency: bin / tokens, period: tokens / bin, amplitude: row[bin] };
}

/**
 * The band around a peak: its main lobe. On each side it reaches half a bin beyond the last bin with at least half of
 * the peak's amplitude, at least 1.5 bins and at most 8, within the frequencies above 0.
 */
export function bandAround(row: ArrayLike<number>, { frequency }: Peak, tokens: number): Band {
  const bin = Math.round(frequency * tokens);
  const reach = (step: 1 | -1) => {
    let size = 0;
    while (size < MOST_BINS && row[bin + step * (size + 1)] >= row[bin] / 2) size += 1;
    return Math.min(MOST_BINS, Math.max(LEAST_BINS, size + 0.5));
  };
  return [Math.max(0.5, bin - reach(-1)) / tokens, Math.min(0.5, (bin + reach(1)) / tokens)];
}

export function isSameBand(one: Band | null, other: Band | null): boolean {
  if (!one || !other) return one === other;
  return Math.abs(one[0] - other[0]) < 1e-7 && Math.abs(one[1] - other[1]) < 1e-7;
}
