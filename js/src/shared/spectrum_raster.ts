import type { Box } from "./canvas.ts";
import type { Lut } from "./colour.ts";
import { Kept } from "./kept.ts";
import { type RowLayout, rowsBetween } from "./layout.ts";
import { Pixels } from "./pixels.ts";
import { packed } from "./raster.ts";
import type { SpectrumContent } from "./spectrum_content.ts";
import { poolBins } from "./spectrum_pool.ts";
import { shareOf } from "./spectrum_scale.ts";
import type { Stretch } from "./zoom.ts";

/** A picture's size in device pixels, and their number per unit of the layout. */
interface Size {
  width: number;
  height: number;
  ratio: number;
}

/**
 * Writes pixels of rows x frequencies, none between groups; `view` is the stretch of bins in view. A pixel that covers
 * several cells shows the strongest.
 */
export function colourSpectra(
  bytes: Uint8ClampedArray<ArrayBuffer>,
  content: SpectrumContent,
  layout: RowLayout,
  { start, stop }: Stretch,
  lut: Lut,
  { width, height, ratio }: Size,
): void {
  const pixels = new Uint32Array(bytes.buffer);
  const colours = packed(lut);
  const strongest = new Float32Array(width);
  const row = new Float32Array(width);
  let drawn = -1;
  let previous = 0;
  for (let y = 0; y < height; y++) {
    const [first, end] = rowsBetween(layout, y / ratio, 1 / ratio);
    if (first === end) continue;
    const line = pixels.subarray(y * width, (y + 1) * width);
    if (first === drawn && end === first + 1) {
      line.set(pixels.subarray(previous * width, (previous + 1) * width));
      continue;
    }
    drawn = end === first + 1 ? first : -1;
    previous = y;
    poolBins(content.columns[first], width, start, stop, strongest);
    for (let index = first + 1; index < end; index++) {
      poolBins(content.columns[index], width, start, stop, row);
      for (let x = 0; x < width; x++) if (row[x] > strongest[x]) strongest[x] = row[x];
    }
    for (let x = 0; x < width; x++) line[x] = colours[Math.round(255 * shareOf(strongest[x], content.scale))];
  }
}

/** The picture of the cells, made again only when what it shows has changed. */
export class SpectrumRaster {
  readonly #pixels = new Pixels();
  readonly #drawn = new Kept<void>();

  draw(
    context: CanvasRenderingContext2D,
    box: Box,
    content: SpectrumContent,
    layout: RowLayout,
    view: Stretch,
    lut: Lut,
  ): void {
    const ratio = devicePixelRatio;
    const width = Math.max(1, Math.round(box.width * ratio));
    const height = Math.max(1, Math.round(box.height * ratio));
    this.#drawn.of([content, layout, view.start, view.stop, lut, width, height], () => {
      this.#pixels.paint(width, height, (bytes) =>
        colourSpectra(bytes, content, layout, view, lut, { width, height, ratio }),
      );
    });
    this.#pixels.draw(context, box.left, box.top);
  }
}
