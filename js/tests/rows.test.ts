import { describe, expect, it } from "vitest";
import { layoutRows, rowAt, rowsBetween } from "../src/shared/layout.ts";
import { proposedGroups, runs, top, windows } from "../src/shared/rows.ts";
import { randomNumbers } from "./random.ts";

describe("top", () => {
  it("is best first, of equal ones the lower index, and none without any score", () => {
    expect(top([0.2, 1, 0, 0.2, 0.7], 9)).toEqual([1, 4, 0, 3]);
    expect(top([0.2, 1, 0, 0.2, 0.7], 2)).toEqual([1, 4]);
    expect(top([0, 0, 0], 2)).toEqual([]);
    expect(top(Float32Array.of(0, 2, 2, 1), 4)).toEqual([1, 2, 3]);
    expect(top([3, 2, 1], 0)).toEqual([]);
    const random = randomNumbers(7);
    const scores = Array.from({ length: 500 }, () => Math.round(20 * random()) / 20);
    const sorted = [...scores.keys()].sort((one, other) => scores[other] - scores[one] || one - other);
    expect(top(scores, 60)).toEqual(sorted.slice(0, 60));
  });
});

describe("windows", () => {
  it("surround each neuron and end with the layer", () => {
    expect(windows([5, 0, 9], 1, 10)).toEqual([
      [4, 5, 6],
      [0, 1],
      [8, 9],
    ]);
    expect(windows([3], 0, 10)).toEqual([[3]]);
  });

  it("become one where they overlap, in the place of the better one", () => {
    expect(windows([10, 3, 12], 1, 99)).toEqual([
      [9, 10, 11, 12, 13],
      [2, 3, 4],
    ]);
  });

  it("become one where a later one joins two", () => {
    expect(windows([10, 30, 14, 12], 1, 99)).toEqual([
      [9, 10, 11, 12, 13, 14, 15],
      [29, 30, 31],
    ]);
  });
});

describe("proposedGroups", () => {
  it("adds what is chosen or pinned, each neuron once", () => {
    const groups = proposedGroups([5], 1, 20, [7, 5, 15, 15]);
    expect(groups).toEqual([
      [4, 5, 6],
      [7, 8],
      [14, 15, 16],
    ]);
  });

  it("leaves out a neuron that the layer has not", () => {
    expect(proposedGroups([1], 0, 3, [99])).toEqual([[1]]);
  });
});

it("parts a list into runs", () => {
  expect(runs([595, 596, 597, 3, 9, 10])).toEqual([[595, 596, 597], [3], [9, 10]]);
  expect(runs([])).toEqual([]);
});

describe("layoutRows", () => {
  const layout = layoutRows([2, 3], 120, 20);

  it("gives every row the same height, and parts the groups in the middle of the gap", () => {
    expect(layout.rowHeight).toBe(20);
    expect([...layout.tops]).toEqual([0, 20, 60, 80, 100]);
    expect(layout.partings).toEqual([50]);
  });

  it("finds the row at a height, and none in the gap or outside", () => {
    const found = [-1, 0, 19.9, 20, 39.9, 40.1, 59.9, 60, 119.9, 120.1].map((y) => rowAt(layout, y));
    expect(found).toEqual([-1, 0, 0, 1, 1, -1, -1, 2, 4, -1]);
  });

  it("knows all rows that one pixel shows", () => {
    const dense = layoutRows([100], 10, 20);
    const seen = Array.from({ length: 10 }, (_, y) => rowsBetween(dense, y, 1));
    expect(seen[0]).toEqual([0, 10]);
    expect(seen[9]).toEqual([90, 100]);
    for (let y = 1; y < 10; y++) expect(seen[y][0]).toBeLessThanOrEqual(seen[y - 1][1]);
    expect(rowsBetween(layout, 45, 1)).toEqual([0, 0]);
  });

  it("is empty without rows", () => {
    const empty = layoutRows([], 100, 10);
    expect([empty.tops.length, empty.rowHeight, rowAt(empty, 5)]).toEqual([0, 0, -1]);
  });
});
