import { setAttribute } from "./dom.ts";
import type { HeatmapContent, HeatmapPicture } from "./heatmap_picture.ts";

const MOST_CENTRES = 400;

/** What the page and screen readers are told of the picture, written only when it is another one. */
export class HeatmapState {
  readonly #root: HTMLElement;
  readonly #written = new Map<string, unknown>();
  #geometry = "";

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** Writes a value as JSON into a data attribute; one that is the same object as before is not looked at. */
  show(name: string, value: unknown): void {
    if (this.#written.get(name) === value) return;
    this.#written.set(name, value);
    setAttribute(this.#root, `data-${name}`, JSON.stringify(value));
  }

  describe(
    canvas: HTMLCanvasElement,
    { rows, columns }: HeatmapContent,
    { box, layout, viewport, limits, cells }: HeatmapPicture,
    words: string,
    keys: string,
  ): void {
    this.show("rows", rows.neurons);
    this.show("columns", columns.count);
    this.show("limits", limits);
    this.show("exact", cells?.tokensPerCell ?? null);
    const view = [viewport.rows.start, viewport.rows.stop, viewport.columns.start, viewport.columns.stop];
    this.show("view", view);
    const key = [box.left, box.top, box.width, box.height, rows.neurons.length, ...view].join();
    if (key !== this.#geometry) {
      this.#geometry = key;
      const { tops, rowHeight } = layout;
      const centres =
        tops.length <= MOST_CENTRES ? Array.from(tops, (top) => box.top + top + rowHeight / 2) : [];
      this.#root.dataset.geometry = JSON.stringify({ ...box, centres });
    }
    setAttribute(canvas, "aria-label", `Heat map: ${words || "nothing to show"}. ${keys}`);
  }
}
