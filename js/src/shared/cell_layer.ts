import type { Box } from "./canvas.ts";
import type { Lut } from "./colour.ts";
import { Kept } from "./kept.ts";
import type { RowLayout } from "./layout.ts";
import { Pixels } from "./pixels.ts";
import { colour, limitsOf, type Pooled, pool } from "./raster.ts";
import { type Strip, TakenRows } from "./taken_rows.ts";

/** Limits of the colour scale; null where each line of the picture has its own. */
export type Limits = readonly [number, number] | null;

/**
 * What a layer shows: the neuron in each row of `layout`, whose cells `stripOf` gives. `key` is all that the cells of
 * a neuron follow from.
 */
export interface LayerContent {
  layout: RowLayout;
  neurons: readonly number[];
  key: readonly unknown[];
  stripOf(neuron: number, width: number): Strip;
}

/** A heat map's pixels. Its values are taken again only when they have changed, its colours when either has. */
export class CellLayer {
  readonly #pixels = new Pixels();
  readonly #taken = new Kept<TakenRows>();
  readonly #pooled = new Kept<Pooled>();
  readonly #limits = new Kept<readonly [number, number] | null>();
  readonly #drawn = new Kept<void>();
  /** What was pooled last. */
  values: Pooled | null = null;

  /** Takes the values for a box, as far as that is needed. */
  pool({ width, height }: Box, { layout, neurons, key, stripOf }: LayerContent): void {
    const ratio = devicePixelRatio;
    const size = { width: pixels(width, ratio), height: pixels(height, ratio) };
    const taken = this.#taken.of(
      [size.width, ...key],
      () => new TakenRows(size.width, (neuron) => stripOf(neuron, size.width), this.#taken.value),
    );
    this.values = this.#pooled.of([taken, size.height, layout, neurons], () =>
      pool({ ...size, layout, ratio }, neurons, taken, this.values),
    );
  }

  /** Lowest and highest value that is shown. */
  get limits(): readonly [number, number] | null {
    const values = this.values;
    return values && this.#limits.of([values], () => limitsOf(values));
  }

  /** Draws what was pooled into the box; `width` where it was pooled for a narrower one. */
  draw(context: CanvasRenderingContext2D, box: Box, lut: Lut, limits: Limits, width = 0): void {
    const values = this.values;
    if (!values) return;
    this.#drawn.of([values, lut, `${limits}`], () => {
      this.#pixels.paint(values.width, values.lines.length, (bytes) => colour(bytes, values, lut, limits));
    });
    this.#pixels.draw(context, box.left, box.top, width);
  }
}

function pixels(size: number, ratio: number): number {
  return Math.max(1, Math.round(size * ratio));
}
