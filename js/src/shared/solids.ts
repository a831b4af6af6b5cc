import type { Turn } from "./camera.ts";
import type { fitCanvas } from "./canvas.ts";
import { Provided } from "./provided.ts";
import type { SpectrumContent } from "./spectrum_content.ts";
import type { Marks, PlacedPeak } from "./spectrum_picture.ts";
import type { Peak } from "./types.ts";
import type { Scene } from "./view.ts";

/** The surface in three dimensions on a view's canvas. */
export interface Solid {
  /** Where the marks of peaks are. */
  readonly places: readonly PlacedPeak[];
  /** Rows and bins of the mesh that was drawn last. */
  readonly detail: readonly [number, number];
  /** Whether the browser has taken the graphics away, and may give them back. */
  readonly isLost: boolean;
  /** Draws, coarsely while it moves; false where there is no WebGL2, or its context is lost. */
  draw(content: SpectrumContent, scene: Scene, marks: Marks, turn: Turn, isMoving: boolean): boolean;
  /** The peak whose mark is at a point of the canvas. */
  peakAt(x: number, y: number): Peak | null;
  /** The neuron and the frequency bin of the surface under a point of the canvas, or null beside it. */
  cellAt(x: number, y: number): { neuron: number; bin: number } | null;
}

/**
 * Makes pictures in three dimensions. The view gives its own way to the context, which knows when the view is drawn as
 * vectors.
 */
export type MakeSolid = (
  canvas: HTMLCanvasElement,
  fit: typeof fitCanvas,
  signal: AbortSignal,
  changed: () => void,
) => Solid;

export const solids = new Provided<MakeSolid>("solids.2");

/** Where none are provided there is no third dimension, and all else works. */
export const makeSolid: MakeSolid = (...parts) => {
  let made: Solid | undefined;
  const solid = () => {
    made ??= solids.now?.(...parts);
    return made;
  };
  return {
    get places() {
      return solid()?.places ?? [];
    },
    get detail() {
      return solid()?.detail ?? [0, 0];
    },
    get isLost() {
      return solid()?.isLost ?? false;
    },
    draw: (...drawn) => solid()?.draw(...drawn) ?? false,
    peakAt: (x, y) => solid()?.peakAt(x, y) ?? null,
    cellAt: (x, y) => solid()?.cellAt(x, y) ?? null,
  };
};
