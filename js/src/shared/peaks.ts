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
  const start = neuron * spectrum.columns;
  let best = first;
  for (let bin = first + 1; bin <= last; bin++) {
    if (spectrum.data[start + bin] > spectrum.data[start + best]) best = bin;
  }
  const amplitude = valueAt(spectrum, neuron, best);
  return { neuron, frequency: best / tokens, period: tokens / best, amplitude };
}

/** Of each of at most `blocks` blocks of a row the largest value. */
export function largestOf(row: Float32Array, blocks: number): Float32Array {
  if (row.length <= blocks) return row;
  const found = new Float32Array(blocks);
  for (let block = 0; block < blocks; block++) {
    const end = Math.floor(((block + 1) * row.length) / blocks);
    let most = Number.NEGATIVE_INFINITY;
    for (let place = Math.floor((block * row.length) / blocks); place < end; place++)
      if (row[place] > most) most = row[place];
    found[block] = most;
  }
  return found;
}

/** Peaks with some amplitude, the strongest first, of equal ones the lower neuron first; at most `n`. */
export function strongestFirst(found: readonly Peak[], n: number): Peak[] {
  return found
    .filter(({ amplitude }) => amplitude > 0)
    .sort((one, other) => other.amplitude - one.amplitude || one.neuron - other.neuron)
    .slice(0, n);
}

function among(neurons: readonly number[] | null, rows: number): readonly number[] {
  return neurons ?? Array.from({ length: rows }, (_, neuron) => neuron);
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
  const found = among(neurons, spectrum.rows).map((neuron) => peakOf(spectrum, neuron, bins, tokens));
  return strongestFirst(found, n);
}

/**
 * As `peaks`, from a spectrum that is pooled over blocks of `binsPerBlock` frequencies: each peak stands in the middle
 * of its block, and a block that the band cuts counts whole.
 */
export function pooledPeaks(
  overview: Matrix,
  binsPerBlock: number,
  tokens: number,
  band: Band | null,
  n: number,
  neurons: readonly number[] | null = null,
): Peak[] {
  const bins = binsIn(band, tokens, Math.floor(tokens / 2) + 1);
  if (!bins) return [];
  const blocks = bins.map((bin) => Math.floor(bin / binsPerBlock)) as [number, number];
  const found = among(neurons, overview.rows).map((neuron) => {
    const { frequency, amplitude } = peakOf(overview, neuron, blocks, 1);
    const bin = Math.max(bins[0], Math.min(bins[1], (frequency + 0.5) * binsPerBlock - 0.5));
    return { neuron, frequency: bin / tokens, period: tokens / bin, amplitude };
  });
  return strongestFirst(found, n);
}
