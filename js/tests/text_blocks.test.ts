import { describe, expect, it } from "vitest";
import { layoutLines, measureTokens } from "../src/shared/line_layout.ts";
import { columnsFor, LINE_HEIGHT, LongScroll, TALLEST, TextBlocks } from "../src/shared/text_blocks.ts";
import { keyAction } from "../src/shared/text_keys.ts";

describe.each(["stacked", "side by side"] as const)("TextBlocks, %s", (arrangement) => {
  const blocks = new TextBlocks(arrangement, 3, 20, 300);

  it("finds each line where it stands", () => {
    for (let block = 0; block < 3; block++) {
      for (let line = 0; line < 20; line++) {
        const [x, y] = [blocks.left(block) + 5, blocks.top(block, line) + 13];
        expect(blocks.at(x, y)).toEqual({ block, line });
        expect(y).toBeLessThan(blocks.height);
        const seen = blocks.within(y, y + 1, x, x + 1);
        expect(seen).toEqual([{ block, start: line, stop: line + 1 }]);
      }
    }
    expect(blocks.at(-50, -50)).toEqual({ block: 0, line: 0 });
    expect(blocks.at(1e6, 1e6)).toEqual({ block: 2, line: 19 });
  });

  it("shows all of it in one rectangle", () => {
    const all = blocks.within(0, blocks.height, 0, 900);
    expect(all).toEqual([0, 1, 2].map((block) => ({ block, start: 0, stop: 20 })));
  });
});

describe("columnsFor", () => {
  it("gives a stacked block all the room, and parts it between those side by side", () => {
    expect(columnsFor("stacked", 4, 100).columns).toBe(100);
    expect(columnsFor("side by side", 1, 100).columns).toBe(100);
    expect(columnsFor("side by side", 3, 100)).toEqual({ columns: 32, stride: 34 });
    expect(columnsFor("side by side", 40, 100)).toEqual({ columns: 22, stride: 24 });
  });
});

describe("LongScroll", () => {
  it("is the element's own scrolling where the content fits", () => {
    const scroll = new LongScroll();
    scroll.resize(5000, 400);
    scroll.moved(123.5);
    expect([scroll.position, scroll.shift, scroll.height]).toEqual([123.5, 0, 5000]);
    expect(scroll.settled()).toBe(5 * LINE_HEIGHT);
  });

  it("reaches every line of content that no element could hold", () => {
    const content = 100 * TALLEST;
    const scroll = new LongScroll();
    scroll.resize(content, 400);
    expect(scroll.height).toBe(TALLEST);
    scroll.moved(TALLEST - 400);
    expect(scroll.position).toBe(content - 400);
    scroll.moved(0);
    expect(scroll.position).toBe(0);
    for (const place of [0.1, 0.5, 0.93]) {
      const top = scroll.to(content * place);
      expect(scroll.position).toBe(content * place);
      expect(top / TALLEST).toBeCloseTo(place, 2);
      scroll.moved(top + 100);
      expect(scroll.position).toBe(content * place + 100);
      scroll.moved(TALLEST / 3);
      expect(scroll.position / content).toBeCloseTo(1 / 3, 3);
    }
  });
});

describe("keyAction", () => {
  const lines = layoutLines(measureTokens(["aa", " ", "bb", " ", "cc", " ", "dd", " ", "ee"], [0], ""), 6);
  const press = (key: string, token: number | null, held: Partial<Record<string, boolean>> = {}) =>
    keyAction(
      { key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held } as KeyboardEvent,
      token,
      lines,
      2,
    );
  const to = (key: string, token: number | null, held = {}) => {
    const action = press(key, token, held);
    return action?.kind === "move" ? action.token : null;
  };

  it("moves by tokens, lines, pages and to the ends", () => {
    expect(lines.count).toBe(3);
    expect(to("ArrowRight", null)).toBe(0);
    expect([to("ArrowRight", 3), to("ArrowLeft", 3), to("ArrowLeft", 0), to("ArrowRight", 8)]).toEqual([
      4, 2, 0, 8,
    ]);
    expect([to("ArrowDown", 2), to("ArrowUp", 6), to("PageDown", 0), to("PageUp", 8)]).toEqual([6, 2, 8, 0]);
    expect([to("Home", 6), to("End", 1)]).toEqual([4, 3]);
    expect([to("Home", 6, { ctrlKey: true }), to("End", 1, { metaKey: true })]).toEqual([0, 8]);
  });

  it("extends with shift and keeps with control", () => {
    expect(press("ArrowRight", 3, { shiftKey: true })).toEqual({
      kind: "move",
      token: 4,
      extend: true,
      keep: false,
    });
    expect(press("ArrowRight", 3, { shiftKey: true, ctrlKey: true })).toMatchObject({
      extend: true,
      keep: true,
    });
    expect(press("End", 3, { shiftKey: true, ctrlKey: true })).toMatchObject({ token: 8, keep: false });
  });

  it("knows its other keys and leaves the rest alone", () => {
    expect(press("Escape", 3)).toEqual({ kind: "leave" });
    expect(press("Enter", 3)).toEqual({ kind: "name" });
    expect(press("a", 3, { ctrlKey: true })).toEqual({ kind: "all" });
    expect(press("ArrowDown", 3, { altKey: true })).toEqual({ kind: "block", step: 1 });
    expect([press("a", 3), press("Tab", 3), press("c", 3, { ctrlKey: true })]).toEqual([null, null, null]);
  });
});
