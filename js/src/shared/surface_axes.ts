import type { Point, View3d } from "./camera.ts";
import { type Ink, label } from "./canvas.ts";
import type { SpectrumContent } from "./spectrum_content.ts";
import { Labels } from "./spectrum_labels.ts";
import { DECADES } from "./spectrum_scale.ts";
import { formatNumber, niceTicks, tickPlaces } from "./ticks.ts";

/** The place of a frequency along its axis, 0..1. */
export function along(frequency: number, { tokens, bins }: SpectrumContent): number {
  return Math.max(0, Math.min(1, (frequency * tokens) / Math.max(1, bins - 1)));
}

interface Tick {
  place: number;
  text: string;
}

/** Which sides of the box are turned to the eye. */
interface Sides {
  /** The floor's edges nearest to the eye: of the frequency axis (at this neuron end), of the neuron axis. */
  front: number;
  side: number;
  /** The outermost corner, where the upright axis stands. */
  upright: readonly [number, number];
}

function sidesOf(view: View3d): Sides {
  const screen = (x: number, z: number) => view.project([x, 0, z]);
  const corners: [number, number][] = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const [upright] = corners.sort(([x1, z1], [x2, z2]) => screen(x1, z1)[0] - screen(x2, z2)[0]);
  return {
    front: screen(0.5, 0)[1] > screen(0.5, 1)[1] ? 0 : 1,
    side: screen(0, 0.5)[1] > screen(1, 0.5)[1] ? 0 : 1,
    upright,
  };
}

/** The walls behind the surface with their grid, drawn before it. */
export function drawWalls(
  context: CanvasRenderingContext2D,
  view: View3d,
  content: SpectrumContent,
  ink: Ink,
): void {
  const { front, side, upright } = sidesOf(view);
  const line = (from: Point, to: Point) => {
    context.beginPath();
    context.moveTo(...view.project(from));
    context.lineTo(...view.project(to));
    context.stroke();
  };
  context.strokeStyle = ink.edge;
  context.lineWidth = 1;
  for (const { place } of frequencies(content)) {
    line([place, 0, 0], [place, 0, 1]);
    line([place, 0, 1 - front], [place, 1, 1 - front]);
  }
  for (const end of [0, 1]) {
    line([0, 0, end], [1, 0, end]);
    line([end, 0, 0], [end, 0, 1]);
  }
  for (const { place } of [...levels(content), { place: 1 }]) {
    line([0, place, 1 - front], [1, place, 1 - front]);
    line([1 - side, place, 0], [1 - side, place, 1]);
  }
  for (const [x, z] of [[1 - side, 1 - front], [1 - side, front], [side, 1 - front], upright])
    line([x, 0, z], [x, 1, z]);
}

