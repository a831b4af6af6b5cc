export const LINE_HEIGHT = 27;

/** Browsers clip elements above some 17 million CSS pixels; taller text is scrolled by scale. */
export const TALLEST = 8_000_000;
const NARROWEST_COLUMN = 22;
const BETWEEN_COLUMNS = 2;

export type Arrangement = "stacked" | "side by side";

/** A range of lines of one block; `stop` is one past the last. */
export interface BlockRange {
  block: number;
  start: number;
  stop: number;
}

/** Where the text of each neuron stands, in CSS pixels from the first line of the first block. */
export class TextBlocks {
  constructor(
    readonly arrangement: Arrangement,
    readonly count: number,
    readonly lines: number,
    /** Distance from one block's left edge to the next one's, where they stand side by side. */
    readonly stride: number,
  ) {}

  get #perBlock(): number {
    return this.lines + 1;
  }

  get height(): number {
    const lines = this.arrangement === "stacked" ? this.count * this.#perBlock - 1 : this.lines;
    return Math.max(0, lines) * LINE_HEIGHT;
  }

  top(block: number, line: number): number {
    return (this.arrangement === "stacked" ? block * this.#perBlock + line : line) * LINE_HEIGHT;
  }

  left(block: number): number {
    return this.arrangement === "stacked" ? 0 : block * this.stride;
  }

  /** The lines of each block that meet a rectangle. */
  within(top: number, bottom: number, left: number, right: number): BlockRange[] {
    const [first, stop] = [Math.floor(top / LINE_HEIGHT), Math.ceil(bottom / LINE_HEIGHT)];
    const stacked = this.arrangement === "stacked";
    const [low, high] = stacked
      ? [Math.floor(first / this.#perBlock), Math.floor((stop - 1) / this.#perBlock)]
      : [Math.floor(left / this.stride), Math.floor((right - 1) / this.stride)];
    const ranges: BlockRange[] = [];
    for (let block = Math.max(0, low); block <= Math.min(this.count - 1, high); block++) {
      const above = stacked ? block * this.#perBlock : 0;
      const range = {
        block,
        start: Math.max(0, first - above),
        stop: Math.min(this.lines, stop - above),
      };
      if (range.start < range.stop) ranges.push(range);
    }
    return ranges;
  }

  /** The block and line at a place, the nearest ones where there is none. */
  at(x: number, y: number): { block: number; line: number } {
    const row = Math.floor(y / LINE_HEIGHT);
    const stacked = this.arrangement === "stacked";
    const block = Math.max(
      0,
      Math.min(this.count - 1, stacked ? Math.floor(row / this.#perBlock) : Math.floor(x / this.stride)),
    );
    const line = row - (stacked ? block * this.#perBlock : 0);
    return { block, line: Math.max(0, Math.min(this.lines - 1, line)) };
  }
}

/** How many cells of text a block may be wide, and the distance between blocks that stand side by side. */
export function columnsFor(
  arrangement: Arrangement,
  blocks: number,
  room: number,
): { columns: number; stride: number } {
  if (arrangement === "stacked" || blocks < 2)
    return { columns: Math.max(8, room), stride: Math.max(8, room) };
  const stride = Math.max(NARROWEST_COLUMN + BETWEEN_COLUMNS, Math.floor((room + BETWEEN_COLUMNS) / blocks));
  return { columns: stride - BETWEEN_COLUMNS, stride };
}

/**
 * Scrolling through content that is taller than an element may be. Near moves are exact; far ones, such as a drag of
 * the scroll bar's thumb, go by scale.
 */
export class LongScroll {
  /** Of the content, in CSS pixels, at the upper edge of what is seen. */
  position = 0;
  #top = 0;
  #content = 0;
  #client = 0;

  resize(content: number, client: number): void {
    this.#content = content;
    this.#client = client;
    this.position = Math.min(this.position, this.#reach);
  }

  /** Height of the element that stands for the content. */
  get height(): number {
    return Math.min(this.#content, TALLEST);
  }

  /** How much further than the element's own offset the content is drawn. */
  get shift(): number {
    return this.#top - this.position;
  }

  get #reach(): number {
    return Math.max(0, this.#content - this.#client);
  }

  get #scale(): number {
    return this.#content <= TALLEST ? 1 : this.#reach / (TALLEST - this.#client);
  }

  /** Takes the element's scroll offset. */
  moved(top: number): void {
    const step = top - this.#top;
    const exact = this.#scale > 1 && Math.abs(step) <= 4 * this.#client;
    const least = Math.max(0, this.height - this.#client);
    if (top <= 0) this.position = 0;
    else if (this.#scale > 1 && top >= least) this.position = this.#reach;
    else this.position = exact ? this.position + step : top * this.#scale;
    this.position = Math.max(0, Math.min(this.#reach, this.position));
    this.#top = top;
  }

  /** Goes to a place of the content; returns the scroll offset that the element must be given. */
  to(position: number): number {
    this.position = Math.max(0, Math.min(this.#reach, position));
    this.#top = this.#scale > 1 ? Math.round(this.position / this.#scale) : this.position;
    return this.#top;
  }

  /** The offset at which no line is cut in half. */
  settled(): number {
    return this.to(Math.min(this.#reach, Math.round(this.position / LINE_HEIGHT) * LINE_HEIGHT));
  }
}
