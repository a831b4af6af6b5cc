import { describe, expect, it } from "vitest";
import { quoted, shownParts, signNames, visible } from "../src/shared/signs.ts";

describe("visible", () => {
  it("shows what would not be seen, and leaves the rest alone", () => {
    expect(visible("a\nb\t\r")).toBe("a\u00b6b\u21e5\\x0d");
    expect(visible("\u0000\u001b[31m\u0085")).toBe("\\x00\\x1b[31m\\x85");
    expect(visible("\u200b\u202e\ufeff\u2028")).toBe("\\u200b\\u202e\\ufeff\\u2028");
    expect(visible("\ud800x")).toBe("\\ud800x");
    expect(visible("<b>&'é漢 :#")).toBe("<b>&'é漢 :#");
    expect(visible("")).toBe("\u2205");
  });

  it("shows a space where it ends a token, not within one", () => {
    expect(visible(" ")).toBe("\u2423");
    expect(visible("to be ")).toBe("to be\u2423");
    expect(visible("a  \n    ")).toBe("a\u2423\u2423\u00b6\u2423\u2423\u2423\u2423");
    expect(visible(" the")).toBe(" the");
    expect(quoted(" ")).toBe("\u201c\u2423\u201d");
  });

  it("keeps emoji, letters with marks and other scripts whole", () => {
    for (const token of ["👩‍👩‍👧", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇬🇧", "e\u0301", "می‌خواهم", "שלום", "नमस्ते"]) {
      expect(visible(token)).toBe(token);
    }
    expect(visible("\u0301")).toBe("\u25cc\u0301");
  });
});

describe("signs", () => {
  it("are told apart from the same character in the text", () => {
    expect(shownParts("\u00b6\n")).toEqual([
      { text: "\u00b6", of: null },
      { text: "\u00b6", of: "\n" },
    ]);
  });

  it("have names", () => {
    expect(signNames("\n")).toBe("newline");
    expect(signNames("\t")).toBe("tab");
    expect(signNames(" ")).toBe("space");
    expect(signNames("\n\n  ")).toBe("2 newlines, 2 spaces");
    expect(signNames("word")).toBe("");
    expect(signNames("")).toBe("no characters");
    expect(signNames("\u001b")).toBe("control");
  });
});
