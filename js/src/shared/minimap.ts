import { type Box, Picture } from "./canvas.ts";
import { CellLayer } from "./cell_layer.ts";
import { drawFrame } from "./frame.ts";
import type { Cells } from "./heatmap_cells.ts";
import { Kept } from "./kept.ts";
import { layoutRows, type RowLayout } from "./layout.ts";
import { atEnd } from "./listen.ts";
import { type Minimap, type MinimapContent, minimaps } from "./minimaps.ts";
import type { Viewport } from "./viewport.ts";

const WIDTH = 150;
const HEIGHT = 56;
const EDGE = 3;
/** The small picture follows the large one when there is time, so that a choice need not wait for it. */
const LATER_MS = 120;

/** Gives the heat maps of the page their small pictures. */
export function provideMinimaps(): void {
  minimaps.provide((...parts) => new SmallPicture(...parts));
}

class SmallPicture implements Minimap {
  readonly #layer = new CellLayer();
  readonly #layout = new Kept<RowLayout>();
  readonly #picture = new Picture();
  readonly #box: Box = { left: EDGE, top: EDGE, width: WIDTH, height: HEIGHT };
  #newest: MinimapContent | null = null;
  #pooled: MinimapContent | null = null;
  #timer = 0;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly viewport: Viewport,
    signal: AbortSignal,
  ) {
    atEnd(signal, () => clearTimeout(this.#timer));
  }

  sharesAt(x: number, y: number): { down: number; right: number } {
    return { down: (y - EDGE) / HEIGHT, right: (x - EDGE) / WIDTH };
  }

  draw(content: MinimapContent): void {
    const before = this.#pooled;
    const isOther = before?.cells.all.key !== content.cells.all.key || before.rows !== content.rows;
    this.#newest = content;
    if (isOther) {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.#paint(true), before ? LATER_MS : 0);
    }
    this.#paint(false);
  }

  #paint(isNew: boolean): void {
    const content = this.#newest;
    if (!content) return;
    if (isNew) this.#pool(content);
    const { rows, columns } = this.viewport;
    const { lut, limits, ink } = content;
    const parts = [this.#layer.values, lut, `${limits}`, ink, content.rows, content.columnCount];
    this.#picture.draw([...parts, rows.start, rows.stop, columns.start, columns.stop], () =>
      this.#draw(content),
    );
  }

  #draw({ rows, columnCount, lut, limits, ink }: MinimapContent): void {
    const { canvas, viewport } = this;
    const ratio = devicePixelRatio;
    const [width, height] = [WIDTH + 2 * EDGE, HEIGHT + 2 * EDGE];
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.scale(ratio, ratio);
    this.#layer.draw(context, this.#box, lut, limits);
    const count = Math.max(1, rows.neurons.length);
    const { rows: down, columns: right } = viewport;
    drawFrame(
      context,
      {
        left: EDGE + (right.start / columnCount) * WIDTH,
        top: EDGE + (down.start / count) * HEIGHT,
        width: Math.max(4, ((right.stop - right.start) / columnCount) * WIDTH),
        height: Math.max(4, ((down.stop - down.start) / count) * HEIGHT),
      },
      ink,
    );
  }

  #pool(content: MinimapContent): void {
    const { cells, rows } = content;
    let stripOf: ReturnType<Cells["strips"]> | null = null;
    this.#layer.pool(this.#box, {
      layout: this.#layout.of([rows.neurons.length], () => layoutRows([rows.neurons.length], HEIGHT, 0)),
      neurons: rows.neurons,
      key: [cells.all.key],
      stripOf: (neuron, pixels) => {
        stripOf ??= cells.all.strips(pixels);
        return stripOf(neuron);
      },
    });
    this.#pooled = content;
  }
}
