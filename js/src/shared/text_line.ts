import { colourAt, css, type Lut, lutIndex, textOn } from "./colour.ts";
import { element } from "./dom.ts";
import { type Lines, opensDocument, piecesOf } from "./line_layout.ts";
import { type ShownPart, shownParts } from "./signs.ts";

/** What stands at a token beside its colour; bits that are added. */
export const MARKS = { match: 1, selected: 2, brushed: 4, brushStarts: 8, brushEnds: 16 } as const;
const CLASSES: readonly (readonly [number, string])[] = [
  [MARKS.match, "rw-match"],
  [MARKS.selected, "rw-selected"],
  [MARKS.brushed, "rw-brushed"],
  [MARKS.brushStarts, "rw-brush-starts"],
  [MARKS.brushEnds, "rw-brush-ends"],
];
const NO_COLOUR = -1;

/** Background and text colour of each of a table's 256 colours, written once. */
export interface Paint {
  backgrounds: readonly string[];
  inks: readonly string[];
}

const paints = new WeakMap<Lut, Paint>();

export function paintOf(lut: Lut): Paint {
  const known = paints.get(lut);
  if (known) return known;
  const colours = Array.from({ length: 256 }, (_, index) => colourAt(lut, index));
  const paint = { backgrounds: colours.map(css), inks: colours.map(textOn) };
  paints.set(lut, paint);
  return paint;
}

/** One line of one block in the page. It remembers what it shows, and writes only what differs. */
export class TextLine {
  readonly node: HTMLElement;
  readonly tokens: number[] = [];
  readonly #spans: HTMLElement[] = [];
  readonly #colours: Int16Array;
  readonly #marks: Uint8Array;
  #shown: { paint: Paint; values: Float32Array | null; low: number; high: number } | null = null;
  #neuron: number | null | undefined;

  constructor(
    readonly block: number,
    readonly line: number,
    lines: Lines,
  ) {
    this.node = element("div", { class: opensDocument(lines, line) ? "rw-line rw-opens" : "rw-line" });
    for (const { token, raw, cells } of piecesOf(lines, line)) {
      const span = element("span", { class: token < 0 ? "rw-between" : "rw-token" });
      fill(span, raw, cells);
      this.node.append(span);
      if (token < 0) continue;
      span.dataset.token = String(token);
      this.tokens.push(token);
      this.#spans.push(span);
    }
    this.#colours = new Int16Array(this.tokens.length).fill(NO_COLOUR);
    this.#marks = new Uint8Array(this.tokens.length);
  }

  setNeuron(neuron: number | null): void {
    if (neuron === this.#neuron) return;
    this.#neuron = neuron;
    this.node.dataset.neuron = String(neuron ?? "");
  }

  /** Colours by values of all tokens, NaN for none; `values` null takes the colours away. */
  colour(values: Float32Array | null, low: number, high: number, lut: Lut): void {
    const paint = paintOf(lut);
    const repaint = paint !== this.#shown?.paint;
    const { values: old, low: oldLow, high: oldHigh } = this.#shown ?? {};
    if (!repaint && values === old && low === oldLow && high === oldHigh) return;
    this.#shown = { paint, values, low, high };
    for (const [place, token] of this.tokens.entries()) {
      const none = !values || Number.isNaN(values[token]);
      const index = none ? NO_COLOUR : lutIndex(values[token], low, high);
      if (index === this.#colours[place] && !repaint) continue;
      this.#colours[place] = index;
      const { style } = this.#spans[place];
      style.backgroundColor = none ? "" : paint.backgrounds[index];
      style.color = none ? "" : paint.inks[index];
    }
  }

  mark(marksAt: (token: number) => number): void {
    for (const [place, token] of this.tokens.entries()) {
      const marks = marksAt(token);
      const changed = marks ^ this.#marks[place];
      if (changed === 0) continue;
      this.#marks[place] = marks;
      for (const [bit, name] of CLASSES) {
        if (changed & bit) this.#spans[place].classList.toggle(name, (marks & bit) !== 0);
      }
    }
  }
}

const PLAIN = /^[!-~]*$/;

function fill(span: HTMLElement, raw: string, cells: number): void {
  if (raw === " ") {
    span.classList.add("rw-space");
    span.textContent = raw;
  } else if (raw !== "" && PLAIN.test(raw)) span.textContent = raw;
  else {
    span.append(...shownParts(raw).map(partNode));
    // A box is as wide as its cells, so that boxes stand where the layout says, in any script and font.
    span.style.minWidth = `${cells}ch`;
  }
}

function partNode({ text, of }: ShownPart): Node {
  if (of === null) return document.createTextNode(text);
  // A space is a space to those who listen or search; its sign is drawn by the style sheet.
  if (of === " ") return element("span", { class: "rw-space" }, " ");
  return element("span", { class: "rw-sign" }, text);
}
