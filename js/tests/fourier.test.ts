import { describe, expect, it } from "vitest";
import { bandFiltered, Fourier } from "../src/shared/fourier.ts";
import type { Band } from "../src/shared/types.ts";
import { randomNumbers } from "./random.ts";

const LENGTHS = [1, 2, 3, 4, 5, 7, 8, 12, 31, 64, 97, 100, 127, 128, 210, 251];

function noise(length: number, seed: number): Float64Array {
  const random = randomNumbers(seed);
  return Float64Array.from({ length }, () => 2 * random() - 1);
}

/** By definition, term by term. */
function direct(re: Float64Array, im: Float64Array, sign: number): [Float64Array, Float64Array] {
  const length = re.length;
  const [real, imaginary] = [new Float64Array(length), new Float64Array(length)];
  for (let bin = 0; bin < length; bin++) {
    for (let at = 0; at < length; at++) {
      const angle = (sign * 2 * Math.PI * ((bin * at) % length)) / length;
      real[bin] += re[at] * Math.cos(angle) - im[at] * Math.sin(angle);
      imaginary[bin] += re[at] * Math.sin(angle) + im[at] * Math.cos(angle);
    }
  }
  return [real, imaginary];
}

function farthest(one: ArrayLike<number>, other: ArrayLike<number>): number {
  return Math.max(...Array.from(one, (value, index) => Math.abs(value - other[index])));
}

describe("Fourier", () => {
  it.each(LENGTHS)("is the discrete Fourier transform of %i values", (length) => {
    const [re, im] = [noise(length, 3), noise(length, 4)];
    const [expectedRe, expectedIm] = direct(re, im, -1);
    new Fourier(length).transform([re, im]);
    expect(farthest(re, expectedRe)).toBeLessThan(1e-11);
    expect(farthest(im, expectedIm)).toBeLessThan(1e-11);
  });

  it.each([...LENGTHS, 100_003])("undoes itself for %i values", (length) => {
    const pair = [noise(length, 5), noise(length, 6)] as const;
    const copies = pair.map((part) => part.slice());
    const fourier = new Fourier(length);
    fourier.transform(pair);
    fourier.inverse(pair);
    expect(farthestOf(pair[0], copies[0])).toBeLessThan(1e-11);
    expect(farthestOf(pair[1], copies[1])).toBeLessThan(1e-11);
  });
});

function farthestOf(one: Float64Array, other: Float64Array): number {
  return one.reduce((most, value, index) => Math.max(most, Math.abs(value - other[index])), 0);
}

describe("bandFiltered", () => {
  const bands: Band[] = [
    [0, 0.5],
    [0, 0],
    [0.1, 0.3],
    [0.5, 0.5],
    [0.25, 0.25],
  ];

  it.each(LENGTHS)("keeps just the band of %i values", (length) => {
    const rows = [7, 8, 9].map((seed) => Float32Array.from(noise(length, seed)));
    for (const band of bands) {
      const filtered = bandFiltered(rows, band);
      for (const [index, row] of rows.entries()) {
        const [re, im] = direct(Float64Array.from(row), new Float64Array(length), -1);
        for (let bin = 0; bin < length; bin++) {
          const frequency = Math.min(bin, length - bin) / length;
          if (frequency < band[0] || frequency > band[1]) re[bin] = im[bin] = 0;
        }
        const [expected] = direct(re, im, 1);
        expect(
          farthest(
            filtered[index],
            expected.map((value) => value / length),
          ),
        ).toBeLessThan(1e-6);
      }
    }
  });

  it("takes a rhythm out of a sum of two", () => {
    const wave = (frequency: number) =>
      Float32Array.from({ length: 120 }, (_, token) => Math.sin(2 * Math.PI * frequency * token));
    const [slow, fast] = [wave(0.05), wave(0.4)];
    const sum = slow.map((value, token) => value + fast[token]);
    expect(farthest(bandFiltered([sum], [0.3, 0.45])[0], fast)).toBeLessThan(1e-6);
    expect(farthest(bandFiltered([sum], [0.01, 0.1])[0], slow)).toBeLessThan(1e-6);
  });
});
