import { describe, expect, it } from "vitest";
import { allColumns, listedColumns } from "../src/shared/heatmap_columns.ts";
import { moved } from "../src/shared/heatmap_keys.ts";
import {
  groupsInPlaces,
  inPlaces,
  largestFirst,
  largestInBand,
  placesIn,
} from "../src/shared/heatmap_orders.ts";
import { type HeatmapContent, limitsFor } from "../src/shared/heatmap_picture.ts";
import { meansOf } from "../src/shared/heatmap_table.ts";
import { roughly, tileRequest } from "../src/shared/heatmap_tile.ts";
import { poolingWords, viewWords } from "../src/shared/heatmap_words.ts";
import { Kept } from "../src/shared/kept.ts";
import { layoutRows, placeAt, rowAt } from "../src/shared/layout.ts";
import type { Matrix } from "../src/shared/matrix.ts";
import { Viewport } from "../src/shared/viewport.ts";
import { randomNumbers } from "./random.ts";

function content(neurons: number[], listed: number[] | null = null): HeatmapContent {
  return {
    rows: { groups: [neurons], neurons, message: "" },
    columns: listed ? listedColumns(listed, "Token") : allColumns(4000),
    relevance: null,
    tokens: [],
    height: 400,
    scale: "signal",
    cells: () => null,
  };
}

describe("orders", () => {
  it("puts the largest first, and equal ones by index", () => {
    expect(inPlaces([0, 1, 2, 3], largestFirst([0.2, 0.9, 0.2, 0.5]))).toEqual([1, 3, 0, 2]);
    expect(inPlaces([0, 1, 2], placesIn([2, 0, 1]))).toEqual([2, 0, 1]);
  });

  it("keeps the neighbours of a window together", () => {
    const places = largestFirst([0, 0.1, 0, 0, 0, 0.3, 0.9, 0]);
    expect(
      groupsInPlaces(
        [
          [0, 1, 2],
          [5, 6, 7],
        ],
        places,
      ),
    ).toEqual([
      [5, 6, 7],
      [0, 1, 2],
    ]);
  });

  it("finds each neuron's largest amplitude within the band, never frequency 0", () => {
    const random = randomNumbers(3);
    const [rows, tokens] = [20, 101];
    const columns = 51;
    const data = Float32Array.from({ length: rows * columns }, random);
    const spectra: Matrix = { rows, columns, block: 0, data, ranges: null };
    for (const band of [null, [0.1, 0.3], [0, 0.02]] as const) {
      const [low, high] = band ?? [0, 0.5];
      const slow = Array.from({ length: rows }, (_, row) =>
        Math.max(
          ...Array.from({ length: columns }, (_, bin) => bin)
            .filter((bin) => bin > 0 && bin / tokens >= low && bin / tokens <= high)
            .map((bin) => data[row * columns + bin]),
        ),
      );
      expect([...largestInBand(spectra, tokens, band)]).toEqual(slow);
    }
  });

  it("takes whole blocks where the spectra are pooled", () => {
    const spectra: Matrix = {
      rows: 1,
      columns: 5,
      block: 10,
      data: Float32Array.of(0.1, 0.2, 0.8, 0.3, 0.4),
      ranges: null,
    };
    expect(largestInBand(spectra, 100, [0.05, 0.15], 10)[0]).toBeCloseTo(0.2);
    expect(largestInBand(spectra, 100, [0.15, 0.22], 10)[0]).toBeCloseTo(0.8);
  });
});

