import type { Box, Ink } from "./canvas.ts";
import { type RowLayout, rowAt } from "./layout.ts";
import { LABELLED_ROW, rowsShown } from "./neuron_axis.ts";
import { line } from "./strokes.ts";

const NEAR = 6;

/**
 * Pins beside the labels of the rows, their middle at `x`: full ones at pinned neurons, and an outline at the rows in
 * `offered`, which can be pinned.
 */
export function drawPins(
  context: CanvasRenderingContext2D,
  { top }: Box,
  layout: RowLayout,
  x: number,
  rows: readonly number[],
  pinned: ReadonlySet<number>,
  offered: readonly (number | null)[],
  ink: Ink,
): void {
  for (const row of rowsShown(layout)) {
    const isPinned = pinned.has(rows[row]);
    if (!isPinned && !offered.includes(rows[row])) continue;
    const y = top + layout.tops[row] + layout.rowHeight / 2;
    context.lineWidth = 1.5;
    context.strokeStyle = isPinned ? ink.accent : ink.quiet;
    line(context, x, y + 1, x, y + 6.5);
    context.beginPath();
    context.arc(x, y - 2, 3.6, 0, 2 * Math.PI);
    context.stroke();
    if (!isPinned) continue;
    context.fillStyle = ink.accent;
    context.fill();
  }
}

/** The row whose pin is at a height of the box: where rows are too low for pins of their own, the nearest pinned one. */
export function pinAt(
  layout: RowLayout,
  y: number,
  rows: readonly number[],
  pinned: ReadonlySet<number>,
): number {
  if (layout.rowHeight >= LABELLED_ROW) return rowAt(layout, y);
  let nearest = -1;
  let least = NEAR;
  for (const row of rowsShown(layout)) {
    const distance = Math.abs(layout.tops[row] + layout.rowHeight / 2 - y);
    if (pinned.has(rows[row]) && distance <= least) [nearest, least] = [row, distance];
  }
  return nearest;
}
