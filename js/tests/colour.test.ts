import { describe, expect, it } from "vitest";
import {
  colourAt,
  contrast,
  css,
  gradient,
  luminance,
  lutFor,
  lutIndex,
  PALETTE_NAMES,
  textOn,
} from "../src/shared/colour.ts";
import { distance, SIGHT, seen } from "./colour_blindness.ts";

const THEMES = ["light", "dark"] as const;
const SCALES = PALETTE_NAMES.flatMap(({ value: palette }) =>
  [true, false].flatMap((twoSided) =>
    THEMES.map((theme) => ({ palette, twoSided, theme, lut: lutFor(twoSided, { theme, palette }) })),
  ),
);
const SIGHTS = Object.keys(SIGHT) as (keyof typeof SIGHT)[];
const INK = { "#000": [0, 0, 0], "#fff": [255, 255, 255] } as const;
const ALL = Array.from({ length: 256 }, (_, index) => index);

describe("contrast", () => {
  it("is that of WCAG", () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
    expect(contrast([255, 255, 255], [118, 118, 118])).toBeCloseTo(4.54, 2);
    expect(luminance([255, 0, 0])).toBeCloseTo(0.2126);
  });
});

describe.each(SCALES)("$palette, two-sided $twoSided, $theme", ({ twoSided, theme, lut }) => {
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

  it("tell the ends apart from the middle", () => {
    expect(contrast(colourAt(lut, 255), colourAt(lut, twoSided ? 128 : 0))).toBeGreaterThan(4.5);
    expect(contrast(colourAt(lut, 0), colourAt(lut, twoSided ? 128 : 255))).toBeGreaterThan(4.5);
  });

  it.each(SIGHTS)("show strength by lightness alone to %s", (sight) => {
    const away = theme === "light" ? -1 : 1;
    const lightness = ALL.map((index) => away * seen(colourAt(lut, index), sight)[0]);
    const sides = twoSided ? [lightness.slice(0, 128).reverse(), lightness.slice(128)] : [lightness];
    for (const side of sides) {
      for (let index = 0; index + 6 < side.length; index++)
        expect(side[index + 6]).toBeGreaterThan(side[index]);
      // Five steps of strength are told apart with ease.
      for (let step = 0; step < 4; step++) {
        const at = (share: number) => side[Math.round(share * (side.length - 1))];
        expect(at((step + 1) / 4) - at(step / 4)).toBeGreaterThan(5);
      }
    }
  });
});

describe.each(SCALES.filter(({ twoSided }) => twoSided))("$palette, $theme", ({ lut }) => {
  it.each(SIGHTS)("show the sign by hue to %s", (sight) => {
    for (const [share, least] of [
      [0.15, 10],
      [0.3, 20],
      [0.6, 30],
      [1, 20],
    ]) {
      const colours = [-share, share].map((value) => seen(colourAt(lut, lutIndex(value, -1, 1)), sight));
      // The difference in lightness is left out: it stands for the strength.
      const [[, a1, b1], [, a2, b2]] = colours;
      expect(distance([0, a1, b1], [0, a2, b2])).toBeGreaterThan(least);
    }
  });
});

it("takes the default for a palette that it does not know", () => {
  const look = { theme: "light", palette: "of a later version" } as const;
  expect(lutFor(true, look)).toEqual(lutFor(true, { theme: "light", palette: "orange-blue" }));
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
