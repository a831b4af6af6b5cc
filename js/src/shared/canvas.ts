import { Kept } from "./kept.ts";
import { type Drawn, type VectorContext, vectors } from "./vectors.ts";

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Colours and font of drawn text, from the style sheet. */
export interface Ink {
  text: string;
  quiet: string;
  edge: string;
  paper: string;
  accent: string;
  font: string;
}

export function inkOf(root: HTMLElement): Ink {
  const style = getComputedStyle(root);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: read("--rw-ink"),
    quiet: read("--rw-quiet"),
    edge: read("--rw-edge"),
    paper: read("--rw-paper"),
    accent: read("--rw-accent"),
    font: style.fontFamily,
  };
}

let beingDrawn: Map<HTMLCanvasElement, VectorContext> | null = null;

/**
 * What `draw` draws on canvases, as vectors. Meanwhile `fitCanvas` hands out contexts that write SVG and leaves the
 * canvases as they are.
 */
export function drawnAsVectors(draw: () => void): Drawn {
  const drawn = new Map<HTMLCanvasElement, VectorContext>();
  beingDrawn = drawn;
  try {
    draw();
  } finally {
    beingDrawn = null;
  }
  return drawn;
}

export function isDrawnAsVectors(): boolean {
  return beingDrawn !== null;
}

/** A picture on a canvas. It is drawn anew when one of the things that it shows is another one, or as vectors. */
export class Picture {
  readonly #kept = new Kept<void>();

  draw(parts: readonly unknown[], paint: () => void): void {
    if (isDrawnAsVectors()) paint();
    else this.#kept.of([devicePixelRatio, ...parts], paint);
  }
}

/**
 * Sizes the canvas in device pixels and returns a cleared context that is drawn on in CSS pixels. While a vector
 * picture is made it is an `SvgContext`, which has the methods that our pictures use.
 */
export function fitCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D {
  if (beingDrawn) {
    const context = vectors().context(width, height);
    beingDrawn.set(canvas, context);
    return context as unknown as CanvasRenderingContext2D;
  }
  const ratio = devicePixelRatio;
  const size = [Math.round(width * ratio), Math.round(height * ratio)] as const;
  if (canvas.width !== size[0]) canvas.width = size[0];
  if (canvas.height !== size[1]) canvas.height = size[1];
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser has no 2-D canvas.");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

type Align = { align?: CanvasTextAlign; baseline?: CanvasTextBaseline; turned?: boolean };

export function label(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  { align = "center", baseline = "middle", turned = false }: Align = {},
): void {
  context.save();
  context.translate(x, y);
  if (turned) context.rotate(-Math.PI / 2);
  context.textAlign = align;
  context.textBaseline = baseline;
  context.fillText(text, 0, 0);
  context.restore();
}
