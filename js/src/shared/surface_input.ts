import { FIRST_TURN, type Turn } from "./camera.ts";
import { takesWheel } from "./heatmap_pointer.ts";
import type { Solid } from "./solids.ts";
import type { SpectrumContent } from "./spectrum_content.ts";
import type { SpectrumPicture } from "./spectrum_picture.ts";
import type { Band, Peak } from "./types.ts";
import { isWhole, panned, type Stretch, whole, zoomed } from "./zoom.ts";

const DRAG_PIXELS = 4;
const TURN_STEP = 0.12;
const LEAST_BINS = 8;
const WHEEL_DOUBLES = 300;
const LINE = 16;
const PAGE_ROWS = 10;

/** What is done with what the pointer and the keys say. */
export interface Actions {
  /** The neuron of a row was chosen. */
  neuron(neuron: number): void;
  peak(peak: Peak): void;
  /** A band was chosen; null is all frequencies. */
  band(band: Band | null): void;
  /** The chosen neuron's peak was asked for. */
  ownPeak(): void;
  /** The pointer is over a cell; null: over none. */
  hover(event: PointerEvent, cell: { neuron: number; bin: number } | null): void;
  /** The picture is turned. */
  turned(): void;
  changed(): void;
}

/** What is on the canvas now. */
export interface OnCanvas {
  content: SpectrumContent;
  isSolid: boolean;
  chosen: number | null;
}

/** Pointer and keyboard on the canvas: chooses rows, peaks and bands, zooms the flat picture, turns the other. */
export class SurfaceInput {
  turn: Turn = FIRST_TURN;
  /** The band that is being dragged. */
  dragged: Band | null = null;
  shown: OnCanvas | null = null;
  readonly #flat: SpectrumPicture;
  readonly #solid: Solid;
  readonly #actions: Actions;
  #view: Stretch | null = null;
  #start: { x: number; y: number; turn: Turn; view: Stretch; isPan: boolean; isMoved: boolean } | null = null;

  constructor(
    canvas: HTMLCanvasElement,
    flat: SpectrumPicture,
    solid: Solid,
    signal: AbortSignal,
    actions: Actions,
  ) {
    this.#flat = flat;
    this.#solid = solid;
    this.#actions = actions;
    const placeOf = (event: MouseEvent): [number, number] => {
      const frame = canvas.getBoundingClientRect();
      return [event.clientX - frame.left, event.clientY - frame.top];
    };
    const on = <Name extends keyof HTMLElementEventMap>(
      name: Name,
      listener: (event: HTMLElementEventMap[Name]) => void,
    ) => canvas.addEventListener(name, listener, { signal });
    on("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.#press(...placeOf(event), event.shiftKey);
      canvas.setPointerCapture(event.pointerId);
    });
    on("pointermove", (event) => this.#move(event, ...placeOf(event)));
    on("pointerup", (event) => this.#release(...placeOf(event)));
    on("pointercancel", () => {
      this.#start = null;
      this.dragged = null;
      actions.changed();
    });
    on("pointerleave", (event) => actions.hover(event, null));
    on("dblclick", () => actions.band(null));
    on("keydown", (event) => {
      if (this.#key(event)) event.preventDefault();
    });
    canvas.addEventListener("wheel", (event) => this.#wheel(event, placeOf(event)[0]), {
      signal,
      passive: false,
    });
  }

  /** Stretch of frequency bins in view. */
  get view(): Stretch {
    const bins = this.shown?.content.bins ?? 1;
    const view = this.#view;
    return view && view.stop <= bins ? view : whole(bins);
  }

  get isZoomed(): boolean {
    return this.shown !== null && !isWhole(this.view, this.shown.content.bins);
  }

  /** Shows `factor` times fewer frequencies; without a place the chosen neuron's peak stays where it is, if in view. */
  zoom(factor: number, at?: number): void {
    const { shown, view } = this;
    if (!shown) return;
    this.#view = zoomed(view, shown.content.bins, at ?? this.#middle, factor, LEAST_BINS);
    this.#actions.changed();
  }

  showAll(): void {
    this.#view = null;
    this.#actions.changed();
  }

  /** Where a zoom without a pointer goes: to the marked frequency of the chosen neuron, if it is in view. */
  get #middle(): number {
    const { start, stop } = this.view;
    const { focus } = this;
    return focus !== null && focus >= start && focus <= stop ? focus : (start + stop) / 2;
  }

  /** The bin that a zoom by keyboard or button keeps in place. */
  focus: number | null = null;

