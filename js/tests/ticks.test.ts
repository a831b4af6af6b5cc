import { describe, expect, it } from "vitest";
import { formatNumber, niceTicks, tickPlaces } from "../src/shared/ticks.ts";

describe("niceTicks", () => {
  it("are round numbers within the range", () => {
    expect(niceTicks(0, 0.5, 5)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(niceTicks(-1, 1, 4)).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(niceTicks(0.013, 0.087, 4)).toEqual([0.02, 0.04, 0.06, 0.08]);
  });

  it("stay inside and evenly apart for any range", () => {
    for (const [low, high] of [
      [0.17, 0.1712],
      [-300, 250],
      [3e-5, 9e-4],
      [0, 12345],
    ]) {
      for (const count of [1, 2, 5, 9]) {
        const ticks = niceTicks(low, high, count);
        expect(ticks.length).toBeLessThanOrEqual(count + 1);
        const step = ticks[1] - ticks[0];
        for (const [index, tick] of ticks.entries()) {
          expect(tick).toBeGreaterThanOrEqual(low - 1e-9 * Math.abs(low));
          expect(tick).toBeLessThanOrEqual(high * (1 + 1e-9));
          if (index > 0) expect(tick - ticks[index - 1]).toBeCloseTo(step, 9);
        }
      }
    }
  });

  it("is one number where there is no range", () => {
    expect(niceTicks(2, 2, 5)).toEqual([2]);
  });
});

describe("tickPlaces", () => {
  it("labels all where there is room, and every n-th otherwise", () => {
    expect(tickPlaces(3, 10)).toEqual([0, 1, 2]);
    expect(tickPlaces(10, 5)).toEqual([0, 2, 4, 6, 8]);
    expect(tickPlaces(672, 20)).toEqual(Array.from({ length: 14 }, (_, step) => 50 * step));
    expect(tickPlaces(0, 5)).toEqual([]);
  });

  it("never needs more room than there is", () => {
    for (let count = 1; count < 700; count += 13) {
      for (const room of [1, 3, 7, 20]) expect(tickPlaces(count, room).length).toBeLessThanOrEqual(room);
    }
  });
});

describe("formatNumber", () => {
  it.each([
    [0.12345, "0.123"],
    [-0.5, "\u22120.5"],
    [12.345, "12.35"],
    [1234.5, "1235"],
    [0, "0"],
    [-0.00012, "\u22121.20e\u22124"],
    [123456, "1.23e+5"],
    [Number.NaN, "not a number"],
  ])("%s is %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});
