import { type Box, type Ink, label } from "./canvas.ts";
import type { Columns } from "./heatmap_columns.ts";
import { visible } from "./signs.ts";
import { line } from "./strokes.ts";
import { cellsIn, placesIn, type Stretch } from "./zoom.ts";

const LONGEST_WORD = 14;
/** Columns from this width on are named by their words. */
const NAMED_COLUMN = 17;
/** Heights of one level line of words with its tick, and of the title. */
const LEVEL = 24;
const TITLE = 26;
/** Words take a height in steps, so that the picture does not jump while it is panned. */
const STEP = 24;

/** The words under the columns in view: level where they fit, else turned. */
export interface Words {
  texts: Map<number, string>;
  isTurned: boolean;
  height: number;
}

let ruler: CanvasRenderingContext2D | null = null;

/** Width of a text in CSS pixels. */
export function widthOf(text: string, font: string): number {
  ruler ??= document.createElement("canvas").getContext("2d");
  if (!ruler) return 0;
  ruler.font = font;
  return ruler.measureText(text).width;
}

/** As much of a text as fits, with an ellipsis where that is not all. */
export function fitted(text: string, width: number, font: string): string {
  if (widthOf(text, font) <= width) return text;
  let kept = [...text];
  while (kept.length > 1 && widthOf(`${kept.join("")}\u2026`, font) > width) kept = kept.slice(0, -1);
  return `${kept.join("")}\u2026`;
}

/** The words under the columns, or null where the columns are too narrow for them. */
export function wordsOf(
  columns: Columns,
  stretch: Stretch,
  width: number,
  tokens: readonly string[],
  ink: Ink,
): Words | null {
  const cell = width / Math.max(1, stretch.stop - stretch.start);
  if (cell < NAMED_COLUMN || columns.count === 0) return null;
  const [first, last] = cellsIn(stretch, columns.count);
  const texts = new Map<number, string>();
  let longest = 0;
  for (let column = first; column < last; column++) {
    const word = visible(tokens[columns.tokenAt(column)]);
    const characters = [...word];
    const text =
      characters.length > LONGEST_WORD - 2
        ? `${characters.slice(0, LONGEST_WORD - 2).join("")}\u2026`
        : `\u201c${word}\u201d`;
    texts.set(column, text);
    longest = Math.max(longest, widthOf(text, `bold 13px ${ink.font}`));
  }
  const isTurned = longest + 8 > cell;
  return { texts, isTurned, height: isTurned ? 12 + Math.ceil(longest / STEP) * STEP : LEVEL };
}

/** Height of the axis under the box. */
export function tokenAxisHeight(words: Words | null): number {
  return (words?.height ?? LEVEL) + TITLE;
}

/** Ticks and words under the columns in view, the chosen one bold, and what the columns are. */
export function drawTokenAxis(
  context: CanvasRenderingContext2D,
  box: Box,
  columns: Columns,
  stretch: Stretch,
  words: Words | null,
  chosen: number | null,
  ink: Ink,
  room: number,
): void {
  const bottom = box.top + box.height;
  const cell = box.width / Math.max(1, stretch.stop - stretch.start);
  const centre = (column: number) => box.left + (column + 0.5 - stretch.start) * cell;
  const places = words
    ? [...words.texts.keys()]
    : placesIn(stretch, columns.count, Math.max(1, Math.floor(box.width / 70)));
  context.strokeStyle = ink.edge;
  context.lineWidth = 1;
  for (const column of places) {
    const x = centre(column);
    if (x < box.left - 0.5 || x > box.left + box.width + 0.5) continue;
    const token = columns.tokenAt(column);
    line(context, x, bottom, x, bottom + 5);
    context.fillStyle = ink.text;
    context.font = `${token === chosen ? "bold " : ""}13px ${ink.font}`;
    const text = words?.texts.get(column) ?? String(token);
    if (words?.isTurned) label(context, text, x, bottom + 9, { align: "right", turned: true });
    else label(context, text, x, bottom + 9, { baseline: "top" });
  }
  const font = `14px ${ink.font}`;
  context.fillStyle = ink.text;
  context.font = font;
  const title = fitted(columns.title, room - 16, font);
  const half = widthOf(title, font) / 2;
  const middle = Math.max(8 + half, Math.min(room - 8 - half, box.left + box.width / 2));
  label(context, title, middle, bottom + tokenAxisHeight(words) - 4, { baseline: "bottom" });
}
