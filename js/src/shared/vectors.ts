/** What was drawn on each canvas, as SVG elements. */
export type Drawn = ReadonlyMap<HTMLCanvasElement, VectorContext>;

/** A context that takes the calls of CanvasRenderingContext2D that our pictures make, and writes SVG. */
export interface VectorContext {
  readonly markup: string;
}

/** What makes vector pictures. It comes with the recording's module, once, and not with that of each view. */
export interface Vectors {
  context(width: number, height: number): VectorContext;
  /** A view's title, colour bars and canvases as one SVG document; null where it has no canvas. */
  composed(root: HTMLElement, drawn: Drawn): string | null;
  /** An SVG document as pixels, `scale` of them per CSS pixel. */
  pixels(picture: string, scale: number): Promise<HTMLCanvasElement>;
}

const KEY = Symbol.for("rnn_widgets.vectors.1");
const page = globalThis as unknown as Record<symbol, Vectors | undefined>;

export function provideVectors(vectors: Vectors): void {
  page[KEY] ??= vectors;
}

/** Whether there are any: not every host loads the module of a model without a view. */
export function hasVectors(): boolean {
  return page[KEY] !== undefined;
}

export function vectors(): Vectors {
  const found = page[KEY];
  if (!found) throw new Error("The recording of this view is not loaded yet.");
  return found;
}
