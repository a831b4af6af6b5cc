export type Rgb = readonly [number, number, number];
/** 256 colours, three bytes each. */
export type Lut = Uint8Array;
export type Theme = "light" | "dark";

type Stops = Record<"diverging" | "sequential", Record<Theme, readonly string[]>>;

// Lightness falls towards both ends (light theme) or rises towards them (dark theme): strength stays readable without
// hue, and the two ends differ in more than red against green, so that the sign does with every common kind of colour
// blindness. The page's own paper stands in the middle, or at zero.
const PALETTES: Record<string, Stops> = {
  "orange-blue": {
    diverging: {
      light: stops("0b3c7d 2b74b8 7fb2dd cfe1f1 f7f7f5 fbdfc0 f3ab62 cf6a16 8a3a06"),
      dark: stops("b9dcff 6fb3f2 3b7fc4 234a75 17191c 653d17 b0651c ee9a3f ffdcae"),
    },
    sequential: {
      light: stops("f7f7f5 fdeccb fcd08d f6a552 e4762b c04a17 8b2a10 54150b"),
      dark: stops("17191c 3a2012 6b3413 a04d15 d06f22 ee9a3f fbc87c fff0cf"),
    },
  },
  // The original system's colours: red is positive, blue is negative.
  "red-blue": {
    diverging: {
      light: stops("10306f 2f5fbd 7fa3e6 cbd9f5 f7f7f5 fbd3cd f08a80 d13434 7d0a18"),
      dark: stops("bcd0ff 7da2ff 4470d8 243c7c 17191c 6b1f22 bd3a38 f2746a ffc9c2"),
    },
    sequential: {
      light: stops("f7f7f5 fde3dd fabcb1 f38e82 e25a52 c02c33 8d1220 560814"),
      dark: stops("17191c 42211f 732c28 a13a34 cc4c45 f2746a fba99f ffe2dd"),
    },
  },
  "purple-green": {
    diverging: {
      light: stops("431a6b 7a4bab b08bd8 e3cdf3 f7f7f5 c8ebc4 7cc179 378a3a 0b4a1c"),
      dark: stops("e9d2ff bd92ea 8653b8 4a2d68 17191c 1f4a22 3a7f3b 6fbf68 c8f2be"),
    },
    sequential: {
      light: stops("f7f7f5 e6efb0 b5d98a 74bd86 3d9a8b 2f7389 3b4a82 3f1f63"),
      dark: stops("17191c 33234f 3f4378 356a8a 2f8f8c 55b37f a5d573 f0f3a8"),
    },
  },
};

function stops(hexes: string): string[] {
  return hexes.split(" ");
}

function parse(hex: string): Rgb {
  const value = Number.parseInt(hex, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function interpolate(hexes: readonly string[]): Lut {
  const colours = hexes.map(parse);
  const lut = new Uint8Array(256 * 3);
  for (let index = 0; index < 256; index++) {
    const place = (index / 255) * (colours.length - 1);
    const left = Math.min(Math.floor(place), colours.length - 2);
    for (let channel = 0; channel < 3; channel++) {
      const start = colours[left][channel];
      lut[3 * index + channel] = Math.round(start + (place - left) * (colours[left + 1][channel] - start));
    }
  }
  return lut;
}

const luts = new Map<string, Lut>();

/** The palettes that a view's trait `palette` takes, and how a person calls them. */
export const PALETTE_NAMES: readonly { value: string; label: string }[] = [
  { value: "orange-blue", label: "orange and blue" },
  { value: "red-blue", label: "red and blue" },
  { value: "purple-green", label: "green and purple" },
];

/** What decides about colours: the host's theme, and the palette that the view was given. */
export interface Look {
  theme: Theme;
  palette: string;
}

/** The colours of a signal with a zero in its middle (`twoSided`), or with a zero at its low end. */
export function lutFor(twoSided: boolean, { theme, palette }: Look): Lut {
  const kind = twoSided ? "diverging" : "sequential";
  const key = `${palette} ${kind} ${theme}`;
  const known = luts.get(key) ?? interpolate((PALETTES[palette] ?? PALETTES["orange-blue"])[kind][theme]);
  luts.set(key, known);
  return known;
}

/** A CSS gradient from left to right, for a colour bar. */
export function gradient(lut: Lut): string {
  const stops = Array.from({ length: 17 }, (_, step) => css(colourAt(lut, Math.round((step / 16) * 255))));
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/** The place of `value` between `low` and `high` in a table of 256 colours; outside, the nearest end. */
export function lutIndex(value: number, low: number, high: number): number {
  if (!(high > low) || Number.isNaN(value)) return 128;
  return Math.max(0, Math.min(255, Math.round(((value - low) / (high - low)) * 255)));
}

export function colourAt(lut: Lut, index: number): Rgb {
  return [lut[3 * index], lut[3 * index + 1], lut[3 * index + 2]];
}

export function css([red, green, blue]: Rgb): string {
  return `rgb(${red}, ${green}, ${blue})`;
}

/** Relative luminance, 0..1 (WCAG 2.2). */
export function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio of two colours, 1..21 (WCAG 2.2). */
export function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (high + 0.05) / (low + 0.05);
}

/** Black or white, whichever reads better on `background`; at least 4.58:1 on any colour. */
export function textOn(background: Rgb): "#000" | "#fff" {
  return luminance(background) > 0.179 ? "#000" : "#fff";
}
