import { describe, expect, it } from "vitest";
import { quoted, visible } from "../src/shared/dom.ts";
import { type Line, layoutLines, linesOfTokens, tokenNear, widthOf } from "../src/shared/lines.ts";
import { randomNumbers } from "./random.ts";

const written = (lines: readonly Line[]) =>
  lines.map(({ pieces }) => pieces.map(({ text }) => text).join(""));
const lay = (tokens: string[], columns: number, documents = [0], joiner = "") =>
  layoutLines(tokens, documents, joiner, columns);

describe("visible", () => {
  it("writes control characters as escapes and leaves the rest alone", () => {
    expect(visible("a\nb\t\r")).toBe("a\\nb\\t\\r");
    expect(visible("\u0000\u001b[31m\u0085")).toBe("\\x00\\x1b[31m\\x85");
    expect(visible("<b>&'é漢 :#")).toBe("<b>&'é漢 :#");
    expect(quoted(" ")).toBe("\u201c \u201d");
  });
});

describe("widthOf", () => {
  it.each([
    ["abc", 3],
    ["é", 1],
    ["e\u0301", 1],
    ["漢字", 4],
    ["👩‍👩‍👧", 2],
    ["", 0],
  ])("of %s is %s cells", (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});

describe("layoutLines", () => {
  it("breaks between words, the space staying on the line", () => {
    expect(written(lay(["to", " ", "be", " ", "or", " ", "not"], 6))).toEqual(["to be ", "or not"]);
  });

  it("keeps tokens together that no space parts", () => {
    expect(written(lay(["it", " ", "is", " ", "n't", ",", " ", "so"], 7))).toEqual(["it is ", "n't, so"]);
    expect(written(lay([..."to be or"], 4))).toEqual(["to ", "be ", "or"]);
  });

  it("shows a newline and breaks there", () => {
    const lines = lay(["a", "\n", "b", "\n\n", "c"], 20);
    expect(written(lines)).toEqual(["a\\n", "b\\n", "\\n", "c"]);
    expect(lines[2].pieces[0].token).toBe(3);
  });

  it("goes on with the same token after a newline within it", () => {
    const lines = lay(["one\ntwo", "!"], 20);
    expect(written(lines)).toEqual(["one\\n", "two!"]);
    expect(lines.map(({ pieces }) => pieces[0].token)).toEqual([0, 0]);
  });

  it("begins each document on a line that says so", () => {
    const lines = lay(["a", "b", "c", "d"], 20, [0, 2]);
    expect(written(lines)).toEqual(["ab", "cd"]);
    expect(lines.map(({ opens }) => opens)).toEqual([true, true]);
    const wrapped = lay(["aaaa", " ", "bbbb", "cc"], 5, [0, 3]);
    expect(wrapped.map(({ opens }) => opens)).toEqual([true, false, true]);
  });

  it("cuts a token that no line holds, without loss", () => {
    const lines = lay(["x", "abcdefgh", "y"], 3);
    expect(written(lines).join("")).toBe("xabcdefghy");
    expect(Math.max(...written(lines).map(widthOf))).toBe(3);
    expect(written(lay(["漢字漢字"], 5))).toEqual(["漢字", "漢字"]);
    expect(written(lay(["漢"], 1))).toEqual(["漢"]);
  });

  it("shows what stands between tokens, which belongs to none", () => {
    const lines = lay(["to", "be"], 20, [0], " ");
    expect(lines[0].pieces).toEqual([
      { token: 0, text: "to", column: 0 },
      { token: -1, text: " ", column: 2 },
      { token: 1, text: "be", column: 3 },
    ]);
  });

  it("shows an empty token, so that it can be pointed at", () => {
    expect(written(lay(["a", "", "b"], 9))).toEqual(["a\u2205b"]);
  });

  it("holds every token once, in order, within the columns, for any text", () => {
    const random = randomNumbers(7);
    const words = ["a", "be", " ", "\n", "漢", "wonderful", ",", "\t", "e\u0301", "👍"];
    for (let round = 0; round < 60; round++) {
      const tokens = Array.from({ length: 40 }, () => words[Math.floor(random() * words.length)]);
      const columns = 3 + Math.floor(random() * 20);
      const lines = lay(tokens, columns, [0, 11, 30]);
      expect(written(lines).join("")).toBe(tokens.map(visible).join(""));
      for (const { pieces } of lines) {
        let column = 0;
        for (const piece of pieces) {
          expect(piece.column).toBe(column);
          column += widthOf(piece.text);
        }
        expect(column).toBeLessThanOrEqual(columns);
      }
      const order = lines.flatMap(({ pieces }) => pieces.map(({ token }) => token));
      expect([...new Set(order)]).toEqual(tokens.map((_, token) => token));
      expect(order).toEqual([...order].sort((one, other) => one - other));
      expect(lines.filter(({ opens }) => opens).map(({ pieces }) => pieces[0].token)).toEqual([0, 11, 30]);
    }
  });
});

describe("finding tokens", () => {
  const lines = lay(["aaaa", " ", "bb", " ", "cccc", " ", "d"], 8);

  it("knows the line on which each token begins", () => {
    expect(written(lines)).toEqual(["aaaa bb ", "cccc d"]);
    expect([...linesOfTokens(lines, 7)]).toEqual([0, 0, 0, 0, 1, 1, 1]);
    expect([...linesOfTokens(lay(["abcdef", "g"], 3), 2)]).toEqual([0, 2]);
  });

  it("finds the token above or below a column", () => {
    expect(tokenNear(lines[1], 0)).toBe(4);
    expect(tokenNear(lines[1], 5)).toBe(6);
    expect(tokenNear(lines[1], 99)).toBe(6);
    expect(tokenNear(undefined, 3)).toBeNull();
  });
});