/** Ticks, numbers and names of the three axes. `places` are those of the rows; `marked` rows are always named. */
export function drawAxes(
  context: CanvasRenderingContext2D,
  view: View3d,
  content: SpectrumContent,
  places: ArrayLike<number>,
  marked: readonly number[],
  chosen: number,
  width: number,
  ink: Ink,
): void {
  const { front, side, upright } = sidesOf(view);
  const labels = new Labels();
  context.fillStyle = ink.text;
  const put = (text: string, place: Place, bold: boolean): boolean => {
    context.font = `${bold ? "bold " : ""}13px ${ink.font}`;
    const room = context.measureText(text).width + 4;
    const middle = within(width, room / 2, place.left);
    const box = { left: middle - room / 2, top: place.top - 8, width: room, height: 16 };
    if (!labels.take(box)) return false;
    label(context, text, middle, place.top);
    return true;
  };

  const neuronPlace = (row: number, distance: number) =>
    outwards(view, [side, 0, places[row]], [1 - side, 0, places[row]], distance);
  const named = [...new Set([...(chosen < 0 ? [] : [chosen]), ...marked])];
  // Names that must be there step outwards where several stand close together, with a line to their place.
  let depth = 0;
  for (const row of named) {
    const step = [16, 32, 48, 64].find((distance) =>
      put(String(content.rows[row]), neuronPlace(row, distance), row === chosen),
    );
    if (step === undefined) continue;
    depth = Math.max(depth, step);
    tick(context, view.project([side, 0, places[row]]), neuronPlace(row, step - 9), ink);
  }
  for (const row of tickPlaces(content.rows.length, 14)) {
    if (named.includes(row)) continue;
    if (put(String(content.rows[row]), neuronPlace(row, 16), false))
      tick(context, view.project([side, 0, places[row]]), neuronPlace(row, 5), ink);
  }
  for (const { place, text } of frequencies(content)) {
    const away: Point = [place, 0, 1 - front];
    if (put(text, outwards(view, [place, 0, front], away, 16), false))
      tick(context, view.project([place, 0, front]), outwards(view, [place, 0, front], away, 5), ink);
  }
  for (const { place, text } of levels(content)) {
    const [left, top] = view.project([upright[0], place, upright[1]]);
    context.font = `13px ${ink.font}`;
    const room = context.measureText(text).width;
    if (labels.take({ left: left - 8 - room, top: top - 8, width: room, height: 16 }))
      label(context, text, left - 8, top, { align: "right" });
  }
  context.font = `14px ${ink.font}`;
  /** Takes the first of the names that is no longer than the edge, else the last. */
  const edgeName = (names: string[], from: Point, to: Point, away: Point, distance: number) => {
    const middle = outwards(view, mean(from, to), away, distance);
    const [[x1, y1], [x2, y2]] = [view.project(from), view.project(to)];
    const length = Math.hypot(x2 - x1, y2 - y1);
    const text = names.find((name) => context.measureText(name).width <= length) ?? (names.at(-1) as string);
    const angle = x2 < x1 ? Math.atan2(y1 - y2, x1 - x2) : Math.atan2(y2 - y1, x2 - x1);
    context.save();
    const half = (context.measureText(text).width / 2) * Math.abs(Math.cos(angle)) + 8;
    context.translate(within(width, half, middle.left), middle.top);
    context.rotate(angle);
    label(context, text, 0, 0);
    context.restore();
  };
  edgeName(
    ["Frequency (cycles per token)", "Frequency"],
    [0, 0, front],
    [1, 0, front],
    [0.5, 0, 1 - front],
    40,
  );
  edgeName(["Neuron"], [side, 0, 0], [side, 0, 1], [1 - side, 0, 0.5], Math.max(44, depth + 26));
  const [left, top] = view.project([upright[0], 0.5, upright[1]]);
  label(context, "Amplitude |F|", Math.max(10, left - 56), top, { turned: true });
}

function tick(context: CanvasRenderingContext2D, from: readonly [number, number], to: Place, ink: Ink): void {
  context.strokeStyle = ink.text;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(to.left, to.top);
  context.stroke();
}

interface Place {
  left: number;
  top: number;
}

/** A place `distance` pixels beyond a point, on the line that comes from `away`. */
function outwards(view: View3d, point: Point, away: Point, distance: number): Place {
  const [left, top] = view.project(point);
  const [farLeft, farTop] = view.project(away);
  const length = Math.hypot(left - farLeft, top - farTop) || 1;
  return {
    left: left + ((left - farLeft) / length) * distance,
    top: top + ((top - farTop) / length) * distance,
  };
}

/** The middle of something so wide as twice `half`, moved so that all of it is in the picture. */
function within(width: number, half: number, middle: number): number {
  return Math.max(half, Math.min(width - half, middle));
}

function mean(one: Point, other: Point): Point {
  return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2, (one[2] + other[2]) / 2];
}

function frequencies(content: SpectrumContent): Tick[] {
  return niceTicks(0, 0.5, 5).map((frequency) => ({
    place: along(frequency, content),
    text: formatNumber(frequency),
  }));
}

function levels({ scale: { most, isLog } }: SpectrumContent): Tick[] {
  if (isLog) {
    return Array.from({ length: DECADES + 1 }, (_, decade) => ({
      place: decade / DECADES,
      text: formatNumber(most * 10 ** (decade - DECADES)),
    }));
  }
  return niceTicks(0, most, 4).map((level) => ({ place: level / most, text: formatNumber(level) }));
}
