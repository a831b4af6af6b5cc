import { describe, expect, it } from "vitest";
import { Brush, merged, proposedName, textOf } from "../src/shared/brush.ts";
import { randomNumbers } from "./random.ts";

describe("merged", () => {
  it("covers the same tokens with ranges in order that do not touch", () => {
    const random = randomNumbers(5);
    for (let round = 0; round < 100; round++) {
      const spans = Array.from({ length: 6 }, () => {
        const start = Math.floor(random() * 40);
        return [start, start + 1 + Math.floor(random() * 9)] as const;
      });
      const covered = (ranges: readonly (readonly [number, number])[]) =>
        Array.from({ length: 60 }, (_, token) =>
          ranges.some(([start, stop]) => token >= start && token < stop),
        );
      const result = merged(spans);
      expect(covered(result)).toEqual(covered(spans));
      for (const [index, [start]] of result.entries()) {
        if (index > 0) expect(start).toBeGreaterThan(result[index - 1][1]);
      }
    }
  });
});

describe("Brush", () => {
  it("grows to both sides of its anchor", () => {
    const brush = new Brush();
    brush.begin(5, false);
    expect(brush.spans).toEqual([[5, 6]]);
    brush.extend(8);
    expect(brush.spans).toEqual([[5, 9]]);
    brush.extend(3);
    expect(brush.spans).toEqual([[3, 6]]);
    expect([brush.head, brush.tokens]).toEqual([3, 3]);
  });

  it("adds a stretch, or starts anew", () => {
    const brush = new Brush();
    brush.begin(5, false);
    brush.extend(7);
    brush.begin(20, true);
    brush.extend(21);
    expect(brush.spans).toEqual([
      [5, 8],
      [20, 22],
    ]);
    brush.extend(6);
    expect(brush.spans).toEqual([[5, 21]]);
    brush.begin(1, false);
    expect(brush.spans).toEqual([[1, 2]]);
    brush.clear();
    expect([brush.spans, brush.head]).toEqual([[], null]);
  });

  it("does not grow once it rests", () => {
    const brush = new Brush();
    brush.begin(5, false);
    brush.rest();
    brush.extend(9);
    expect(brush.spans).toEqual([[5, 6]]);
  });
});

describe("what is marked", () => {
  const tokens = ["It", " ", "was", "\n", "a", " ", "dark", " ", "and", " ", "stormy", " ", "night", "."];

  it("is copied exactly", () => {
    expect(textOf(tokens, "", [[2, 5]])).toBe("was\na");
    expect(
      textOf(["a", "b", "c"], " ", [
        [0, 2],
        [2, 3],
      ]),
    ).toBe("a b\nc");
  });

  it("has a short name of its own", () => {
    const name = (spans: [number, number][], taken: string[] = []) => proposedName(tokens, "", spans, taken);
    expect(name([[2, 7]])).toBe("was a dark");
    expect(name([[0, 14]])).toBe("It was a dark and storm\u2026");
    expect(name([[3, 4]])).toBe("tokens 3 to 3");
    expect(
      name([
        [2, 3],
        [6, 7],
      ]),
    ).toBe("was and 1 more");
    expect(name([[2, 3]], ["was", "was (2)"])).toBe("was (3)");
    expect(name([])).toBe("");
  });
});
