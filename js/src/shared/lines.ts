import { visible } from "./dom.ts";

/** A token, or a part of one that is too long for a line. `token` is -1 for what stands between two tokens. */
export interface Piece {
  token: number;
  text: string;
  column: number;
}

export interface Line {
  pieces: Piece[];
  /** Whether a document begins here. */
  opens: boolean;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 126) return false;
  return true;
}

/** How many cells of a monospaced font the text takes. */
export function widthOf(text: string): number {
  if (isAscii(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

function chunks(text: string, columns: number): string[] {
  const parts: string[] = [];
  let part = "";
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    const size = widthOf(segment);
    if (width + size > columns && part) {
      parts.push(part);
      part = "";
      width = 0;
    }
    part += segment;
    width += size;
  }
  return part ? [...parts, part] : parts;
}

/**
 * Lines of at most `columns` cells. Tokens without white space between them stay together where a line holds them; a
 * newline is shown and breaks the line; a document begins on a line of its own.
 */
export function layoutLines(
  tokens: readonly string[],
  documents: readonly number[],
  joiner: string,
  columns: number,
): Line[] {
  const lines: Line[] = [];
  const starts = new Set(documents);
  let line: Line = { pieces: [], opens: true };
  let used = 0;
  const breakLine = (opens = false) => {
    if (line.pieces.length > 0) lines.push(line);
    line = { pieces: [], opens };
    used = 0;
  };
  const put = (token: number, text: string) => {
    const width = widthOf(text);
    if (used + width > columns && used > 0) breakLine();
    const parts = width > columns ? chunks(text, columns) : [text];
    for (const [index, part] of parts.entries()) {
      if (index > 0) breakLine();
      line.pieces.push({ token, text: part, column: used });
      used += widthOf(part);
    }
  };
  let unitEnds = 0;
  for (let token = 0; token < tokens.length; token++) {
    if (starts.has(token) && token > 0) breakLine(true);
    else if (token > 0 && joiner && used > 0) put(-1, visible(joiner));
    if (token >= unitEnds) {
      const unit = unitFrom(tokens, token, joiner, starts, columns);
      unitEnds = unit.end;
      if (used + unit.width > columns && unit.width <= columns) breakLine(line.opens && used === 0);
    }
    const shown = tokens[token].split(/(?<=\n)/);
    for (const [index, part] of shown.entries()) {
      if (index > 0 || part) put(token, visible(part));
      if (part.endsWith("\n")) breakLine();
    }
    if (tokens[token] === "") put(token, "\u2205");
  }
  breakLine();
  return lines;
}

function unitFrom(
  tokens: readonly string[],
  start: number,
  joiner: string,
  documents: ReadonlySet<number>,
  columns: number,
): { end: number; width: number } {
  let width = widthOf(visible(tokens[start]));
  let end = start + 1;
  const breaks = (token: string) => token === "" || /\s/.test(token);
  if (breaks(tokens[start]) || /\s/.test(joiner)) return { end, width };
  while (end < tokens.length && !breaks(tokens[end]) && !documents.has(end) && width <= columns) {
    width += widthOf(joiner) + widthOf(visible(tokens[end]));
    end += 1;
  }
  return { end, width };
}

/** Index of the line on which each token begins. */
export function linesOfTokens(lines: readonly Line[], tokens: number): Int32Array {
  const found = new Int32Array(tokens).fill(-1);
  for (const [index, line] of lines.entries())
    for (const { token } of line.pieces) if (token >= 0 && found[token] < 0) found[token] = index;
  return found;
}

/** The token on another line nearest to the given column. */
export function tokenNear(line: Line | undefined, column: number): number | null {
  let best: Piece | null = null;
  for (const piece of line?.pieces ?? []) {
    if (piece.token >= 0 && (!best || Math.abs(piece.column - column) < Math.abs(best.column - column)))
      best = piece;
  }
  return best?.token ?? null;
}
