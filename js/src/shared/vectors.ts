import { Provided } from "./provided.ts";

/** What was drawn on each canvas, as SVG elements. */
export type Drawn = ReadonlyMap<HTMLCanvasElement, VectorContext>;

/** A context that takes the calls of CanvasRenderingContext2D that our pictures make, and writes SVG. */
export interface VectorContext {
  readonly markup: string;
}

/** Of a view, what its picture's buttons need. */
export interface Offered {
  root: HTMLElement;
  tools: HTMLElement;
  signal: AbortSignal;
  announce(text: string): void;
}

/** What makes vector pictures. */
export interface Vectors {
  context(width: number, height: number): VectorContext;
  /** A view's title, colour bars and canvases as one SVG document; null where it has no canvas. */
  composed(root: HTMLElement, drawn: Drawn): string | null;
  /** Buttons that save the picture, and the answer to a page that asks for it. */
  offer(view: Offered, pictureNow: () => string | null): void;
  /** An SVG document as pixels, `scale` of them per CSS pixel. */
  pixels(picture: string, scale: number): Promise<HTMLCanvasElement>;
}

export const vectorPictures = new Provided<Vectors>("vectors.1");

export function vectors(): Vectors {
  const found = vectorPictures.now;
  if (!found) throw new Error("The recording of this view is not loaded yet.");
  return found;
}
