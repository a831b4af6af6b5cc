import { describe, expect, it } from "vitest";
import type { Matrix } from "../src/shared/matrix.ts";
import { binsIn, largestOf, peaks, pooledPeaks } from "../src/shared/peaks.ts";
import type { Band } from "../src/shared/types.ts";
import { randomNumbers } from "./random.ts";

const TOKENS = 20;
const BINS = TOKENS / 2 + 1;

function spectrum(rows: number, seed: number): Matrix {
  const random = randomNumbers(seed);
  const data = Float32Array.from({ length: rows * BINS }, (_, index) => (index % BINS ? random() : 9));
  return { rows, columns: BINS, block: 0, data, ranges: null };
}

/** The definition, word by word. */
function slowly({ rows, columns, data }: Matrix, band: Band | null, n: number, among: number[] | null) {
  const found = [];
  for (let neuron = 0; neuron < rows; neuron++) {
    let best = null;
    for (let bin = 0; bin < columns; bin++) {
      const frequency = bin / TOKENS;
      if (bin === 0 || (band && (frequency < band[0] || frequency > band[1]))) continue;
      const amplitude = data[neuron * columns + bin];
      if (!best || amplitude > best.amplitude) best = { neuron, frequency, period: 1 / frequency, amplitude };
    }
    if (best && best.amplitude > 0 && (!among || among.includes(neuron))) found.push(best);
  }
  return found.sort((one, other) => other.amplitude - one.amplitude).slice(0, n);
}

describe("peaks", () => {
  const cases: { band: Band | null; n: number; among: number[] | null }[] = [
    { band: null, n: 4, among: null },
    { band: [0.1, 0.3], n: 9, among: null },
    { band: [0.5, 0.5], n: 3, among: null },
    { band: [0, 0.05], n: 30, among: null },
    { band: [0.2, 0.4], n: 2, among: [3, 8, 11] },
  ];
  it.each(cases)("are those of a slow transcription: $band, $n of $among", ({ band, n, among }) => {
    for (let seed = 1; seed < 20; seed++) {
      const matrix = spectrum(12, seed);
      const expected = slowly(matrix, band, n, among);
      const found = peaks(matrix, TOKENS, band, n, among);
      expect(found.map(({ neuron }) => neuron)).toEqual(expected.map(({ neuron }) => neuron));
      for (const [index, peak] of found.entries()) {
        expect(peak.frequency).toBe(expected[index].frequency);
        expect(peak.amplitude).toBe(expected[index].amplitude);
        expect(peak.period).toBeCloseTo(expected[index].period, 12);
      }
    }
  });

  it("never are at frequency 0, whatever stands there", () => {
    const matrix = spectrum(12, 3);
    expect(peaks(matrix, TOKENS, [0, 0.04], 5)).toEqual([]);
    for (const { frequency } of peaks(matrix, TOKENS, [0, 0.5], 12)) expect(frequency).toBeGreaterThan(0);
  });

  it("are found at exactly 0.5", () => {
    const data = new Float32Array(BINS);
    data[BINS - 1] = 0.8;
    const [peak] = peaks({ rows: 1, columns: BINS, block: 0, data, ranges: null }, TOKENS, null, 1);
    expect([peak.frequency, peak.period]).toEqual([0.5, 2]);
  });

  it("leave out a neuron that does not change", () => {
    const data = new Float32Array(2 * BINS);
    data[0] = 5;
    data[BINS + 4] = 0.1;
    const found = peaks({ rows: 2, columns: BINS, block: 0, data, ranges: null }, TOKENS, null, 5);
    expect(found.map(({ neuron }) => neuron)).toEqual([1]);
  });

  it("of equal ones give the lower index and the lower frequency", () => {
    const data = new Float32Array(3 * BINS).fill(0.5);
    const found = peaks({ rows: 3, columns: BINS, block: 0, data, ranges: null }, TOKENS, null, 3);
    expect(found.map(({ neuron, frequency }) => [neuron, frequency])).toEqual([
      [0, 0.05],
      [1, 0.05],
      [2, 0.05],
    ]);
  });
});

it("the bins of a band include both its ends", () => {
  expect(binsIn([0.1, 0.3], TOKENS, BINS)).toEqual([2, 6]);
  expect(binsIn(null, TOKENS, BINS)).toEqual([1, 10]);
  expect(binsIn([0.11, 0.14], TOKENS, BINS)).toBeNull();
});

it("pooled peaks name the same neurons and amplitudes, and a frequency within a block of the true one", () => {
  const matrix = spectrum(30, 9);
  const size = 3;
  const blocks = Math.ceil(BINS / size);
  const data = new Float32Array(30 * blocks);
  for (let neuron = 0; neuron < 30; neuron++) {
    for (let bin = 1; bin < BINS; bin++) {
      const block = neuron * blocks + Math.floor(bin / size);
      data[block] = Math.max(data[block], matrix.data[neuron * BINS + bin]);
    }
  }
  const overview: Matrix = { rows: 30, columns: blocks, block: size, data, ranges: null };
  const exact = peaks(matrix, TOKENS, null, 5);
  const found = pooledPeaks(overview, size, TOKENS, null, 5);
  expect(found.map(({ neuron }) => neuron)).toEqual(exact.map(({ neuron }) => neuron));
  for (const [place, peak] of found.entries()) {
    expect(peak.amplitude).toBe(exact[place].amplitude);
    expect(Math.abs(peak.frequency - exact[place].frequency)).toBeLessThanOrEqual(size / TOKENS);
    expect(peak.period).toBeCloseTo(1 / peak.frequency, 9);
  }
});

it("fewer values keep the largest of each block", () => {
  expect([...largestOf(Float32Array.of(1, 5, 2, 0, 3), 2)]).toEqual([5, 3]);
  expect([...largestOf(Float32Array.of(1, 5), 4)]).toEqual([1, 5]);
});
