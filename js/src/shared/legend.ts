import { gradient, type Lut } from "./colour.ts";
import { element, setText } from "./dom.ts";
import { formatNumber } from "./ticks.ts";

/** A colour bar with its limits and what it measures. */
export class Legend {
  readonly node: HTMLElement;
  readonly #title = element("span", { class: "rw-legend-title" });
  readonly #low = element("span");
  readonly #high = element("span");
  readonly #bar = element("span", { class: "rw-legend-bar" });
  #lut: Lut | null = null;

  constructor() {
    this.node = element("span", { class: "rw-legend" }, this.#title, this.#low, this.#bar, this.#high);
  }

  update(title: string, lut: Lut, low: string | number, high: string | number): void {
    const text = (limit: string | number) => (typeof limit === "number" ? formatNumber(limit) : limit);
    setText(this.#title, title);
    setText(this.#low, text(low));
    setText(this.#high, text(high));
    if (lut !== this.#lut) this.#bar.style.backgroundImage = gradient(lut);
    this.#lut = lut;
  }
}

/** The words for a signal of a layer, as they stand in titles. */
export function signalLabel(signal: string, layer: number): string {
  return `${signal.replaceAll("_", " ")} · layer ${layer}`;
}
