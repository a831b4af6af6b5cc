import type { Box, Ink } from "./canvas.ts";
import { type RowLayout, rowAt } from "./layout.ts";
import { LABELLED_ROW } from "./neuron_axis.ts";
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
  pinned: readonly number[],
  offered: readonly (number | null)[],
  ink: Ink,
): void {
  for (const neuron of new Set([...pinned, ...offered])) {
    const row = neuron === null ? -1 : rows.indexOf(neuron);
    if (row < 0) continue;
    const middle = layout.tops[row] + layout.rowHeight / 2;
    if (middle < 0 || middle > layout.height) continue;
    const isPinned = pinned.includes(rows[row]);
    const y = top + middle;
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
  pinned: readonly number[],
): number {
  if (layout.rowHeight >= LABELLED_ROW) return rowAt(layout, y);
  let nearest = -1;
  let least = NEAR;
  for (const neuron of pinned) {
    const row = rows.indexOf(neuron);
    const distance = Math.abs(layout.tops[row] + layout.rowHeight / 2 - y);
    if (distance <= least) [nearest, least] = [row, distance];
  }
  return nearest;
}