describe("rows in view", () => {
  it("stand at heights that tell which row and which place they are, gaps and zoom included", () => {
    const layout = layoutRows([3, 2], 110, 10, { start: 1, stop: 5 });
    expect(layout.rowHeight).toBe(25);
    expect([...layout.tops]).toEqual([-25, 0, 25, 60, 85]);
    expect(layout.partings).toEqual([55]);
    expect([rowAt(layout, 10), rowAt(layout, 55), rowAt(layout, 61)]).toEqual([1, -1, 3]);
    expect(placeAt(layout, 12.5)).toBeCloseTo(1.5);
    expect(placeAt(layout, 55)).toBe(3);
  });

  it("leave no line of pixels without a row", () => {
    for (const [rows, height] of [
      [384, 56],
      [1000, 437],
      [4096, 440],
      [7, 333],
    ]) {
      const layout = layoutRows([rows], height, 0);
      for (let y = 0; y < height; y++) expect(rowAt(layout, y + 0.5)).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("columns", () => {
  it("find a token's place among those with the feature", () => {
    const columns = listedColumns([2, 5, 9], "Token");
    expect([2, 5, 9, 4, 10, null].map((token) => columns.columnOf(token))).toEqual([0, 1, 2, -1, -1, -1]);
  });
});

describe("arrow keys", () => {
  it("go on to the next cell and stop at the edge", () => {
    const shown = content([7, 3, 5], [2, 5, 9]);
    expect(moved("ArrowDown", shown, { neuron: 7, token: 5 })).toEqual({ neuron: 3 });
    expect(moved("ArrowUp", shown, { neuron: 7, token: 5 })).toEqual({ neuron: 7 });
    expect(moved("ArrowRight", shown, { neuron: 7, token: 5 })).toEqual({ token: 9 });
    expect(moved("ArrowRight", shown, { neuron: 7, token: 4 })).toEqual({ token: 2 });
    expect(moved("Enter", shown, { neuron: 7, token: 4 })).toBeNull();
  });
});

describe("words", () => {
  it("say what is in view", () => {
    const viewport = new Viewport();
    const all = content(Array.from({ length: 672 }, (_, neuron) => neuron));
    viewport.fit(672, "all", 4000, "tokens");
    viewport.rows = { start: 40, stop: 81 };
    viewport.columns = { start: 120, stop: 381 };
    expect(viewWords(viewport, all, true)).toBe("tokens 120\u2013380 of 4,000, neurons 40\u201380 of 672");
    expect(viewWords(viewport, all, false)).toContain("rows 41\u201381 of 672");
    expect(poolingWords({ columns: 1, rows: 1 })).toBe("");
    expect(poolingWords({ columns: 98, rows: 10 })).toContain("98 tokens and 10 neurons");
  });
});

describe("the colour scale", () => {
  const state = { signal: "hidden", layer: 0, neurons: 1, low: -1, high: 1, two_sided: true, large: false };
  const gate = { ...state, low: 0, two_sided: false };

  it("fits what is shown, with 0 in the middle where it has two sides", () => {
    expect(limitsFor("signal", state, [-0.1, 0.05])).toEqual([-1, 1]);
    expect(limitsFor("shown", state, [-0.1, 0.05])).toEqual([-0.1, 0.1]);
    expect(limitsFor("shown", gate, [0.9, 0.93])).toEqual([0.9, 0.93]);
    expect(limitsFor("shown", gate, [0.9, 0.9])).toEqual([0, 1]);
    expect(limitsFor("neuron", gate, [0.9, 0.93])).toBeNull();
  });
});

describe("tiles", () => {
  it("hold what is in view, and stay the same while it moves a little", () => {
    const random = randomNumbers(5);
    for (let trial = 0; trial < 300; trial++) {
      const start = Math.floor(random() * 90000);
      const stop = start + 1 + Math.floor(random() * 9999);
      const [first, last] = roughly(start, stop, 100000);
      expect(first).toBeLessThanOrEqual(start);
      expect(last).toBeGreaterThanOrEqual(Math.min(stop, 100000));
      expect(last - first).toBeLessThanOrEqual(3 * (stop - start));
    }
    expect(roughly(1000, 1512, 100000)).toEqual(roughly(1010, 1522, 100000));
  });

  it("are exact where they can be, and never more than travels in a moment", () => {
    const few = tileRequest([9, 3], { start: 100, stop: 300 }, 100000, 1000);
    expect(few.neurons).toEqual([3, 9]);
    expect(few.columns).toBe(few.stop - few.start);
    const many = Array.from({ length: 4096 }, (_, neuron) => neuron);
    const request = tileRequest(many, { start: 0, stop: 50000 }, 100000, 1200);
    expect(request.columns * 4096).toBeLessThanOrEqual(1_500_000);
  });
});

describe("the table's means", () => {
  it("are those at the feature's tokens and elsewhere", () => {
    expect(meansOf(Float32Array.of(1, 2, 3, 6), Uint8Array.of(1, 0, 1, 0))).toEqual([2, 4]);
    expect(meansOf(Float32Array.of(1, 2), Uint8Array.of(0, 0))[0]).toBeNaN();
  });
});

describe("Kept", () => {
  it("computes again only when a part is another one", () => {
    const kept = new Kept<number>();
    let times = 0;
    const count = () => ++times;
    const rows = [1, 2];
    expect([kept.of([rows, "a"], count), kept.of([rows, "a"], count)]).toEqual([1, 1]);
    expect([kept.of([[1, 2], "a"], count), kept.of([rows, "a"], count)]).toEqual([2, 3]);
  });
});
