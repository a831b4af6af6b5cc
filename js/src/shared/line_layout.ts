import { visible } from "./signs.ts";

/** A token, or a part of one that is too long for a line. `token` is -1 for what stands between two tokens. */
export interface Piece {
  token: number;
  /** The characters themselves; `visible` says how they are shown. */
  raw: string;
  column: number;
  cells: number;
}

/** How many cells of a monospaced font a shown text takes; at least one. */
export type Cells = (shown: string) => number;

/** What laying out needs to know of each token, whatever the width. */
export interface Measured {
  tokens: readonly string[];
  joiner: string;
  joinerCells: number;
  cells: Int32Array;
  kinds: Uint8Array;
  cellsOf: Cells;
}

/** Where each line begins: at an offset (UTF-16) in a token, or with the joiner before it, which is offset -1. */
export interface Lines {
  count: number;
  tokens: Int32Array;
  offsets: Int32Array;
  columns: number;
  measured: Measured;
}

/** A newline before its last character; white space within, or no character at all; first of a document; a newline at the end. */
const FEEDS = 1;
const BREAKS = 2;
const OPENS = 4;
const FEEDS_LAST = 8;
const JOINER = -1;

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 126) return false;
  return true;
}

/** Cells by the rule that terminals follow: two for wide characters and emoji, one for all others. */
export function widthOf(text: string): number {
  if (isAscii(text)) return Math.max(1, text.length);
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return Math.max(1, width);
}

/** Looks at each token once; most are plain words, for which a glance at their characters is enough. */
export function measureTokens(
  tokens: readonly string[],
  documents: readonly number[],
  joiner: string,
  cellsOf: Cells = widthOf,
): Measured {
  const cells = new Int32Array(tokens.length);
  const kinds = new Uint8Array(tokens.length);
  const known = new Map<string, readonly [number, number]>();
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    let plain = token.length > 0;
    let spaces = 0;
    for (let at = 0; at < token.length && plain; at++) {
      const code = token.charCodeAt(at);
      plain = code >= 32 && code < 127;
      if (code === 32) spaces = BREAKS;
    }
    if (plain) {
      cells[index] = token.length;
      kinds[index] = spaces;
      continue;
    }
    let found = known.get(token);
    if (!found) {
      const kind =
        (token.slice(0, -1).includes("\n") ? FEEDS : 0) |
        (token === "" || /\s/.test(token) ? BREAKS : 0) |
        (token.endsWith("\n") ? FEEDS_LAST : 0);
      found = [cellsOf(visible(token)), kind];
      known.set(token, found);
    }
    [cells[index], kinds[index]] = found;
  }
  for (const document of documents) kinds[document] |= OPENS;
  return { tokens, joiner, joinerCells: joiner ? cellsOf(visible(joiner)) : 0, cells, kinds, cellsOf };
}

class Starts {
  count = 0;
  tokens: Int32Array;
  offsets: Int32Array;

  constructor(expected: number) {
    this.tokens = new Int32Array(expected);
    this.offsets = new Int32Array(expected);
  }

  add(token: number, offset: number): void {
    if (this.count === this.tokens.length) {
      const grown = [this.tokens, this.offsets].map((old) => {
        const larger = new Int32Array(2 * old.length);
        larger.set(old);
        return larger;
      });
      [this.tokens, this.offsets] = grown;
    }
    this.tokens[this.count] = token;
    this.offsets[this.count] = offset;
    this.count += 1;
  }
}

/**
 * Lines of at most `columns` cells. Tokens without white space between them stay together where a line holds them; a
 * newline is shown and breaks the line; a document begins on a line of its own. Only a token that is itself wider than
 * a line is cut, between graphemes.
 */
