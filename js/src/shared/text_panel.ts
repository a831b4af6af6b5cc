import { element, setText } from "./dom.ts";
import type { Lines } from "./line_layout.ts";
import { atEnd } from "./listen.ts";
import type { Span } from "./local_features.ts";
import { type BlockRange, LINE_HEIGHT, LongScroll, type TextBlocks } from "./text_blocks.ts";
import type { Colouring } from "./text_colours.ts";
import { MARKS, TextLine } from "./text_line.ts";

const MARGIN = 8 * LINE_HEIGHT;
/** Lines beyond those that are seen follow so much later, so that a choice is on the screen the sooner. */
const LATER_MS = 40;
/** Of the scroller, above and below the text; as in the style sheet. */
const BORDER = 6;
/** Coordinates of nodes start anew at multiples of this, since no browser places a node beyond some 17 million. */
const FAR = 4_000_000;

/** What the panel shows. */
export interface PanelScene {
  blocks: readonly (number | null)[];
  colouring: Colouring;
  mask: Uint8Array | null;
  token: number | null;
  neuron: number | null;
  brushed: readonly Span[];
}

/** Sizes in CSS pixels, measured when they change and not while drawing. */
export interface PanelSize {
  width: number;
  height: number;
  cell: number;
  /** Height of the horizontal scroll bar. */
  bar: number;
}

/** The lines that are on screen, of one text for each neuron; the others are not in the page. */
export class TextPanel {
  readonly scroller: HTMLDivElement;
  readonly size: PanelSize = { width: 0, height: 0, cell: 0, bar: 0 };
  readonly #heads = element("div", { class: "rw-block-heads", hidden: true });
  readonly #extent = element("div", { class: "rw-lines" });
  readonly #layer = element("div", { class: "rw-layer" });
  readonly #ruler = element("span", { class: "rw-ruler", "aria-hidden": "true" }, "x".repeat(100));
  readonly #nodes = new Map<number, TextLine>();
  readonly #labels = new Map<number, HTMLElement>();
  readonly #scroll = new LongScroll();
  #lines: Lines | null = null;
  #blocks: TextBlocks | null = null;
  #later = 0;
  #left = 0;
  #base = 0;
  #gutter = 0;

