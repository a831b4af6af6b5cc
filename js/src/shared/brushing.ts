import type { Brush } from "./brush.ts";
import { atEnd } from "./listen.ts";
import type { TextPanel } from "./text_panel.ts";

const AUTOSCROLL_MS = 60;

/** What a drag over the text needs to know and to tell. */
export interface Brushing {
  panel: TextPanel;
  brush: Brush;
  /** The token at a place of the screen, the nearest one where there is none. */
  tokenAt(x: number, y: number): number | null;
  /** The stretches have changed. */
  changed(): void;
  /** A press on a token that was no drag. */
  chosen(token: number, event: MouseEvent): void;
  /** A drag has ended. */
  done(): void;
}

/** Lets the pointer mark stretches of tokens: a drag marks, with control it adds, beyond the edges it scrolls. */
export function brushByPointer({ panel, brush, ...brushing }: Brushing, signal: AbortSignal): void {
  const { scroller } = panel;
  let from: number | null = null;
  let pressed: number | null = null;
  let told = false;
  let dragged = false;
  let last: PointerEvent | null = null;
  let timer = 0;

  const reach = (event: PointerEvent) => {
    const token = brushing.tokenAt(event.clientX, event.clientY);
    if (from === null || token === null) return;
    if (!dragged && token !== from) {
      dragged = true;
      brush.begin(from, event.ctrlKey || event.metaKey);
    }
    if (!dragged) return;
    brush.extend(token);
    brushing.changed();
  };
  const scrollOn = () => {
    if (!last || from === null) return;
    const box = scroller.getBoundingClientRect();
    const beyond = Math.min(0, last.clientY - box.top) + Math.max(0, last.clientY - box.bottom);
    if (beyond === 0) return;
    panel.scrollBy(Math.sign(beyond) * (1 + Math.floor(Math.abs(beyond) / 40)));
    reach(last);
  };
  const end = () => {
    clearInterval(timer);
    if (dragged) {
      brush.rest();
      brushing.done();
    }
    from = null;
    dragged = false;
    last = null;
  };

  scroller.addEventListener(
    "pointerdown",
    (event) => {
      told = false;
      if (event.button !== 0 || event.pointerType === "touch" || !isText(event)) return;
      pressed = tokenOf(event);
      from = brushing.tokenAt(event.clientX, event.clientY);
      last = event;
      scroller.setPointerCapture(event.pointerId);
      clearInterval(timer);
      timer = window.setInterval(scrollOn, AUTOSCROLL_MS);
    },
    { signal },
  );
  // The browser's own selection of text would show pieces of what is virtual; the stretch is marked instead.
  scroller.addEventListener(
    "mousedown",
    (event) => {
      if (event.button !== 0 || !isText(event)) return;
      event.preventDefault();
      scroller.focus({ preventScroll: true });
    },
    { signal },
  );
  scroller.addEventListener(
    "pointermove",
    (event) => {
      if (from === null) return;
      last = event;
      reach(event);
    },
    { signal },
  );
  scroller.addEventListener(
    "pointerup",
    (event) => {
      told = from !== null;
      if (pressed !== null && !dragged && told) brushing.chosen(pressed, event);
      end();
    },
    { signal },
  );
  // What comes without a pointer of its own: a tap, or a screen reader's click.
  scroller.addEventListener(
    "click",
    (event) => {
      const token = told ? null : tokenOf(event);
      told = false;
      if (token !== null) brushing.chosen(token, event);
    },
    { signal },
  );
  scroller.addEventListener("pointercancel", end, { signal });
  atEnd(signal, () => clearInterval(timer));
}

function isText(event: Event): boolean {
  return (event.target as Element).closest(".rw-lines") !== null;
}

/** The token that an event is at. */
export function tokenOf(event: Event): number | null {
  const span = (event.target as Element).closest<HTMLElement>("[data-token]");
  return span ? Number(span.dataset.token) : null;
}
