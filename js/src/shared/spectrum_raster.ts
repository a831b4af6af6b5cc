import type { Box } from "./canvas.ts";
import type { Lut } from "./colour.ts";
import { Kept } from "./kept.ts";
import { type RowLayout, rowsBetween } from "./layout.ts";
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
 * Pixels of rows x frequencies, transparent between groups; `view` is the stretch of bins in view. A pixel that covers
 * several cells shows the strongest.
 */
export function spectrumPixels(
  content: SpectrumContent,
  layout: RowLayout,
  { start, stop }: Stretch,
  lut: Lut,
  { width, height, ratio }: Size,
): Uint8ClampedArray<ArrayBuffer> {
  const bytes = new Uint8ClampedArray(width * height * 4);
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
  return bytes;
}

/** 256 colours as pixels, in the byte order of the machine. */
function packed(lut: Lut): Uint32Array {
  const bytes = new Uint8Array(256 * 4);
  for (let index = 0; index < 256; index++) {
    bytes.set([lut[3 * index], lut[3 * index + 1], lut[3 * index + 2], 255], 4 * index);
  }
  return new Uint32Array(bytes.buffer);
}

/** The picture of the cells, made again only when what it shows has changed. */
export class SpectrumRaster {
  readonly #canvas = document.createElement("canvas");
  readonly #drawn = new Kept<true>();

  draw(
    context: CanvasRenderingContext2D,
    box: Box,
    content: SpectrumContent,
    layout: RowLayout,
    view: Stretch,
    lut: Lut,
  ): void {
    const ratio = devicePixelRatio || 1;
    const width = Math.max(1, Math.round(box.width * ratio));
    const height = Math.max(1, Math.round(box.height * ratio));
    this.#drawn.of([content, layout, view.start, view.stop, lut, width, height], () => {
      this.#canvas.width = width;
      this.#canvas.height = height;
      const pixels = spectrumPixels(content, layout, view, lut, { width, height, ratio });
      this.#canvas
        .getContext("2d", { willReadFrequently: true })
        ?.putImageData(new ImageData(pixels, width, height), 0, 0);
      return true;
    });
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#canvas, box.left, box.top, width / ratio, height / ratio);
  }
}
