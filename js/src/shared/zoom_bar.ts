import { element, setText } from "./dom.ts";
import { atEnd, listen } from "./listen.ts";
import { type Minimap, type MinimapContent, minimaps } from "./minimaps.ts";
import type { Viewport } from "./viewport.ts";

const HINTED_MS = 2500;

/** What the bar asks for; shares are of what is in view, or of the whole for `centre`. */
export interface ZoomActions {
  zoom(factor: number): void;
  panBy(down: number, right: number): void;
  centre(down: number, right: number): void;
  reset(): void;
}

/** Under a picture: the whole in small, what is in view in words, and buttons to zoom. */
export class ZoomBar {
  readonly node: HTMLElement;
  readonly #map = element("canvas", {
    class: "rw-minimap",
    tabindex: 0,
    role: "application",
    "aria-roledescription": "overview",
    "aria-label": "Overview. Arrow keys move the view, plus and minus zoom, 0 shows all.",
  });
  readonly #minimap: Minimap | null;
  readonly #words = element("span", { class: "rw-zoom-words" });
  readonly #hint: HTMLElement;
  readonly #all: HTMLButtonElement;
  readonly #out: HTMLButtonElement;
  #hinted = 0;

  constructor(viewport: Viewport, actions: ZoomActions, signal: AbortSignal) {
    const button = (text: string, name: string, act: () => void) => {
      const made = element(
        "button",
        { class: "rw-button", type: "button", title: name, "aria-label": name },
        text,
      );
      listen(made, "click", signal, act);
      return made;
    };
    this.#out = button("\u2212", "Zoom out (key \u2212)", () => actions.zoom(1 / 2));
    this.#all = button("Show all", "Show all (key 0)", actions.reset);
    this.#hint = element(
      "span",
      { class: "rw-zoom-hint" },
      "Zoom: Ctrl and wheel, or + and \u2212 (Shift: tokens only, Alt: neurons only). Pan: drag, or Shift and arrows.",
    );
    this.#minimap = minimaps.now?.(this.#map, viewport, signal) ?? null;
    this.node = element(
      "div",
      { class: "rw-zoom", role: "group", "aria-label": "Zoom" },
      element("span", { class: "rw-zoom-text" }, this.#words, this.#hint),
      element(
        "span",
        { class: "rw-zoom-buttons" },
        this.#out,
        button("+", "Zoom in (key +)", () => actions.zoom(2)),
        this.#all,
      ),
    );
    this.#listen(actions, signal);
    atEnd(signal, () => clearTimeout(this.#hinted));
  }

  /** `content` is null while its cells are on their way. True where the keyboard's place was on what is there no longer. */
  update(words: string, isWhole: boolean, hasMap: boolean, content: MinimapContent | null): boolean {
    const map = this.#map;
    const active = document.activeElement;
    const isLost = (!hasMap && map === active) || (isWhole && (this.#all === active || this.#out === active));
    setText(this.#words, words);
    this.#all.disabled = isWhole;
    this.#out.disabled = isWhole;
    if (!hasMap || !this.#minimap) map.remove();
    else if (!map.parentNode) this.node.prepend(map);
    if (hasMap && content) this.#minimap?.draw(content);
    return isLost;
  }

  /** Says how to zoom, to someone who tried the wheel alone. */
  hint(): void {
    this.#hint.classList.add("rw-hinted");
    clearTimeout(this.#hinted);
    this.#hinted = window.setTimeout(() => this.#hint.classList.remove("rw-hinted"), HINTED_MS);
  }

  #listen(actions: ZoomActions, signal: AbortSignal): void {
    const map = this.#map;
    const centre = (event: PointerEvent) => {
      const shares = this.#minimap?.sharesAt(event.offsetX, event.offsetY);
      if (shares) actions.centre(shares.down, shares.right);
    };
    listen(map, "pointerdown", signal, (event) => {
      map.setPointerCapture(event.pointerId);
      centre(event);
    });
    listen(map, "pointermove", signal, (event) => {
      if (map.hasPointerCapture(event.pointerId)) centre(event);
    });
    listen(map, "keydown", signal, (event) => {
      if (zoomKey(event, actions) || arrowPan(event, actions)) event.preventDefault();
    });
  }
}

/** Does what a key of zooming asks for; false if it is none. */
export function zoomKey({ key, ctrlKey, metaKey }: KeyboardEvent, actions: ZoomActions): boolean {
  if (ctrlKey || metaKey) return false;
  if ("+=".includes(key)) actions.zoom(2);
  else if ("-_".includes(key)) actions.zoom(1 / 2);
  else if (key === "0" || key === "Home") actions.reset();
  else return false;
  return true;
}

/** Pans a quarter of what is in view; false if the key is no arrow. */
export function arrowPan({ key }: KeyboardEvent, { panBy }: ZoomActions): boolean {
  const step = STEPS[key];
  if (step) panBy(step[0] / 4, step[1] / 4);
  return step !== undefined;
}

/** Down and right for each arrow key. */
export const STEPS: Readonly<Record<string, readonly [number, number] | undefined>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
