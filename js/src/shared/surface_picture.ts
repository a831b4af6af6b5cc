import { type Point, type Turn, type View3d, view3d } from "./camera.ts";
import { type Box, fitCanvas, type Ink, inkOf, label } from "./canvas.ts";
import { lutFor } from "./colour.ts";
import { DECADES, peakLabel, type SpectrumContent } from "./spectrum_picture.ts";
import { SurfaceRenderer } from "./surface_gl.ts";
import { type SurfaceMesh, surfaceMesh } from "./surface_mesh.ts";
import { formatNumber, niceTicks, tickPlaces } from "./ticks.ts";
import type { Scene } from "./view.ts";

const MARGIN = { left: 92, right: 64, top: 40, bottom: 58 };
const REACH = 26;

/** The surface in three dimensions: WebGL draws it, axes and marks are drawn over the copy. */
export class SurfacePicture {
  readonly #renderer: SurfaceRenderer;
  #mesh: SurfaceMesh | null = null;
  #meshKey = "";
  #view: View3d | null = null;
  #content: SpectrumContent | null = null;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly root: HTMLElement,
    signal: AbortSignal,
  ) {
    this.#renderer = new SurfaceRenderer(signal);
  }

  /** Draws; false where the browser offers no WebGL2. */
  draw(content: SpectrumContent, scene: Scene, turn: Turn): boolean {
    const { choice } = scene;
    this.#content = content;
    const width = this.canvas.clientWidth;
    const height = content.height;
    const context = fitCanvas(this.canvas, width, height);
    const ratio = devicePixelRatio || 1;
    const key = `${content.key} ${content.groups.map((group) => group.join()).join(";")}`;
    if (key !== this.#meshKey || !this.#mesh) {
      this.#mesh = surfaceMesh(content.groups, content.sharesOf);
      this.#meshKey = key;
    }
    const frame = {
      left: MARGIN.left,
      top: MARGIN.top,
      width: Math.max(60, width - MARGIN.left - MARGIN.right),
      height: Math.max(60, height - MARGIN.top - MARGIN.bottom),
    };
    const view = view3d(turn, width, height, frame);
    this.#view = view;
    const ink = inkOf(this.root);
    this.#drawBox(context, view, content, choice.neuron, ink);
    const size = [Math.round(width * ratio), Math.round(height * ratio)] as const;
    const drawn = this.#renderer.draw(this.#mesh, lutFor(false, scene), view.matrix, ...size);
    if (!drawn) return false;
    context.drawImage(drawn, 0, 0, size[0], size[1], 0, 0, width, height);
    this.#drawRidge(context, view, content, choice.neuron, ink);
    this.#drawPeaks(context, view, content, choice.neuron, ink);
    return true;
  }

  /** The neuron whose mark or ridge is nearest to a point of the canvas, or null if none is near. */
  neuronAt(x: number, y: number): number | null {
    const [content, mesh, view] = [this.#content, this.#mesh, this.#view];
    if (!content || !mesh || !view) return null;
    let best: number | null = null;
    let nearest = REACH;
    const offer = (neuron: number, point: Point, handicap: number) => {
      const [left, top] = view.project(point);
      const distance = Math.hypot(left - x, top - y) + handicap;
      if (distance < nearest) [best, nearest] = [neuron, distance];
    };
    for (const peak of content.peaks) {
      const point = this.#pointOf(content, peak.neuron, peak.frequency);
      if (point) offer(peak.neuron, point, -8);
    }
    content.rows.forEach((neuron, row) => {
      for (let bin = 0; bin < mesh.bins; bin++) offer(neuron, pointAt(mesh, row, bin), 0);
    });
    return best;
  }

  #pointOf(content: SpectrumContent, neuron: number, frequency: number): Point | null {
    const row = content.rows.indexOf(neuron);
    if (row < 0 || !this.#mesh) return null;
    const bin = Math.round(frequency * content.tokens);
    const share = content.sharesOf(neuron)[bin];
    return [bin / Math.max(1, content.bins - 1), share, this.#mesh.places[row]];
  }

  #drawRidge(
    context: CanvasRenderingContext2D,
    view: View3d,
    content: SpectrumContent,
    neuron: number | null,
    ink: Ink,
  ): void {
    const row = neuron === null ? -1 : content.rows.indexOf(neuron);
    const mesh = this.#mesh;
    if (row < 0 || !mesh) return;
    context.beginPath();
    for (let bin = 0; bin < mesh.bins; bin++) context.lineTo(...view.project(pointAt(mesh, row, bin)));
    for (const [colour, width] of [
      [ink.paper, 5],
      [ink.accent, 2.5],
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }
  }

  #drawPeaks(
    context: CanvasRenderingContext2D,
    view: View3d,
    content: SpectrumContent,
    chosen: number | null,
    ink: Ink,
  ): void {
    const taken: Box[] = [];
    for (const peak of content.peaks) {
      const point = this.#pointOf(content, peak.neuron, peak.frequency);
      if (!point) continue;
      const [x, y] = view.project(point);
      context.beginPath();
      context.arc(x, y, 5, 0, 2 * Math.PI);
      context.fillStyle = peak.neuron === chosen ? ink.accent : ink.paper;
      context.strokeStyle = ink.text;
      context.lineWidth = 1.5;
      context.fill();
      context.stroke();
      const text = `${peak.neuron}: ${peakLabel(peak)}`;
      context.font = `600 13px ${ink.font}`;
      const room = context.measureText(text).width + 10;
      const left = Math.max(2, Math.min(x - room / 2, this.canvas.clientWidth - room - 2));
      let top = y - 28;
      while (
        taken.some(
          (box) => Math.abs(box.top - top) < 20 && left < box.left + box.width && box.left < left + room,
        )
      ) {
        top -= 20;
      }
      taken.push({ left, top, width: room, height: 19 });
      context.globalAlpha = 0.85;
      context.fillStyle = ink.paper;
      context.fillRect(left, top, room, 19);
      context.globalAlpha = 1;
      context.fillStyle = ink.text;
      label(context, text, left + room / 2, top + 10);
    }
  }

  #drawBox(
    context: CanvasRenderingContext2D,
    view: View3d,
    content: SpectrumContent,
    chosen: number | null,
    ink: Ink,
  ): void {
    const screenY = (x: number, z: number) => view.project([x, 0, z])[1];
    const screenX = (x: number, z: number) => view.project([x, 0, z])[0];
    // Axes stand on the edges of the floor that are nearest to the eye, the upright one at the outermost corner.
    const z = screenY(0.5, 0) > screenY(0.5, 1) ? 0 : 1;
    const x = screenY(0, 0.5) > screenY(1, 0.5) ? 0 : 1;
    const corners: [number, number][] = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ];
    const [upright] = corners.sort(([x1, z1], [x2, z2]) => screenX(x1, z1) - screenX(x2, z2));
    const line = (from: Point, to: Point) => {
      context.beginPath();
      context.moveTo(...view.project(from));
      context.lineTo(...view.project(to));
      context.stroke();
    };
    context.strokeStyle = ink.edge;
    context.lineWidth = 1;
    for (const frequency of frequencies(content)) line([frequency.place, 0, 0], [frequency.place, 0, 1]);
    for (const end of [0, 1]) {
      line([0, 0, end], [1, 0, end]);
      line([end, 0, 0], [end, 0, 1]);
    }
    for (const level of levels(content)) {
      line([0, level.place, 1 - z], [1, level.place, 1 - z]);
      line([1 - x, level.place, 0], [1 - x, level.place, 1]);
    }
    line([1 - x, 0, 1 - z], [1 - x, 1, 1 - z]);
    line([upright[0], 0, upright[1]], [upright[0], 1, upright[1]]);

    context.fillStyle = ink.text;
    context.font = `13px ${ink.font}`;
    const placed: Place[] = [];
    const beside = (point: Point, text: string, away: Point) => {
      const place = outwards(view, point, away, 16);
      if (placed.some(({ left, top }) => Math.hypot((left - place.left) / 2, top - place.top) < 13)) return;
      placed.push(place);
      label(context, text, place.left, place.top);
    };
    for (const { place, text } of frequencies(content)) beside([place, 0, z], text, [place, 0, 1 - z]);
    const mesh = this.#mesh;
    if (mesh) {
      const chosenRow = chosen === null ? -1 : content.rows.indexOf(chosen);
      for (const row of [...(chosenRow < 0 ? [] : [chosenRow]), ...tickPlaces(mesh.rows, 14)]) {
        const place = mesh.places[row];
        context.font = `${row === chosenRow ? "bold " : ""}13px ${ink.font}`;
        beside([x, 0, place], String(content.rows[row]), [1 - x, 0, place]);
      }
    }
    context.font = `14px ${ink.font}`;
    const along = (text: string, from: Point, to: Point, middle: Place) => {
      const [[x1, y1], [x2, y2]] = [view.project(from), view.project(to)];
      const angle = x2 < x1 ? Math.atan2(y1 - y2, x1 - x2) : Math.atan2(y2 - y1, x2 - x1);
      context.save();
      context.translate(middle.left, middle.top);
      context.rotate(angle);
      label(context, text, 0, 0);
      context.restore();
    };
    along(
      "Frequency (cycles per token)",
      [0, 0, z],
      [1, 0, z],
      outwards(view, [0.5, 0, z], [0.5, 0, 1 - z], 42),
    );
    along("Neuron", [x, 0, 0], [x, 0, 1], outwards(view, [x, 0, 0.5], [1 - x, 0, 0.5], 50));
    for (const { place, text } of levels(content)) {
      const [left, top] = view.project([upright[0], place, upright[1]]);
      const isCovered = placed.some(
        (other) => Math.hypot((other.left - left + 14) / 2, other.top - top) < 13,
      );
      context.font = `13px ${ink.font}`;
      if (!isCovered) label(context, text, left - 8, top, { align: "right" });
    }
    const [left, top] = view.project([upright[0], 0.5, upright[1]]);
    context.font = `14px ${ink.font}`;
    label(context, "Amplitude", left - 58, top, { turned: true });
  }
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

function pointAt(mesh: SurfaceMesh, row: number, bin: number): Point {
  return [bin / Math.max(1, mesh.bins - 1), mesh.heights[row * mesh.bins + bin], mesh.places[row]];
}

interface Tick {
  place: number;
  text: string;
}

function frequencies({ tokens, bins }: SpectrumContent): Tick[] {
  return niceTicks(0, 0.5, 5)
    .map((frequency) => ({
      place: (frequency * tokens) / Math.max(1, bins - 1),
      text: formatNumber(frequency),
    }))
    .filter(({ place }) => place <= 1 + 1 / Math.max(1, bins));
}

function levels({ most, isLog }: SpectrumContent): Tick[] {
  if (isLog) {
    return Array.from({ length: DECADES + 1 }, (_, decade) => ({
      place: decade / DECADES,
      text: formatNumber(most * 10 ** (decade - DECADES)),
    }));
  }
  return niceTicks(0, most, 4).map((level) => ({ place: level / most, text: formatNumber(level) }));
}
