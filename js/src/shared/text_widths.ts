import { type Cells, widthOf } from "./line_layout.ts";

/** A shade that rounding of a text's width may take. */
const TOLERANCE = 0.04;

/**
 * How many cells a text takes in a font: wide characters, other scripts and what another font must stand in for are as
 * wide as the browser draws them, rounded up to whole cells.
 */
export function measuredCells(font: string, cell: number): Cells {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return widthOf;
  context.font = font;
  return (shown) => Math.max(1, Math.ceil(context.measureText(shown).width / cell - TOLERANCE));
}
