import { setAttribute } from "./dom.ts";
import { atEnd } from "./listen.ts";

/** Tells a screen reader what the bqplot pictures of one box show: bqplot draws them without a role or a name. */
export class FigureNames {
  readonly #root: HTMLElement;
  #names: readonly string[] = [];
  #watched: Element | null = null;
  // Pictures come onto the page in their own time, each where a placeholder stood.
  readonly #observer = new MutationObserver(() => this.#put());

  constructor(root: HTMLElement, signal: AbortSignal) {
    this.#root = root;
    atEnd(signal, () => this.#observer.disconnect());
  }

  /** One name for each picture, in their order on the page. */
  update(names: readonly string[]): void {
    this.#names = names;
    const box = this.#root.closest(".rw-pictures");
    if (box && box !== this.#watched) {
      this.#watched = box;
      this.#observer.disconnect();
      this.#observer.observe(box, { childList: true });
    }
    this.#put();
  }

  #put(): void {
    this.#watched?.querySelectorAll(".bqplot").forEach((figure, place) => {
      figure.setAttribute("role", "img");
      setAttribute(figure, "aria-label", this.#names[place] ?? "");
    });
  }
}
