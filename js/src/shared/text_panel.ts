import { colourAt, css, type Lut, lutIndex, textOn } from "./colour.ts";
import { element } from "./dom.ts";
import type { Line } from "./lines.ts";
import { type Matrix, rowOf } from "./matrix.ts";
import type { SignalInfo } from "./types.ts";

export const LINE_HEIGHT = 27;
const MARGIN_LINES = 8;

export interface Coloured {
  blocks: readonly number[];
  values: Matrix | null;
  info: SignalInfo;
  lut: Lut;
  matches: ReadonlySet<number>;
  token: number | null;
  neuron: number | null;
}

/** The lines that are on screen, one block of the whole text per neuron; the others are not in the page. */
export class TextPanel {
  readonly scroller: HTMLDivElement;
  readonly #canvas = element("div", { class: "rw-lines" });
  readonly #nodes = new Map<string, HTMLElement>();
  #lines: readonly Line[] = [];

  constructor() {
    this.scroller = element("div", { class: "rw-text", tabindex: 0, role: "group" }, this.#canvas);
  }

  setLines(lines: readonly Line[]): void {
    this.#lines = lines;
    this.#nodes.clear();
    this.#canvas.replaceChildren();
  }

  /** Lines that one block takes, with its heading where there are several blocks. */
  #blockLines(blocks: number): number {
    return this.#lines.length + (blocks > 1 ? 1 : 0);
  }

  draw(coloured: Coloured, largestHeight: number): void {
    const { blocks } = coloured;
    const count = Math.max(1, blocks.length);
    const perBlock = this.#blockLines(count);
    const total = count * perBlock;
    this.#canvas.style.height = `${total * LINE_HEIGHT}px`;
    this.scroller.style.height = `${Math.min(largestHeight, total * LINE_HEIGHT + 16)}px`;
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / LINE_HEIGHT) - MARGIN_LINES);
    const shown = Math.ceil(this.scroller.clientHeight / LINE_HEIGHT) + 2 * MARGIN_LINES;
    const wanted = new Set<string>();
    for (let item = first; item < Math.min(total, first + shown); item++) {
      const block = Math.floor(item / perBlock);
      const line = (item % perBlock) - (perBlock - this.#lines.length);
      const key = `${block}:${line}:${count > 1}`;
      wanted.add(key);
      let node = this.#nodes.get(key);
      if (!node) {
        node = line < 0 ? element("div", { class: "rw-block-title" }) : this.#makeLine(this.#lines[line]);
        node.style.top = `${item * LINE_HEIGHT}px`;
        this.#nodes.set(key, node);
        this.#canvas.append(node);
      }
      this.#paint(node, line, blocks[block] ?? null, coloured);
    }
    for (const [key, node] of this.#nodes) {
      if (wanted.has(key)) continue;
      node.remove();
      this.#nodes.delete(key);
    }
  }

  /** Scrolls so that the line can be seen in one of the blocks. */
  reveal(line: number, blocks: number): void {
    const perBlock = this.#blockLines(Math.max(1, blocks));
    const { scrollTop, clientHeight } = this.scroller;
    const tops = Array.from(
      { length: Math.max(1, blocks) },
      (_, block) => (block * perBlock + perBlock - this.#lines.length + line) * LINE_HEIGHT,
    );
    const seen = tops.some((top) => top >= scrollTop && top + LINE_HEIGHT <= scrollTop + clientHeight);
    if (!seen) this.scroller.scrollTop = tops[0] - (clientHeight - LINE_HEIGHT) / 2;
  }

  #makeLine(line: Line): HTMLElement {
    const node = element("div", { class: line.opens ? "rw-line rw-opens" : "rw-line" });
    for (const { token, text } of line.pieces) {
      if (token < 0) {
        node.append(text);
        continue;
      }
      const escaped = /^\\[nrt]/.test(text);
      node.append(
        element("span", { class: escaped ? "rw-token rw-escape" : "rw-token", "data-token": token }, text),
      );
    }
    return node;
  }

  #paint(node: HTMLElement, line: number, neuron: number | null, coloured: Coloured): void {
    const { values, info, lut, matches, token } = coloured;
    node.dataset.neuron = String(neuron ?? "");
    if (line < 0) {
      const title = `Neuron ${neuron}${neuron === coloured.neuron ? " · selected" : ""}`;
      if (node.textContent !== title) node.textContent = title;
      return;
    }
    const row = values && neuron !== null && neuron < values.rows ? rowOf(values, neuron) : null;
    for (const child of node.children) {
      const span = child as HTMLElement;
      const index = Number(span.dataset.token);
      const colour = row ? colourAt(lut, lutIndex(row[index], info.low, info.high)) : null;
      span.style.backgroundColor = colour ? css(colour) : "";
      span.style.color = colour ? textOn(colour) : "";
      span.classList.toggle("rw-match", matches.has(index));
      span.classList.toggle("rw-selected", index === token);
    }
  }
}
