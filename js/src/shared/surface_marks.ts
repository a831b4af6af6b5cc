import type { Point, View3d } from "./camera.ts";
import { type Ink, label } from "./canvas.ts";
import type { SpectrumContent } from "./spectrum_content.ts";
import { Labels } from "./spectrum_labels.ts";
import type { PlacedPeak } from "./spectrum_picture.ts";
import { peakLabel } from "./spectrum_words.ts";
import { along } from "./surface_axes.ts";
import type { Plane } from "./surface_gl.ts";
import type { Relief } from "./surface_relief.ts";
import type { Band, Peak } from "./types.ts";

/** How strong what stands behind the surface shines through it. */
const BEHIND = 0.22;
const PIECES = 64;

/** A curve in the box; where the surface stands before it, it is drawn faintly. */
export function drawCurve(
  context: CanvasRenderingContext2D,
  view: View3d,
  relief: Relief,
  points: readonly Point[],
  strokes: readonly (readonly [colour: string, width: number])[],
): void {
  const hidden = points.map((point) => relief.hides(point, view.eye));
  for (const isHidden of [true, false]) {
    context.globalAlpha = isHidden ? BEHIND : 1;
    context.beginPath();
    for (let index = 1; index < points.length; index++) {
      if ((hidden[index - 1] && hidden[index]) !== isHidden) continue;
      const isBegun = index > 1 && (hidden[index - 2] && hidden[index - 1]) === isHidden;
      if (!isBegun) context.moveTo(...view.project(points[index - 1]));
      context.lineTo(...view.project(points[index]));
    }
    for (const [colour, width] of strokes) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

/** An upright plane at one frequency, across all neurons: a band's end. */
export function bandPlane(x: number): Point[] {
  return [
    [x, 0, 0],
    [x, 1, 0],
    [x, 1, 1],
    [x, 0, 1],
  ];
}

/** An upright plane at one place of the neuron axis, across all frequencies: between two windows. */
export function partingPlane(z: number): Point[] {
  return [
    [0, 0, z],
    [0, 1, z],
    [1, 1, z],
    [1, 0, z],
  ];
}

export function planeOf(corners: readonly Point[], paint: Plane["paint"]): Plane {
  return { corners: corners.flat(), paint };
}

/** The dashed border of a plane. */
export function drawBorder(
  context: CanvasRenderingContext2D,
  view: View3d,
  relief: Relief,
  corners: readonly Point[],
  colour: string,
  width: number,
): void {
  context.save();
  context.setLineDash([7, 5]);
  for (const [index, from] of corners.entries()) {
    const to = corners[(index + 1) % corners.length];
    const points = Array.from({ length: PIECES + 1 }, (_, piece): Point => {
      const share = piece / PIECES;
      return [0, 1, 2].map((axis) => from[axis] + share * (to[axis] - from[axis])) as unknown as Point;
    });
    drawCurve(context, view, relief, points, [[colour, width]]);
  }
  context.restore();
}

/** Marks and names of peaks; returns where the marks are. */
export function drawPeaks(
  context: CanvasRenderingContext2D,
  view: View3d,
  content: SpectrumContent,
  peaks: readonly { peak: Peak; point: Point }[],
  chosen: number | null,
  width: number,
  ink: Ink,
): PlacedPeak[] {
  const placed = peaks.map(({ peak, point }) => {
    const [left, top] = view.project(point);
    return { peak, left, top };
  });
  const labels = new Labels();
  for (const { left, top } of placed) labels.take({ left: left - 6, top: top - 6, width: 12, height: 12 });
  const chosenFirst = [...placed].sort(
    (one, other) => Number(other.peak.neuron === chosen) - Number(one.peak.neuron === chosen),
  );
  for (const { peak, left, top } of chosenFirst) {
    const text = `${peak.neuron}: ${peakLabel(peak, content.tokens)}`;
    context.font = `600 13px ${ink.font}`;
    const room = context.measureText(text).width + 10;
    const sides = [left - room / 2, left + 10, left - 10 - room].map((x) =>
      Math.max(2, Math.min(x, width - room - 2)),
    );
    const places = [28, 48, 68, 88, 10, -10, -30].flatMap((up) => sides.map((x) => [x, top - up] as const));
    const free = places.find(([x, y]) => y >= 2 && labels.take({ left: x, top: y, width: room, height: 19 }));
    if (!free) continue;
    const [from, y] = free;
    context.strokeStyle = ink.text;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(left, top);
    context.lineTo(Math.max(from, Math.min(from + room, left)), Math.max(y, Math.min(y + 19, top)));
    context.stroke();
    context.globalAlpha = 0.88;
    context.fillStyle = ink.paper;
    context.fillRect(from, y, room, 19);
    context.globalAlpha = 1;
    context.fillStyle = ink.text;
    label(context, text, from + room / 2, y + 10);
  }
  for (const { peak, left, top } of placed) {
    context.beginPath();
    context.arc(left, top, 5, 0, 2 * Math.PI);
    context.fillStyle = peak.neuron === chosen ? ink.accent : ink.paper;
    context.strokeStyle = ink.text;
    context.lineWidth = 1.5;
    context.fill();
    context.stroke();
  }
  return placed;
}

/** The places of a band's ends along the frequency axis. */
export function endsOf(band: Band | null, content: SpectrumContent): number[] {
  return band ? band.map((end) => along(end, content)) : [];
}
