import { describe, expect, it } from "vitest";
import {
  type Lines,
  layoutLines,
  lineOf,
  measureTokens,
  opensDocument,
  piecesOf,
  tokenAt,
  widthOf,
} from "../src/shared/line_layout.ts";
import { visible } from "../src/shared/signs.ts";
import { randomNumbers } from "./random.ts";

const lay = (tokens: string[], columns: number, documents = [0], joiner = "") =>
  layoutLines(measureTokens(tokens, documents, joiner), columns);
const numbers = (lines: Lines) => Array.from({ length: lines.count }, (_, line) => line);
const written = (lines: Lines) =>
  numbers(lines).map((line) =>
    piecesOf(lines, line)
      .map(({ raw }) => raw)
      .join(""),
  );

describe("widthOf", () => {
  it.each([
    ["abc", 3],
    ["é", 1],
    ["e\u0301", 1],
    ["漢字", 4],
    ["👩‍👩‍👧", 2],
    ["🇬🇧", 2],
    ["", 1],
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

  it("breaks after a newline, which takes a place", () => {
    const lines = lay(["a", "\n", "b", "\n\n", "c"], 20);
    expect(written(lines)).toEqual(["a\n", "b\n", "\n", "c"]);
    expect(piecesOf(lines, 2)).toEqual([{ token: 3, raw: "\n", column: 0, cells: 1 }]);
  });

  it("goes on with the same token after a newline within it", () => {
    const lines = lay(["one\ntwo", "!"], 20);
    expect(written(lines)).toEqual(["one\n", "two!"]);
    expect(numbers(lines).map((line) => piecesOf(lines, line)[0].token)).toEqual([0, 0]);
  });

  it("begins each document on a line that says so", () => {
    const opening = (lines: Lines) => numbers(lines).map((line) => opensDocument(lines, line));
    const lines = lay(["a", "b", "c", "d"], 20, [0, 2]);
    expect(written(lines)).toEqual(["ab", "cd"]);
    expect(opening(lines)).toEqual([true, true]);
    expect(opening(lay(["aaaa", " ", "bbbb", "cc"], 5, [0, 3]))).toEqual([true, false, true]);
  });

  it("cuts a token that no line holds, without loss", () => {
    const lines = lay(["x", "abcdefgh", "y"], 3);
    expect(written(lines).join("")).toBe("xabcdefghy");
    expect(Math.max(...written(lines).map(widthOf))).toBe(3);
    expect(written(lay(["漢字漢字"], 5))).toEqual(["漢字", "漢字"]);
    expect(written(lay(["漢"], 1))).toEqual(["漢"]);
    expect(written(lay(["👩‍👩‍👧👩‍👩‍👧"], 3))).toEqual(["👩‍👩‍👧", "👩‍👩‍👧"]);
  });

  it("shows what stands between tokens, which belongs to none", () => {
    expect(piecesOf(lay(["to", "be"], 20, [0], " "), 0)).toEqual([
      { token: 0, raw: "to", column: 0, cells: 2 },
      { token: -1, raw: " ", column: 2, cells: 1 },
      { token: 1, raw: "be", column: 3, cells: 2 },
    ]);
    expect(written(lay(["to", "be", "or"], 5, [0], " "))).toEqual(["to be", " or"]);
    expect(written(lay(["to", "be"], 20, [0], "\n"))).toEqual(["to\n", "be"]);
  });

  it("gives an empty token a cell, so that it can be pointed at", () => {
    expect(piecesOf(lay(["a", "", "b"], 9), 0).map(({ column }) => column)).toEqual([0, 1, 2]);
  });

  it("believes what a browser measured", () => {
    const measured = measureTokens(["ab", "漢", "cd"], [0], "", (shown) => 5 * shown.length);
    expect(piecesOf(layoutLines(measured, 20), 0).map(({ column }) => column)).toEqual([0, 2, 7]);
  });

  const words = [
    "a",
    "be",
    " ",
    "\n",
    "漢",
    "wonderful",
    ",",
    "\t",
    "e\u0301",
    "👍",
    "",
    "שלום",
    "x\ny ",
    "\u200b",
  ];

  it.each(["", " ", "\n", "+"])("holds all tokens in order within the columns, joined by %j", (joiner) => {
    const random = randomNumbers(7);
    for (let round = 0; round < 30; round++) {
      const tokens = Array.from({ length: 60 }, () => words[Math.floor(random() * words.length)]);
      const columns = 3 + Math.floor(random() * 20);
      const documents = [0, 11, 30];
      const lines = lay(tokens, columns, documents, joiner);
      const onLine = numbers(lines).map((line) => piecesOf(lines, line));
      const own = onLine.flat().filter(({ token }) => token >= 0);
      expect(own.map(({ raw }) => raw).join("")).toBe(tokens.join(""));
      const order = own.map(({ token }) => token);
      expect([...new Set(order)]).toEqual(tokens.map((_, token) => token));
      expect(order).toEqual([...order].sort((one, other) => one - other));
      for (const here of onLine) {
        const cells = here.map(({ raw }) => widthOf(visible(raw)));
        const width = cells.reduce((sum, size) => sum + size, 0);
        expect(here.map((piece) => piece.cells)).toEqual(cells);
        expect(here.map(({ column }) => column)).toEqual(
          cells.map((_, place) => cells.slice(0, place).reduce((sum, size) => sum + size, 0)),
        );
        expect(here.length > 0 && (here.length === 1 || width <= columns)).toBe(true);
        expect(here.slice(0, -1).some(({ token, raw }) => token >= 0 && raw.includes("\n"))).toBe(false);
      }
      const first = tokens.map((_, token) =>
        onLine.findIndex((here) => here.some((piece) => piece.token === token)),
      );
      expect(tokens.map((_, token) => lineOf(lines, token))).toEqual(first);
      const opened = numbers(lines).filter((line) => opensDocument(lines, line));
      expect(opened.map((line) => onLine[line][0].token)).toEqual(documents);
    }
  });
});

describe("finding tokens", () => {
  const lines = lay(["aaaa", " ", "bb", " ", "cccc", " ", "d"], 8);

  it("knows the line on which each token begins", () => {
    expect(written(lines)).toEqual(["aaaa bb ", "cccc d"]);
    expect([0, 1, 2, 3, 4, 5, 6].map((token) => lineOf(lines, token))).toEqual([0, 0, 0, 0, 1, 1, 1]);
    expect(lineOf(lay(["abcdef", "g"], 3), 1)).toBe(2);
  });

  it("finds the token at a column, or the nearest", () => {
    expect([0, 3, 4, 5, 99].map((column) => tokenAt(lines, 1, column))).toEqual([4, 4, 5, 6, 6]);
    expect(tokenAt(lines, -1, 3)).toBeNull();
    expect(tokenAt(lines, 2, 3)).toBeNull();
  });
});
