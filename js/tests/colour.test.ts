import { describe, expect, it } from "vitest";
import {
  colourAt,
  contrast,
  css,
  gradient,
  luminance,
  lutFor,
  lutIndex,
  textOn,
} from "../src/shared/colour.ts";

const SCALES = [true, false].flatMap((twoSided) =>
  (["light", "dark"] as const).map((theme) => ({ twoSided, theme, lut: lutFor(twoSided, { theme, palette: "orange-blue" }) })),
);
const INK = { "#000": [0, 0, 0], "#fff": [255, 255, 255] } as const;
const ALL = Array.from({ length: 256 }, (_, index) => index);

describe("contrast", () => {
  it("is that of WCAG", () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
    expect(contrast([255, 255, 255], [118, 118, 118])).toBeCloseTo(4.54, 2);
    expect(luminance([255, 0, 0])).toBeCloseTo(0.2126);
  });
});

describe.each(SCALES)("the colours, two-sided $twoSided, $theme", ({ twoSided, theme, lut }) => {
  it("carry text of at least 4.5:1 everywhere", () => {
    const least = Math.min(
      ...ALL.map((index) => {
        const colour = colourAt(lut, index);
        return contrast(colour, INK[textOn(colour)]);
      }),
    );
    expect(least).toBeGreaterThanOrEqual(4.5);
  });

  it("grow steadily away from the paper, so that strength reads without hue", () => {
    const away = theme === "light" ? -1 : 1;
    const light = ALL.map((index) => away * luminance(colourAt(lut, index)));
    const half = twoSided ? 128 : 0;
    // Over a few steps, since each channel is rounded.
    for (let index = half; index + 6 < 256; index++) expect(light[index + 6]).toBeGreaterThan(light[index]);
    for (let index = 6; index < half; index++) expect(light[index]).toBeLessThan(light[index - 6]);
  });

  it("tell the ends apart from the middle and from each other", () => {
    expect(contrast(colourAt(lut, 255), colourAt(lut, twoSided ? 128 : 0))).toBeGreaterThan(4.5);
    if (twoSided) {
      const [red, , blue] = colourAt(lut, 0);
      const [otherRed, , otherBlue] = colourAt(lut, 255);
      expect(blue - red).toBeGreaterThan(60);
      expect(otherRed - otherBlue).toBeGreaterThan(60);
    }
  });
});

describe("lutIndex", () => {
  it("puts the limits at the ends, and what lies outside too", () => {
    expect([-1, 1, -9, 9].map((value) => lutIndex(value, -1, 1))).toEqual([0, 255, 0, 255]);
    expect(lutIndex(0, -1, 1)).toBe(128);
    expect(lutIndex(0.2, 0, 1)).toBe(51);
  });

  it("takes the middle where there is nothing to place", () => {
    expect([lutIndex(Number.NaN, 0, 1), lutIndex(3, 2, 2)]).toEqual([128, 128]);
  });
});

it("writes colours as CSS", () => {
  expect(css([1, 2, 3])).toBe("rgb(1, 2, 3)");
  const bar = gradient(lutFor(false, { theme: "light", palette: "orange-blue" }));
  expect(bar.startsWith("linear-gradient(to right, rgb(247, 247, 245), ")).toBe(true);
  expect(bar.endsWith("rgb(84, 21, 11))")).toBe(true);
});
