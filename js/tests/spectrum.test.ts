import { describe, expect, it } from "vitest";
import { layoutRows } from "../src/shared/layout.ts";
import type { SpectrumContent } from "../src/shared/spectrum_content.ts";
import { Labels } from "../src/shared/spectrum_labels.ts";
import { bandAround, ownPeaks } from "../src/shared/spectrum_peaks.ts";
import { pool, poolBins } from "../src/shared/spectrum_pool.ts";
import { colourSpectra } from "../src/shared/spectrum_raster.ts";
import { DECADES, shareOf } from "../src/shared/spectrum_scale.ts";
import { frequencyText, isDrift } from "../src/shared/spectrum_words.ts";
import { randomNumbers } from "./random.ts";

describe("pool", () => {
  it("keeps the strongest value of each part", () => {
    expect([...pool([0, 3, 1, 0, 5, 2], 3)]).toEqual([3, 1, 5]);
    expect([...pool([1, 2, 3], 3)]).toEqual([1, 2, 3]);
  });

  it("loses no peak and shows none twice, wherever it stands", () => {
    for (let place = 0; place < 1001; place++) {
      const row = new Float32Array(1001);
      row[place] = 1;
      expect(pool(row, 256).reduce((sum, height) => sum + height)).toBe(1);
    }
  });

  it("shows a value in each of the parts that are narrower", () => {
    expect([...pool([1, 2], 6)]).toEqual([1, 1, 1, 2, 2, 2]);
    expect([...pool([1, 2, 3, 4], 4, 1, 3)]).toEqual([2, 2, 3, 3]);
  });

  it("of any stretch shows only what is in it", () => {
    const values = Float32Array.from({ length: 500 }, (_, index) => index);
    const random = randomNumbers(2);
    for (let round = 0; round < 200; round++) {
      const from = random() * 400;
      const to = from + 8 + random() * 90;
      const parts = pool(values, 37, from, to);
      expect(parts[0]).toBeGreaterThanOrEqual(Math.floor(from));
      expect(parts[36]).toBe(Math.max(Math.floor(to) - 1, Math.floor(from + (36 * (to - from)) / 37)));
      for (let part = 1; part < 37; part++) expect(parts[part]).toBeGreaterThanOrEqual(parts[part - 1]);
    }
  });
});

describe("poolBins", () => {
  const values = Float32Array.from([9, 1, 2, 3, 4, 5]);

  it("leaves the mean out where it shares a part with rhythms", () => {
    expect([...poolBins({ values, binsPerColumn: 1 }, 3, 0, 6)]).toEqual([1, 3, 5]);
    expect([...poolBins({ values, binsPerColumn: 1 }, 6, 0, 6)]).toEqual([9, 1, 2, 3, 4, 5]);
  });

  it("reads an overview by the bins that its columns stand for", () => {
    expect([...poolBins({ values, binsPerColumn: 10 }, 3, 20, 50)]).toEqual([2, 3, 4]);
    expect([...poolBins({ values, binsPerColumn: 10 }, 4, 20, 40)]).toEqual([2, 2, 3, 3]);
  });
});

describe("shareOf", () => {
  it("is linear, or counts decades down from the largest", () => {
    expect([0, 1, 2, 4, 8].map((amplitude) => shareOf(amplitude, { most: 4, isLog: false }))).toEqual([
      0, 0.25, 0.5, 1, 1,
    ]);
    expect(shareOf(4 / 10 ** DECADES, { most: 4, isLog: true })).toBeCloseTo(0);
    expect(shareOf(4 / 10 ** (DECADES / 2), { most: 4, isLog: true })).toBeCloseTo(0.5);
    expect(shareOf(0, { most: 4, isLog: true })).toBe(0);
  });
});

describe("bandAround", () => {
  const tokens = 200;
  const lobe = (bin: number, amplitudes: readonly number[]) => {
    const row = new Float32Array(101);
    amplitudes.forEach((amplitude, step) => {
      row[bin + step - (amplitudes.length - 1) / 2] = amplitude;
    });
    return row;
  };
  const around = (row: Float32Array, bin: number) =>
    bandAround(
      row,
      { neuron: 0, frequency: bin / tokens, period: tokens / bin, amplitude: row[bin] },
      tokens,
    ).map((end) => Math.round(end * tokens * 1e6) / 1e6);

  it("reaches at least one and a half bins to either side", () => {
    expect(around(lobe(50, [1]), 50)).toEqual([48.5, 51.5]);
    expect(around(lobe(50, [0.4, 1, 0.4]), 50)).toEqual([48.5, 51.5]);
  });

  it("reaches as far as the main lobe has half of the peak's amplitude", () => {
    expect(around(lobe(50, [0.55, 0.8, 1, 0.7, 0.2]), 50)).toEqual([47.5, 51.5]);
    expect(around(lobe(50, Array(41).fill(1)), 50)).toEqual([42, 58]);
  });

  it("stays within the frequencies above 0, up to 0.5", () => {
    expect(around(lobe(1, [0, 1, 0]), 1)).toEqual([0.5, 2.5]);
    expect(around(lobe(100, [1]), 100)).toEqual([98.5, 100]);
  });
});

