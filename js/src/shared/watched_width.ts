import { atEnd } from "./listen.ts";

/** The inner width of an element in CSS pixels, told by an observer, so that no picture has the page laid out to ask. */
export class WatchedWidth {
  readonly #element: HTMLElement;
  #width = 0;

  constructor(element: HTMLElement, signal: AbortSignal, changed: () => void) {
    this.#element = element;
    const observer = new ResizeObserver(() => {
      if (this.#width === element.clientWidth) return;
      this.#width = element.clientWidth;
      changed();
    });
    observer.observe(element);
    atEnd(signal, () => observer.disconnect());
  }

  /** Before the observer has told one, and while there is none, the page is asked. */
  get now(): number {
    return this.#width || this.#element.clientWidth;
  }
}
