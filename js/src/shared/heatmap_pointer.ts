import type { HeatmapContent, HeatmapPicture, Hit } from "./heatmap_picture.ts";
import { listen } from "./listen.ts";
import type { Axes } from "./viewport.ts";

const DRAG_FROM = 4;
/** Pixels of the wheel that double the picture; a pinch sends far fewer than a wheel. */
const WHEEL_DOUBLES = 300;
const PINCH_DOUBLES = 80;
const PINCH_BELOW = 40;
const LINE = 16;

export interface PointerActions {
  content(): HeatmapContent | null;
  pinned(): readonly number[];
  /** The pointer is over a cell or a row, or (null) over none. */
  over(event: PointerEvent, hit: Hit | null): void;
  click(hit: Hit, isShifted: boolean): void;
  /** The wheel was turned where it scrolls the page. */
  hint(): void;
  reset(): void;
  changed(): void;
}

/** Pointer and wheel on the heat map: a click chooses, a drag pans what is zoomed, the wheel zooms at the pointer. */
export function listenToPointer(picture: HeatmapPicture, actions: PointerActions, signal: AbortSignal): void {
  const { canvas, viewport } = picture;
  let from: { x: number; y: number } | null = null;
  let isDrag = false;

  const hitOf = (event: MouseEvent) => {
    const content = actions.content();
    return content && picture.hit(event.offsetX, event.offsetY, content, actions.pinned());
  };
  const drag = (event: PointerEvent) => {
    if (!from) return;
    const [right, down] = [event.clientX - from.x, event.clientY - from.y];
    if (!isDrag && Math.hypot(right, down) < DRAG_FROM) return;
    if (!isDrag) canvas.setPointerCapture(event.pointerId);
    isDrag = true;
    from = { x: event.clientX, y: event.clientY };
    const { rows, columns } = viewport;
    const perRow = picture.box.height / (rows.stop - rows.start);
    const perColumn = picture.box.width / (columns.stop - columns.start);
    if (viewport.pan(-down / perRow, -right / perColumn)) actions.changed();
  };

  listen(canvas, "pointerdown", signal, (event) => {
    isDrag = false;
    from = event.button === 0 && !viewport.isWhole ? { x: event.clientX, y: event.clientY } : null;
  });
  listen(canvas, "pointermove", signal, (event) => {
    drag(event);
    actions.over(event, isDrag && from ? null : hitOf(event));
  });
  for (const name of ["pointerup", "pointercancel"] as const) {
    listen(canvas, name, signal, () => {
      from = null;
    });
  }
  listen(canvas, "pointerleave", signal, (event) => actions.over(event, null));
  listen(canvas, "click", signal, (event) => {
    const hit = isDrag ? null : hitOf(event);
    isDrag = false;
    if (hit) actions.click(hit, event.shiftKey);
  });
  listen(canvas, "dblclick", signal, actions.reset);
  listen(canvas, "wheel", signal, (event) => {
    if (!takesWheel(event, canvas, viewport.isWhole)) return actions.hint();
    const isChanged = turn(event, picture);
    // At the end of the zoom the wheel scrolls the page again; with Ctrl it would zoom the page.
    if (isChanged || event.ctrlKey) event.preventDefault();
    if (isChanged) actions.changed();
  });
}

/** As on a map in a page: the wheel alone scrolls the page until the picture has the focus, or is zoomed. */
export function takesWheel(event: WheelEvent, canvas: HTMLCanvasElement, isWhole: boolean): boolean {
  const { ctrlKey, shiftKey, altKey, metaKey } = event;
  return ctrlKey || shiftKey || altKey || metaKey || !isWhole || canvas.matches(":focus");
}

function turn(event: WheelEvent, picture: HeatmapPicture): boolean {
  const { viewport, box } = picture;
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE;
  const [right, down] = [event.deltaX * unit, event.deltaY * unit];
  if (!event.shiftKey && !event.ctrlKey && Math.abs(right) > Math.abs(down)) {
    const { start, stop } = viewport.columns;
    return viewport.pan(0, (right / box.width) * (stop - start));
  }
  // With shift most browsers turn the wheel's direction.
  const by = down || right;
  const doubles = event.ctrlKey && Math.abs(by) < PINCH_BELOW ? PINCH_DOUBLES : WHEEL_DOUBLES;
  const factor = 2 ** (-Math.max(-doubles, Math.min(doubles, by)) / doubles);
  const axes: Axes = event.shiftKey ? "columns" : event.altKey ? "rows" : "both";
  const x = Math.max(box.left, Math.min(box.left + box.width, event.offsetX));
  return viewport.zoom(factor, picture.rowPlaceAt(event.offsetY), picture.columnAt(x), axes);
}
