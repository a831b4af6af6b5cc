import { element, setText } from "./dom.ts";
import type { Spectra } from "./spectrum_source.ts";
import type { SignalInfo } from "./types.ts";

const NO_WEBGL = "This page offers no WebGL2 for the 3-D view: the flat picture shows the same numbers.";
const LOST =
  "The browser has taken the graphics away for a moment: the 3-D view comes back by itself. Meanwhile the flat picture shows the same numbers.";

/** What the view has to say of itself: spectra still on their way, and no graphics. */
export class SurfaceStatus {
  readonly node: HTMLElement;
  readonly #message = element("p", { class: "rw-message", hidden: true });
  readonly #words = element("span", { class: "rw-progress-words" });
  readonly #bar = element("progress", { class: "rw-progress", "aria-label": "Spectra that are ready" });
  readonly #progress = element("div", { class: "rw-progress-line", hidden: true }, this.#words, this.#bar);

  constructor() {
    this.node = element("div", {}, this.#message, this.#progress);
  }

  /** How many spectra of a large recording are here. */
  progress(spectra: Spectra | null, { large, neurons }: SignalInfo): void {
    const done = spectra?.done ?? 0;
    this.#progress.hidden = !large || done >= neurons;
    if (this.#progress.hidden) return;
    this.#words.textContent = `Spectra of ${done.toLocaleString("en")} of ${neurons.toLocaleString("en")} neurons are ready.`;
    this.#bar.max = neurons;
    this.#bar.value = done;
  }

  graphics(isMissing: boolean, isLost: boolean): void {
    const text = !isMissing ? "" : isLost ? LOST : NO_WEBGL;
    setText(this.#message, text);
    this.#message.hidden = text === "";
  }
}
