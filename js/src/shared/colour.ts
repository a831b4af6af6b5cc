export type Rgb = readonly [number, number, number];
/** 256 colours, three bytes each. */
export type Lut = Uint8Array;
export type Theme = "light" | "dark";

// Lightness falls towards both ends (light theme) or rises towards them (dark theme), and the two ends are blue and
// orange: sign and strength stay readable without hue, and with every common kind of colour blindness.
const STOPS: Record<"diverging" | "sequential", Record<Theme, readonly string[]>> = {
  diverging: {
    light: [
      "#0b3c7d",
      "#2b74b8",
      "#7fb2dd",
      "#cfe1f1",
      "#f7f7f5",
      "#fbdfc0",
      "#f3ab62",
      "#cf6a16",
      "#8a3a06",
    ],
    dark: ["#b9dcff", "#6fb3f2", "#3b7fc4", "#234a75", "#17191c", "#653d17", "#b0651c", "#ee9a3f", "#ffdcae"],
  },
  sequential: {
    light: ["#f7f7f5", "#fdeccb", "#fcd08d", "#f6a552", "#e4762b", "#c04a17", "#8b2a10", "#54150b"],
    dark: ["#17191c", "#3a2012", "#6b3413", "#a04d15", "#d06f22", "#ee9a3f", "#fbc87c", "#fff0cf"],
  },
};

function parse(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function interpolate(stops: readonly string[]): Lut {
  const colours = stops.map(parse);
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

/** What decides about colours: the host's theme, and the palette that the view was given. */
export interface Look {
  theme: Theme;
  palette: string;
}

export function lutFor(twoSided: boolean, { theme }: Look): Lut {
  const kind = twoSided ? "diverging" : "sequential";
  const key = `${kind} ${theme}`;
  const known = luts.get(key) ?? interpolate(STOPS[kind][theme]);
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
