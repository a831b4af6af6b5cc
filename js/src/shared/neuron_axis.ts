import { type Box, type Ink, label } from "./canvas.ts";
import type { RowLayout } from "./layout.ts";
import { line, wedge } from "./strokes.ts";
import { placesIn } from "./zoom.ts";

/** Rows from this height on have a label each. */
export const LABELLED_ROW = 15;

/** Rows of which the middle is in view. */
export function rowsShown({ tops, rowHeight, height }: RowLayout): number[] {
  const shown: number[] = [];
  for (let row = 0; row < tops.length; row++) {
    const centre = tops[row] + rowHeight / 2;
    if (centre >= 0 && centre <= height) shown.push(row);
  }
  return shown;
}

/** Labels of the rows at the left of a box, the chosen one bold with a marker, and dashed lines between groups. */
export function drawNeuronAxis(
  context: CanvasRenderingContext2D,
  box: Box,
  layout: RowLayout,
  rows: readonly number[],
  chosen: number | null,
  ink: Ink,
  title = "Neuron",
): void {
  const centre = (row: number) => box.top + layout.tops[row] + layout.rowHeight / 2;
  const shown = rowsShown(layout);
  const found = chosen === null ? -1 : rows.indexOf(chosen);
  const chosenRow = shown.includes(found) ? found : -1;
  const stretch = { start: shown[0] ?? 0, stop: (shown.at(-1) ?? -1) + 1 };
  const places = layout.rowHeight >= LABELLED_ROW ? shown : placesIn(stretch, rows.length, box.height / 26);
  context.strokeStyle = ink.edge;
  context.lineWidth = 1;
  for (const row of places) {
    if (row === chosenRow) continue;
    if (chosenRow >= 0 && Math.abs(centre(row) - centre(chosenRow)) < 15) continue;
    context.fillStyle = ink.text;
    context.font = `13px ${ink.font}`;
    label(context, String(rows[row]), box.left - 12, centre(row), { align: "right" });
    line(context, box.left - 6, centre(row), box.left, centre(row));
  }
  if (chosenRow >= 0) {
    const y = centre(chosenRow);
    wedge(context, ink.accent, box.left - 1, y, box.left - 9, y - 5, box.left - 9, y + 5);
    context.fillStyle = ink.text;
    context.font = `bold 13px ${ink.font}`;
    label(context, String(chosen), box.left - 12, y, { align: "right" });
  }
  context.fillStyle = ink.text;
  context.font = `14px ${ink.font}`;
  if (title) label(context, title, 11, box.top + box.height / 2, { turned: true });
}

export function drawPartings(context: CanvasRenderingContext2D, box: Box, layout: RowLayout, ink: Ink): void {
  context.save();
  context.strokeStyle = ink.text;
  context.lineWidth = 1.5;
  context.setLineDash([7, 5]);
  for (const y of layout.partings) {
    line(context, box.left, box.top + y, box.left + box.width, box.top + y);
  }
  context.restore();
}