describe("ownPeaks", () => {
  it("are a neuron's local maxima, strongest first, never its mean", () => {
    const found = ownPeaks(Float32Array.from([9, 0.1, 0.5, 0.2, 0.3, 0.1, 0.6]), 4, 12, 9);
    expect(found.map(({ frequency }) => Math.round(12 * frequency))).toEqual([6, 2, 4]);
    expect(found.every(({ neuron }) => neuron === 4)).toBe(true);
    expect(ownPeaks(Float32Array.from([9, 0, 0]), 0, 4, 5)).toEqual([]);
  });
});

it("a period that the text holds fewer than three times is a drift", () => {
  const peak = (period: number) => ({ neuron: 0, frequency: 1 / period, period, amplitude: 1 });
  expect(isDrift(peak(200), 400)).toBe(true);
  expect(isDrift(peak(100), 400)).toBe(false);
});

it("a frequency has the decimals that the text resolves", () => {
  expect(frequencyText(0.249987, 400)).toBe("0.25");
  expect(frequencyText(0.249987, 100_000)).toBe("0.24999");
});

describe("colourSpectra", () => {
  const lut = Uint8Array.from({ length: 768 }, (_, index) => Math.floor(index / 3));
  const rows = Array.from({ length: 300 }, (_, row) => row);
  const content = (row: number, bin: number): SpectrumContent => ({
    groups: [rows],
    rows,
    rowOf: (neuron) => neuron ?? -1,
    spectra: null as never,
    tokens: 798,
    bins: 400,
    scale: { most: 2, isLog: false },
    columns: rows.map((own) => {
      const values = new Float32Array(400);
      if (own === row) values[bin] = 2;
      return { values, binsPerColumn: 1 };
    }),
  });

  /** Pixels of a lone cell, of the bins from `start` to `stop`. */
  function pixelsOf(shown: SpectrumContent, [start, stop]: [number, number], width: number, height: number) {
    const bytes = new Uint8ClampedArray(4 * width * height);
    const layout = layoutRows([300], height, 0);
    colourSpectra(bytes, shown, layout, { start, stop }, lut, { width, height, ratio: 1 });
    return bytes;
  }

  it("shows a lone cell among many in one pixel, in its place", () => {
    const random = randomNumbers(3);
    for (let round = 0; round < 40; round++) {
      const [row, bin] = [Math.floor(random() * 300), Math.floor(1 + random() * 399)];
      const pixels = pixelsOf(content(row, bin), [0, 400], 90, 70);
      const strong = Array.from({ length: 90 * 70 }, (_, pixel) => pixel).filter(
        (pixel) => pixels[4 * pixel] === 255,
      );
      expect(strong.length).toBeGreaterThanOrEqual(1);
      for (const pixel of strong) {
        expect(Math.abs((pixel % 90) - (bin / 400) * 90)).toBeLessThan(1.01);
        expect(Math.abs(Math.floor(pixel / 90) - (row / 300) * 70)).toBeLessThan(1.3);
      }
    }
  });

  it("of a stretch shows its frequencies alone", () => {
    const pixels = pixelsOf(content(7, 120), [100, 150], 100, 300);
    const strong = Array.from({ length: 100 * 300 }, (_, pixel) => pixel).filter(
      (pixel) => pixels[4 * pixel] === 255,
    );
    expect(strong).toEqual([7 * 100 + 40, 7 * 100 + 41]);
    const beside = pixelsOf(content(7, 99), [100, 150], 100, 300);
    expect(Math.max(...beside.filter((_, index) => index % 4 === 0))).toBe(0);
  });
});

it("no label stands on another", () => {
  const labels = new Labels();
  expect(labels.take({ left: 0, top: 0, width: 10, height: 10 })).toBe(true);
  expect(labels.take({ left: 9, top: 9, width: 10, height: 10 })).toBe(false);
  expect(labels.take({ left: 10, top: 0, width: 10, height: 10 })).toBe(true);
});