  #pan(bins: number): void {
    if (!this.shown) return;
    this.#view = panned(this.view, this.shown.content.bins, bins);
    this.#actions.changed();
  }

  #press(x: number, y: number, isPan: boolean): void {
    this.#start = { x, y, turn: this.turn, view: this.view, isPan, isMoved: false };
  }

  #move(event: PointerEvent, x: number, y: number): void {
    const { shown } = this;
    const start = this.#start;
    if (!shown) return;
    if (!start) {
      this.#actions.hover(event, this.#cellAt(x, y, shown));
      return;
    }
    start.isMoved ||= Math.hypot(x - start.x, y - start.y) > DRAG_PIXELS;
    if (!start.isMoved) return;
    this.#actions.hover(event, null);
    if (shown.isSolid) {
      this.#turn(start.turn, (x - start.x) * 0.009, (y - start.y) * 0.006);
    } else if (start.isPan) {
      const binsPerPixel = (start.view.stop - start.view.start) / this.#flat.box.width;
      this.#view = panned(start.view, shown.content.bins, (start.x - x) * binsPerPixel);
    } else {
      const ends = [this.#flat.frequencyAt(start.x), this.#flat.frequencyAt(x)];
      this.dragged = [Math.min(...ends), Math.max(...ends)];
    }
    this.#actions.changed();
  }

  #release(x: number, y: number): void {
    const { shown, dragged } = this;
    const start = this.#start;
    this.#start = null;
    this.dragged = null;
    if (!start || !shown) return;
    if (dragged) {
      this.#actions.band(dragged[1] > dragged[0] ? dragged : null);
    } else if (!start.isMoved) {
      const peak = (shown.isSolid ? this.#solid : this.#flat).peakAt(x, y);
      if (peak) {
        this.#actions.peak(peak);
        return;
      }
      const cell = this.#cellAt(x, y, shown);
      if (cell) this.#actions.neuron(cell.neuron);
    }
  }

  #cellAt(x: number, y: number, { content, isSolid }: OnCanvas): { neuron: number; bin: number } | null {
    if (isSolid) return this.#solid.cellAt(x, y);
    const row = this.#flat.rowAt(y);
    if (row < 0 || !this.#flat.isInside(x)) return null;
    const bin = Math.max(0, Math.min(content.bins - 1, Math.floor(this.#flat.binAt(x))));
    return { neuron: content.rows[row], bin };
  }

  #turn({ yaw, pitch }: Turn, sideways: number, upwards: number): void {
    this.turn = { yaw: yaw + sideways, pitch: Math.max(0.08, Math.min(1.45, pitch + upwards)) };
    this.#actions.turned();
  }

  #wheel(event: WheelEvent, x: number): void {
    const { shown } = this;
    if (!shown || shown.isSolid || !takesWheel(event, this.#flat.canvas, !this.isZoomed)) return;
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE;
    const [right, down] = [event.deltaX * unit, event.deltaY * unit];
    const before = this.view;
    if (!event.shiftKey && !event.ctrlKey && Math.abs(right) > Math.abs(down)) {
      this.#pan((right / this.#flat.box.width) * (before.stop - before.start));
    } else {
      const turns = Math.max(-1, Math.min(1, (down || right) / WHEEL_DOUBLES));
      this.zoom(2 ** -turns, this.#flat.binAt(x));
    }
    // At the end of the zoom the wheel scrolls the page again; with Ctrl it would zoom the page.
    const isChanged = this.view.start !== before.start || this.view.stop !== before.stop;
    if (isChanged || event.ctrlKey) event.preventDefault();
  }

  /** Whether the key means something here. */
  #key(event: KeyboardEvent): boolean {
    const { shown, turn, view } = this;
    if (!shown || event.ctrlKey || event.metaKey || event.altKey) return false;
    const { key, shiftKey } = event;
    const size = view.stop - view.start;
    const turns: Record<string, () => void> = {
      ArrowLeft: () => this.#turn(turn, -TURN_STEP, 0),
      ArrowRight: () => this.#turn(turn, TURN_STEP, 0),
      ArrowUp: () => this.#turn(turn, 0, -TURN_STEP),
      ArrowDown: () => this.#turn(turn, 0, TURN_STEP),
      "0": () => {
        this.turn = FIRST_TURN;
        this.#turn(FIRST_TURN, 0, 0);
      },
    };
    const zooms: Record<string, () => void> = {
      ArrowLeft: () => this.#pan(-size / 10),
      ArrowRight: () => this.#pan(size / 10),
      "+": () => this.zoom(2),
      "=": () => this.zoom(2),
      "-": () => this.zoom(1 / 2),
      "0": () => this.showAll(),
    };
    const rows: Record<string, () => void> = {
      ArrowUp: () => this.#step(-1, shown),
      ArrowDown: () => this.#step(1, shown),
      PageUp: () => this.#step(-PAGE_ROWS, shown),
      PageDown: () => this.#step(PAGE_ROWS, shown),
      Home: () => this.#step(Number.NEGATIVE_INFINITY, shown),
      End: () => this.#step(Number.POSITIVE_INFINITY, shown),
      Enter: () => this.#actions.ownPeak(),
      Escape: () => this.#actions.band(null),
    };
    const own = shown.isSolid ? turns : zooms;
    // With Shift an arrow does the same on both pictures: up and down choose, left and right pan.
    const act = shiftKey ? (rows[key] ?? own[key]) : (own[key] ?? rows[key]);
    act?.();
    return act !== undefined;
  }

  #step(rows: number, { content, chosen }: OnCanvas): void {
    const place = Math.max(0, Math.min(content.rows.length - 1, content.rowOf(chosen) + rows));
    if (content.rows.length > 0) this.#actions.neuron(content.rows[place]);
  }
}
