import type { Ink } from "./canvas.ts";
import type { Lut } from "./colour.ts";
import type { Cells } from "./heatmap_cells.ts";
import type { Rows } from "./heatmap_rows.ts";
import { Provided } from "./provided.ts";
import type { Viewport } from "./viewport.ts";

/** What the whole picture shows, and how. */
export interface MinimapContent {
  cells: Cells;
  rows: Rows;
  columnCount: number;
  lut: Lut;
  limits: readonly [number, number] | null;
  ink: Ink;
}

/** The whole picture in small, with a frame around what is in view. */
export interface Minimap {
  /** Shares 0..1 of both axes at a point of the canvas. */
  sharesAt(x: number, y: number): { down: number; right: number };
  draw(content: MinimapContent): void;
}

export const minimaps = new Provided<
  (canvas: HTMLCanvasElement, viewport: Viewport, signal: AbortSignal) => Minimap
>("minimaps.1");
