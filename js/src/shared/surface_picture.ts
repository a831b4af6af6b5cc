import { type Point, type Turn, type View3d, view3d } from "./camera.ts";
import type { fitCanvas } from "./canvas.ts";
import { lutFor, type Rgb } from "./colour.ts";
import { Kept } from "./kept.ts";
import { type Solid, solids } from "./solids.ts";
import { type SpectrumContent, sharesOf } from "./spectrum_content.ts";
import type { Marks, PlacedPeak } from "./spectrum_picture.ts";
import { shareOf } from "./spectrum_scale.ts";
import { along, drawAxes, drawWalls } from "./surface_axes.ts";
import { type Plane, SurfaceRenderer } from "./surface_gl.ts";
import {
  bandPlane,
  drawBorder,
  drawCurve,
  drawPeaks,
  endsOf,
  partingPlane,
  planeOf,
} from "./surface_marks.ts";
import {
  COARSE,
  FULL,
  type NeuronPlaces,
  neuronPlaces,
  type SurfaceMesh,
  surfaceMesh,
} from "./surface_mesh.ts";
import { Relief } from "./surface_relief.ts";
import type { Peak } from "./types.ts";
import type { Scene } from "./view.ts";

const MARGIN = { left: 96, right: 76, top: 50, bottom: 56 };
const NARROW_MARGIN = { ...MARGIN, left: 66, right: 54 };
const NARROW = 520;
const REACH = 14;
/** Up to so many vertices are drawn in full while they turn, and with smooth edges when still. */
const FEW = COARSE.rows * COARSE.bins;
/** More windows than these are told apart by the gaps alone. */
const MOST_PARTINGS = 12;

/** What is shown of a content in three dimensions. */
interface Shape {
  content: SpectrumContent;
  places: NeuronPlaces;
  coarse: SurfaceMesh;
  full: SurfaceMesh | null;
  relief: Relief;
}

/** What the graphics card drew, kept until one of the things that it shows changes. */
interface Copy {
  parts: readonly unknown[];
  canvas: HTMLCanvasElement;
}

/** The surface in three dimensions: WebGL draws it, axes and marks are drawn over a copy of its picture. */
export class SurfacePicture implements Solid {
  readonly #renderer: SurfaceRenderer;
  readonly #solid = new Kept<Shape>();
  #copy: Copy | null = null;
  #shown: { solid: Shape; view: View3d } | null = null;
  /** Where the marks of peaks are. */
  places: PlacedPeak[] = [];
  /** Rows and bins of the mesh that was drawn last. */
  detail: readonly [number, number] = [0, 0];

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly fit: typeof fitCanvas,
    signal: AbortSignal,
    changed: () => void,
  ) {
    this.#renderer = new SurfaceRenderer(signal, changed);
  }

  get isLost(): boolean {
    return this.#renderer.isLost;
  }

  /** Draws, coarsely while it moves; false where there is no WebGL2, or its context is lost. */
  draw(content: SpectrumContent, scene: Scene, marks: Marks, turn: Turn, isMoving: boolean): boolean {
    const { width, height, band, peaks, proposed } = marks;
    const { neuron } = scene.choice;
    const { left, right, top, bottom } = width < NARROW ? NARROW_MARGIN : MARGIN;
    const frame = {
      left,
      top,
      width: Math.max(60, width - left - right),
      height: Math.max(60, height - top - bottom),
    };
    const view = view3d(turn, width, height, frame);
    const { ink } = scene;
    const solid = this.#solid.of([content], () => solidOf(content));
    const ends = endsOf(band, content).map(bandPlane);
    const partings = partingsOf(solid.places).map(partingPlane);
    const [accent, text] = [ink.accent, ink.text].map(rgbOf);
    const planes = [
      ...partings.map((corners) => planeOf(corners, [...shares(text), 0.07])),
      ...ends.map((corners) => planeOf(corners, [...shares(accent), 0.22])),
    ];
    const surface = this.#surface(solid, scene, view, planes, width, height, isMoving);
    if (!surface) return false;
    this.#shown = { solid, view };
    const context = this.fit(this.canvas, width, height);
    drawWalls(context, view, content, ink);
    context.drawImage(surface, 0, 0, surface.width, surface.height, 0, 0, width, height);
    const { relief, places } = solid;
    for (const corners of partings) drawBorder(context, view, relief, corners, ink.quiet, 1.25);
    for (const corners of ends) drawBorder(context, view, relief, corners, ink.accent, 2);
    const row = content.rowOf(neuron);
    if (row >= 0) {
      const { bins } = solid.coarse;
      const heights = sharesOf(content, row, bins, 0, content.bins);
      const points = Array.from(
        heights,
        (share, bin): Point => [bin / Math.max(1, bins - 1), share, places.rows[row]],
      );
      drawCurve(context, view, relief, points, [
        [ink.paper, 5],
        [ink.accent, 2.5],
      ]);
    }
    const shown = peaks.map((peak) => ({ peak, point: pointOf(content, places, peak) }));
    const marked = [...peaks.map((peak) => peak.neuron), ...proposed]
      .map(content.rowOf)
      .filter((place) => place >= 0);
    drawAxes(context, view, content, places.rows, marked, row, width, ink);
    this.places = drawPeaks(context, view, content, shown, neuron, width, ink);
    return true;
  }

  /** The peak whose mark is at a point of the canvas. */
  peakAt(x: number, y: number): Peak | null {
    const near = this.places.filter(({ left, top }) => Math.hypot(left - x, top - y) <= REACH);
    return near[0]?.peak ?? null;
  }

  /** The neuron and the frequency bin of the surface under a point of the canvas, or null beside it. */
  cellAt(x: number, y: number): { neuron: number; bin: number } | null {
    if (!this.#shown) return null;
    const { solid, view } = this.#shown;
    const beyond = view.beyond(x, y);
    const share = solid.relief.firstHit(view.eye, beyond);
    if (share === null) return null;
    const [along, , across] = [0, 1, 2].map(
      (axis) => view.eye[axis] + share * (beyond[axis] - view.eye[axis]),
    );
    const { content, places } = solid;
    const row = nearest(places.rows, across);
    const bin = Math.max(0, Math.min(content.bins - 1, Math.round(along * (content.bins - 1))));
    return { neuron: content.rows[row], bin };
  }

  /** The picture that the graphics card makes, from the last one where nothing has changed. */
  #surface(
    solid: Shape,
    scene: Scene,
    view: View3d,
    planes: readonly Plane[],
    width: number,
    height: number,
    isMoving: boolean,
  ): HTMLCanvasElement | null {
    const ratio = devicePixelRatio;
    const size = [Math.round(width * ratio), Math.round(height * ratio)] as const;
    const mesh = isMoving ? solid.coarse : meshOf(solid);
    const isSmooth = !isMoving && mesh.rows * mesh.bins <= FEW;
    const lut = lutFor(false, scene);
    const parts = [
      mesh,
      isSmooth,
      lut,
      ...view.matrix,
      ...planes.flatMap(({ corners, paint }) => [...corners, ...paint]),
      ...size,
    ];
    const known = this.#copy;
    const isSame =
      known &&
      parts.length === known.parts.length &&
      parts.every((part, index) => part === known.parts[index]);
    if (isSame) return known.canvas;
    const drawn = this.#renderer.draw({ mesh, lut, planes, view: view.matrix, size, isSmooth });
    if (!drawn) return null;
    this.#renderer.keep(solid.full ? [solid.coarse, solid.full] : [solid.coarse]);
    const canvas = known?.canvas ?? document.createElement("canvas");
    [canvas.width, canvas.height] = size;
    canvas.getContext("2d")?.drawImage(drawn, 0, drawn.height - size[1], ...size, 0, 0, ...size);
    this.#copy = { parts, canvas };
    this.detail = [mesh.rows, mesh.bins];
    return canvas;
  }
}