export function layoutLines(measured: Measured, columns: number): Lines {
  const { tokens, joiner, joinerCells, cells, kinds } = measured;
  const starts = new Starts(64 + (tokens.length >> 2));
  const joinerFeeds = joiner.endsWith("\n");
  const joinerBreaks = /\s/.test(joiner);
  let used = 0;
  let fresh = true;
  const put = (token: number, offset: number, width: number) => {
    if (fresh || used + width > columns) {
      starts.add(token, offset);
      used = 0;
      fresh = false;
    }
    used += width;
  };
  let unitEnds = 0;
  for (let token = 0; token < tokens.length; token++) {
    if (kinds[token] & OPENS) fresh = true;
    else if (joiner && !fresh) {
      put(token, JOINER, joinerCells);
      fresh = joinerFeeds;
    }
    if (token >= unitEnds) {
      let width = cells[token];
      unitEnds = token + 1;
      if (!joinerBreaks && !(kinds[token] & BREAKS)) {
        while (unitEnds < tokens.length && !(kinds[unitEnds] & (BREAKS | OPENS)) && width <= columns) {
          width += joinerCells + cells[unitEnds];
          unitEnds += 1;
        }
      }
      if (used + width > columns && width <= columns) fresh = true;
    }
    if (cells[token] <= columns && !(kinds[token] & FEEDS)) {
      put(token, 0, cells[token]);
    } else {
      for (const part of partsOf(tokens[token], columns, measured.cellsOf)) {
        fresh ||= part.breaks;
        put(token, part.offset, part.cells);
      }
    }
    if (kinds[token] & FEEDS_LAST) fresh = true;
  }
  const { count } = starts;
  return {
    count,
    tokens: starts.tokens.slice(0, count),
    offsets: starts.offsets.slice(0, count),
    columns,
    measured,
  };
}

interface Part {
  offset: number;
  cells: number;
  /** Whether a line must end before it. */
  breaks: boolean;
}

/** A token cut after its newlines, and where it is too wide for a line. */
function partsOf(token: string, columns: number, cellsOf: Cells): Part[] {
  const parts: Part[] = [];
  let offset = 0;
  for (const segment of token.split(/(?<=\n)/)) {
    const cells = cellsOf(visible(segment));
    if (cells <= columns) parts.push({ offset, cells, breaks: offset > 0 });
    else {
      let [at, width] = [offset, 0];
      let next = offset;
      for (const { segment: grapheme } of graphemes.segment(segment)) {
        const size = cellsOf(visible(grapheme));
        if (width > 0 && width + size > columns) {
          parts.push({ offset: at, cells: width, breaks: at > 0 });
          [at, width] = [next, 0];
        }
        width += size;
        next += grapheme.length;
      }
      parts.push({ offset: at, cells: width, breaks: at > 0 });
    }
    offset += segment.length;
  }
  return parts;
}

function hasJoiner({ joiner, kinds }: Measured, token: number): boolean {
  return joiner !== "" && token > 0 && !(kinds[token] & OPENS) && !(kinds[token - 1] & FEEDS_LAST);
}

/** What stands on a line, from left to right. */
export function piecesOf(lines: Lines, line: number): Piece[] {
  const { measured, count } = lines;
  const { tokens, joiner, joinerCells, cells, cellsOf } = measured;
  const pieces: Piece[] = [];
  if (line < 0 || line >= count) return pieces;
  const [first, begin] = [lines.tokens[line], lines.offsets[line]];
  const [last, end] =
    line + 1 < count ? [lines.tokens[line + 1], lines.offsets[line + 1]] : [tokens.length, JOINER];
  let column = 0;
  const put = (token: number, raw: string, size: number) => {
    pieces.push({ token, raw, column, cells: size });
    column += size;
  };
  for (let token = first; token <= last; token++) {
    if (token === last && end === JOINER) break;
    if ((token > first || begin === JOINER) && hasJoiner(measured, token)) put(-1, joiner, joinerCells);
    if (token === last && end === 0) break;
    const from = token === first ? Math.max(0, begin) : 0;
    const raw = tokens[token].slice(from, token === last ? end : undefined);
    put(token, raw, raw.length === tokens[token].length ? cells[token] : cellsOf(visible(raw)));
  }
  return pieces;
}

/** Whether a document begins on the line. */
export function opensDocument({ tokens, offsets, measured }: Lines, line: number): boolean {
  return offsets[line] === 0 && (measured.kinds[tokens[line]] & OPENS) !== 0;
}

/** Index of the line on which the token begins. */
export function lineOf({ count, tokens, offsets }: Lines, token: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tokens[middle] < token || (tokens[middle] === token && offsets[middle] <= 0)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The token on a line at the given column, or the nearest one; null where there is no such line. */
export function tokenAt(lines: Lines, line: number, column: number): number | null {
  let best: Piece | null = null;
  const distance = (piece: Piece) =>
    Math.max(piece.column - column, column - (piece.column + piece.cells - 1), 0);
  for (const piece of piecesOf(lines, line)) {
    if (piece.token >= 0 && (!best || distance(piece) < distance(best))) best = piece;
  }
  return best?.token ?? null;
}
