/** A picture of device pixels that is drawn into others. Fresh memory costs more than drawing, so it is used again. */
export class Pixels {
  readonly #canvas = document.createElement("canvas");
  #image: ImageData | null = null;

  /** `write` gets four bytes for each pixel, clear ones. */
  paint(width: number, height: number, write: (bytes: Uint8ClampedArray<ArrayBuffer>) => void): void {
    const canvas = this.#canvas;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (this.#image?.width === width && this.#image.height === height) this.#image.data.fill(0);
    else {
      [canvas.width, canvas.height] = [width, height];
      this.#image = new ImageData(width, height);
    }
    write(this.#image.data as Uint8ClampedArray<ArrayBuffer>);
    context?.putImageData(this.#image, 0, 0);
  }

  /** In CSS pixels; a width draws each pixel wider than it is. */
  draw(context: CanvasRenderingContext2D, left: number, top: number, width = 0): void {
    const ratio = devicePixelRatio;
    const { width: across, height } = this.#canvas;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#canvas, left, top, width || across / ratio, height / ratio);
  }
}
