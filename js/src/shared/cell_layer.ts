import type { Box } from "./canvas.ts";
import type { Lut } from "./colour.ts";
import { Kept } from "./kept.ts";
import type { RowLayout } from "./layout.ts";
import { coloured, limitsOf, type Pooled, pool, type Strip } from "./raster.ts";

/** Limits of the colour scale; null where each line of the picture has its own. */
export type Limits = readonly [number, number] | null;

/** What a layer shows: the rows of `layout`, whose cells `stripOf` gives; `key` is all that these follow from. */
export interface LayerContent {
  layout: RowLayout;
  key: readonly unknown[];
  stripOf(row: number, width: number): Strip | null;
}

/** A heat map's pixels. Its values are taken again only when they have changed, its colours when either has. */
export class CellLayer {
  readonly #canvas = document.createElement("canvas");
  readonly #pooled = new Kept<Pooled>();
  readonly #limits = new Kept<readonly [number, number] | null>();
  readonly #drawn = new Kept<true>();
  #values: Pooled | null = null;

  /** Takes the values for a box, as far as that is needed. */
  pool({ width, height }: Box, { layout, key, stripOf }: LayerContent): void {
    const ratio = devicePixelRatio || 1;
    const size = { width: pixels(width, ratio), height: pixels(height, ratio) };
    this.#values = this.#pooled.of([size.width, size.height, layout, ...key], () =>
      pool({ ...size, layout, ratio }, (row) => stripOf(row, size.width)),
    );
  }

  /** Lowest and highest value that is shown. */
  get limits(): readonly [number, number] | null {
    const values = this.#values;
    return values && this.#limits.of([values], () => limitsOf(values));
  }

  /** Draws what was pooled into the box. */
  draw(context: CanvasRenderingContext2D, box: Box, lut: Lut, limits: Limits): void {
    const values = this.#values;
    if (!values) return;
    const ratio = devicePixelRatio || 1;
    const [width, height] = [values.width, values.lines.length];
    this.#drawn.of([values, lut, limits?.[0], limits?.[1]], () => {
      this.#canvas.width = width;
      this.#canvas.height = height;
      const image = new ImageData(coloured(values, lut, limits), width, height);
      this.#canvas.getContext("2d", { willReadFrequently: true })?.putImageData(image, 0, 0);
      return true;
    });
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#canvas, box.left, box.top, width / ratio, height / ratio);
  }
}

function pixels(size: number, ratio: number): number {
  return Math.max(1, Math.round(size * ratio));
}