  constructor(signal: AbortSignal, changed: () => void) {
    this.#extent.append(this.#layer);
    this.scroller = element(
      "div",
      { class: "rw-text", tabindex: 0, role: "group" },
      this.#ruler,
      this.#heads,
      this.#extent,
    );
    const { scroller } = this;
    scroller.addEventListener(
      "scroll",
      () => {
        this.#scroll.moved(scroller.scrollTop);
        this.#left = scroller.scrollLeft;
        changed();
      },
      { signal, passive: true },
    );
    scroller.addEventListener("scrollend", () => this.#setTop(this.#scroll.settled()), { signal });
    const observer = new ResizeObserver(() => {
      if (this.measure()) changed();
    });
    observer.observe(scroller);
    observer.observe(this.#ruler);
    atEnd(signal, () => {
      observer.disconnect();
      clearTimeout(this.#later);
    });
  }

  /** Reads the sizes from the page; whether one has changed. */
  measure(): boolean {
    const { clientWidth: width, clientHeight: height, offsetHeight } = this.scroller;
    // What is neither text nor border is the horizontal scroll bar, where the columns need one.
    const bar = Math.max(0, offsetHeight - height - 2 * BORDER);
    const cell = this.#ruler.getBoundingClientRect().width / 100 || 8;
    const { size } = this;
    if (size.width === width && size.height === height && size.cell === cell && size.bar === bar)
      return false;
    Object.assign(size, { width, height, cell, bar });
    return true;
  }

  /** Lays the panel out: `gutter` is the width of the column of neuron numbers, `largest` the greatest height. */
  arrange(lines: Lines, blocks: TextBlocks, gutter: number, largest: number): void {
    const beside = blocks.arrangement === "side by side" && blocks.count > 1;
    const old = this.#blocks;
    // Blocks that come or go leave the others where they are, with what they show until their new numbers come.
    const same =
      lines === this.#lines &&
      blocks.arrangement === old?.arrangement &&
      blocks.stride === old.stride &&
      beside !== this.#heads.hidden;
    const head = beside ? LINE_HEIGHT : 0;
    const width = beside ? `${blocks.count * blocks.stride - 2 * this.size.cell}px` : "";
    const room = Math.max(2, Math.floor((largest - head) / LINE_HEIGHT)) * LINE_HEIGHT;
    const seen = Math.min(room, blocks.height);
    setStyle(this.scroller, "height", `${seen + head + this.size.bar}px`);
    this.#scroll.resize(blocks.height, seen);
    this.#lines = lines;
    this.#blocks = blocks;
    this.#gutter = gutter;
    setStyle(this.#extent, "height", `${this.#scroll.height}px`);
    setStyle(this.#extent, "width", width);
    setStyle(this.#heads, "width", width);
    setStyle(this.#layer, "left", `${gutter}px`);
    if (same) return;
    this.#heads.hidden = !beside;
    this.#forget();
  }

  #forget(): void {
    this.#nodes.clear();
    this.#labels.clear();
    this.#layer.replaceChildren();
    this.#heads.replaceChildren();
  }

  get #seen(): number {
    return this.size.height - (this.#heads.hidden ? 0 : LINE_HEIGHT);
  }

  /** How many whole lines are seen at once. */
  get page(): number {
    return Math.max(1, Math.floor(this.#seen / LINE_HEIGHT) - 1);
  }

  /** Block, line and column at a place of the screen, the nearest ones where there is none. */
  at(x: number, y: number): { block: number; line: number; column: number } | null {
    if (!this.#blocks) return null;
    const box = this.#extent.getBoundingClientRect();
    const across = x - box.left - this.#gutter;
    const { block, line } = this.#blocks.at(across, y - box.top - this.#scroll.shift);
    return { block, line, column: Math.floor((across - this.#blocks.left(block)) / this.size.cell) };
  }

  get blocks(): TextBlocks | null {
    return this.#blocks;
  }

  /** The lines of each block that are seen. */
  get ranges(): BlockRange[] {
    const { position } = this.#scroll;
    const [left, right] = [this.#left, this.#left + this.size.width];
    return this.#blocks?.within(position, position + this.#seen, left, right) ?? [];
  }

  /** Scrolls just so far that the line of the block can be seen, in the middle where it was far off. */
  reveal(block: number, line: number): void {
    const blocks = this.#blocks;
    if (!blocks) return;
    const whole = ({ block: shown }: BlockRange) => {
      const place = blocks.top(shown, line) - this.#scroll.position;
      return place >= 0 && place + LINE_HEIGHT <= this.#seen;
    };
    if (this.#heads.hidden && this.ranges.some(whole)) return;
    const [top, { position }, seen] = [blocks.top(block, line), this.#scroll, this.#seen];
    const low = position + seen - LINE_HEIGHT;
    if (top < position - LINE_HEIGHT || top > low + LINE_HEIGHT)
      this.#setTop(this.#scroll.to(top - Math.floor(seen / LINE_HEIGHT / 2) * LINE_HEIGHT));
    else if (top < position) this.#setTop(this.#scroll.to(top));
    else if (top > low) this.#setTop(this.#scroll.to(top - seen + LINE_HEIGHT));
    if (this.#heads.hidden) return;
    const [left, right] = [blocks.left(block), blocks.left(block) + blocks.stride];
    if (left < this.#left || right > this.#left + this.size.width) this.scroller.scrollLeft = left;
  }

  /** Scrolls so that the line is the first one seen. */
  show(block: number, line: number): void {
    if (this.#blocks) this.#setTop(this.#scroll.to(this.#blocks.top(block, line)));
  }

  /** Scrolls by whole lines. */
  scrollBy(lines: number): void {
    this.#setTop(this.#scroll.to(this.#scroll.position + lines * LINE_HEIGHT));
  }

  #setTop(top: number): void {
    if (Math.abs(this.scroller.scrollTop - top) >= 1) this.scroller.scrollTop = top;
  }

  draw(scene: PanelScene): void {
    const [lines, blocks] = [this.#lines, this.#blocks];
    if (!lines || !blocks) return;
    const { position, shift } = this.#scroll;
    const base = Math.floor(position / FAR) * FAR;
    if (base !== this.#base) {
      this.#base = base;
      this.#forget();
    }
    setStyle(this.#layer, "top", `${shift + base}px`);
    const [left, right] = [this.#left, this.#left + this.size.width];
    const bottom = position + this.#seen;
    const ranges = blocks.within(position - MARGIN, bottom + MARGIN, left, right);
    const wanted = new Set<number>();
    const made: TextLine[] = [];
    const unseen: TextLine[] = [];
    for (const { block, start, stop } of ranges) {
      for (let line = start; line < stop; line++) {
        const key = block * lines.count + line;
        wanted.add(key);
        let drawn = this.#nodes.get(key);
        if (!drawn) {
          drawn = new TextLine(block, line, lines);
          drawn.node.style.top = `${blocks.top(block, line) - base}px`;
          drawn.node.style.left = `${blocks.left(block)}px`;
          this.#nodes.set(key, drawn);
          made.push(drawn);
          this.#paint(drawn, scene);
          continue;
        }
        const top = blocks.top(block, line);
        if (top + LINE_HEIGHT > position && top < bottom) this.#paint(drawn, scene);
        else unseen.push(drawn);
      }
    }
    this.#layer.append(...made.map(({ node }) => node));
    for (const [key, { node }] of this.#nodes) {
      if (wanted.has(key)) continue;
      node.remove();
      this.#nodes.delete(key);
    }
    this.#label(scene, blocks, ranges);
    clearTimeout(this.#later);
    this.#later = window.setTimeout(() => {
      for (const drawn of unseen) this.#paint(drawn, scene);
    }, LATER_MS);
  }

  #paint(drawn: TextLine, { blocks, colouring, mask, token, brushed }: PanelScene): void {
    const neuron = blocks[drawn.block] ?? null;
    drawn.setNeuron(neuron);
    const { low, high, lut } = colouring;
    const nothing = neuron === null && colouring.perNeuron;
    const values = nothing ? null : colouring.values(neuron ?? 0);
    // While a row is on its way, the picture that is there stays.
    if (nothing || values) drawn.colour(values, low, high, lut);
    drawn.mark((index) => {
      let marks = (mask?.[index] ? MARKS.match : 0) | (index === token ? MARKS.selected : 0);
      for (const [start, stop] of brushed) {
        if (index < start || index >= stop) continue;
        marks |= MARKS.brushed;
        if (index === start) marks |= MARKS.brushStarts;
        if (index === stop - 1) marks |= MARKS.brushEnds;
      }
      return marks;
    });
  }

  /** Numbers of the neurons: in a column at the left, each as long in sight as its block, or above the columns. */
  #label(scene: PanelScene, blocks: TextBlocks, ranges: readonly { block: number }[]): void {
    const shown = new Set(blocks.count > 1 ? ranges.map(({ block }) => block) : []);
    const beside = !this.#heads.hidden;
    for (const block of shown) {
      let label = this.#labels.get(block);
      if (!label) {
        label = element("div", { class: "rw-block-label" }, element("span"));
        this.#labels.set(block, label);
        (beside ? this.#heads : this.#layer).append(label);
      }
      const neuron = scene.blocks[block];
      const chosen = neuron === scene.neuron;
      setText(label.firstElementChild as HTMLElement, `Neuron ${neuron}`);
      label.classList.toggle("rw-chosen", chosen);
      if (beside) {
        setStyle(label, "left", `${blocks.left(block)}px`);
        continue;
      }
      const from = Math.max(blocks.top(block, 0), this.#scroll.position - 2 * FAR);
      const to = Math.min(blocks.top(block, blocks.lines), this.#scroll.position + 2 * FAR);
      setStyle(label, "left", `${-this.#gutter}px`);
      setStyle(label, "width", `${this.#gutter}px`);
      setStyle(label, "top", `${from - this.#base}px`);
      setStyle(label, "height", `${to - from}px`);
    }
    for (const [block, label] of this.#labels) {
      if (shown.has(block)) continue;
      label.remove();
      this.#labels.delete(block);
    }
  }
}

function setStyle(node: HTMLElement, name: "top" | "left" | "width" | "height", value: string): void {
  if (node.style[name] !== value) node.style[name] = value;
}
