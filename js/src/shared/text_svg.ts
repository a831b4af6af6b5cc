import { colourAt, css, lutIndex } from "./colour.ts";
import { type Lines, piecesOf } from "./line_layout.ts";
import { visible } from "./signs.ts";
import { attributes, xmlText } from "./svg_text.ts";
import { type BlockRange, LINE_HEIGHT, type TextBlocks } from "./text_blocks.ts";
import type { Colouring } from "./text_colours.ts";
import { paintOf } from "./text_line.ts";
import { formatNumber } from "./ticks.ts";

/** What a picture of the text is made of; sizes in CSS pixels. */
export interface TextPicture {
  title: string;
  lines: Lines;
  blocks: TextBlocks;
  /** The lines that are seen. */
  ranges: readonly BlockRange[];
  neurons: readonly (number | null)[];
  chosen: number | null;
  colouring: Colouring;
  mask: Uint8Array | null;
  token: number | null;
  cell: number;
  gutter: number;
  ink: { text: string; quiet: string; paper: string; accent: string; edge: string };
  /** Families of the text and of labels. */
  fonts: { text: string; labels: string };
}

const MARGIN = 16;
const HEAD = 64;
const FONT_SIZE = 15;
const BAR = 150;

/** The lines that are seen as an SVG document: a coloured box behind each token, a block for each neuron, the legend. */
export function textSvg(picture: TextPicture): string {
  const { blocks, ranges, cell, gutter, ink, lines } = picture;
  const first = Math.min(...ranges.map(({ block, start }) => blocks.top(block, start)));
  const last = Math.max(...ranges.map(({ block, stop }) => blocks.top(block, stop)));
  const beside = blocks.arrangement === "side by side" && blocks.count > 1;
  const left = Math.min(...ranges.map(({ block }) => blocks.left(block)));
  const right = Math.max(...ranges.map(({ block }) => blocks.left(block))) + lines.columns * cell;
  const head = HEAD + (beside ? LINE_HEIGHT : 0);
  const [width, height] = [2 * MARGIN + gutter + right - left, head + last - first + MARGIN];
  const parts = [
    `<rect ${attributes({ width: Math.ceil(width), height: Math.ceil(height), fill: ink.paper })}/>`,
    legend(picture, width),
  ];
  for (const range of ranges) {
    const x = MARGIN + gutter + blocks.left(range.block) - left;
    const y = head - first;
    if (blocks.count > 1) {
      const at = beside ? [x, head - 10] : [MARGIN, y + blocks.top(range.block, range.start) + 19];
      parts.push(label(picture, picture.neurons[range.block], at[0], at[1]));
    }
    for (let line = range.start; line < range.stop; line++)
      parts.push(textLine(picture, line, x, y + blocks.top(range.block, line), picture.neurons[range.block]));
  }
  const size = { width: Math.ceil(width), height: Math.ceil(height) };
  const box = { viewBox: `0 0 ${size.width} ${size.height}`, ...size };
  return `<svg ${attributes({ xmlns: "http://www.w3.org/2000/svg", ...box })}>${parts.join("")}</svg>`;
}

function written(text: string, x: number, y: number, more: Record<string, string | number>): string {
  return `<text ${attributes({ x: round(x), y: round(y), ...more })}>${xmlText(text)}</text>`;
}

function label({ ink, fonts, chosen }: TextPicture, neuron: number | null, x: number, y: number): string {
  return written(`Neuron ${neuron}`, x, y, {
    "font-family": fonts.labels,
    "font-size": 14,
    "font-weight": neuron === chosen ? 600 : 400,
    fill: ink.text,
  });
}

function legend({ colouring, title, ink, fonts }: TextPicture, width: number): string {
  const { lut, low, high } = colouring;
  const font = { "font-family": fonts.labels, "font-size": 13 };
  const name = `rw-scale-${Math.random().toString(36).slice(2, 8)}`;
  const stops = Array.from({ length: 17 }, (_, step) => {
    const colour = css(colourAt(lut, Math.round((step / 16) * 255)));
    return `<stop ${attributes({ offset: step / 16, "stop-color": colour })}/>`;
  });
  const bar = { x: MARGIN + 60, y: 38, width: Math.min(BAR, width / 2), height: 14 };
  return [
    written(title, MARGIN, 24, { ...font, "font-size": 16, "font-weight": 600, fill: ink.text }),
    `<defs><linearGradient ${attributes({ id: name })}>${stops.join("")}</linearGradient></defs>`,
    written(formatNumber(low), bar.x - 8, 50, { ...font, fill: ink.text, "text-anchor": "end" }),
    `<rect ${attributes({ ...bar, fill: `url(#${name})`, stroke: ink.edge })}/>`,
    written(`${formatNumber(high)}   ${colouring.title}`, bar.x + bar.width + 8, 50, {
      ...font,
      fill: ink.text,
      "xml:space": "preserve",
    }),
  ].join("");
}

function textLine(picture: TextPicture, line: number, x: number, y: number, neuron: number | null): string {
  const { colouring, cell, ink, fonts, mask } = picture;
  const values = neuron === null && colouring.perNeuron ? null : colouring.values(neuron ?? 0);
  const paint = paintOf(colouring.lut);
  const parts: string[] = [];
  for (const { token, raw, column, cells } of piecesOf(picture.lines, line)) {
    const box = { x: round(x + column * cell), y: y + 2, width: round(cells * cell), height: 23 };
    const index =
      token < 0 || !values || Number.isNaN(values[token])
        ? -1
        : lutIndex(values[token], colouring.low, colouring.high);
    if (index >= 0) parts.push(`<rect ${attributes({ ...box, fill: paint.backgrounds[index] })}/>`);
    const fill = index < 0 ? ink.text : paint.inks[index];
    if (token >= 0 && mask?.[token])
      parts.push(`<rect ${attributes({ ...box, y: y + 23, height: 2, fill })}/>`);
    if (!/^ +$/.test(raw)) {
      const shown = visible(raw);
      const size = { "font-family": fonts.text, "font-size": FONT_SIZE, "xml:space": "preserve" };
      const fitted = { textLength: box.width, lengthAdjust: "spacingAndGlyphs" };
      parts.push(written(shown, box.x, y + 19, { ...size, ...(cells > 1 ? fitted : {}), fill }));
    }
    if (token === picture.token)
      parts.push(`<rect ${attributes({ ...box, fill: "none", stroke: ink.accent, "stroke-width": 2 })}/>`);
  }
  return parts.join("");
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