/** Has views of this page draw in three dimensions. */
export function provideSolidPictures(): void {
  solids.provide((...parts) => new SurfacePicture(...parts));
}

function solidOf(content: SpectrumContent): Shape {
  const isSmall = content.rows.length * Math.min(FULL.bins, columnsOf(content)) <= FEW;
  const coarse = build(content, isSmall ? FULL : COARSE);
  const places = neuronPlaces(content.groups.map((group) => group.length));
  return { content, places, coarse, full: isSmall ? coarse : null, relief: new Relief(coarse) };
}

/** The mesh in full, made when a picture first stands still. */
function meshOf(solid: Shape): SurfaceMesh {
  solid.full ??= build(solid.content, FULL);
  return solid.full;
}

function build(content: SpectrumContent, detail: typeof FULL): SurfaceMesh {
  const heights = (row: number, bins: number) => sharesOf(content, row, bins, 0, content.bins);
  return surfaceMesh(content.groups, columnsOf(content), heights, detail);
}

function columnsOf({ columns, bins }: SpectrumContent): number {
  return Math.min(bins, Math.max(0, ...columns.map(({ values }) => values.length)));
}

/** The middle between neighbouring groups. */
function partingsOf({ groups }: NeuronPlaces): number[] {
  if (groups.length - 1 > MOST_PARTINGS) return [];
  return groups.slice(1).map(([start], group) => (groups[group][1] + start) / 2);
}

function pointOf(
  content: SpectrumContent,
  places: NeuronPlaces,
  { neuron, frequency, amplitude }: Peak,
): Point {
  const height = shareOf(amplitude, content.scale);
  return [along(frequency, content), height, places.rows[content.rowOf(neuron)]];
}

function nearest(places: ArrayLike<number>, place: number): number {
  let best = 0;
  for (let row = 1; row < places.length; row++)
    if (Math.abs(places[row] - place) < Math.abs(places[best] - place)) best = row;
  return best;
}

function shares([red, green, blue]: Rgb): [number, number, number] {
  return [red / 255, green / 255, blue / 255];
}

const bytesOf = new Map<string, Rgb>();

/** A colour of the style sheet as three bytes. */
function rgbOf(colour: string): Rgb {
  const known = bytesOf.get(colour);
  if (known) return known;
  const probe = document.createElement("canvas").getContext("2d");
  if (!probe) return [128, 128, 128];
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  bytesOf.set(colour, [red, green, blue]);
  return [red, green, blue];
}
