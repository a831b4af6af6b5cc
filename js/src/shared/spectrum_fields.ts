import { element } from "./dom.ts";
import { frequencyText } from "./spectrum_words.ts";
import type { Band } from "./types.ts";

/** The band as two numbers that can be typed, and a button for all frequencies. */
export class BandFields {
  readonly node: HTMLElement;
  readonly #low = field("low", "Lowest frequency of the band, cycles per token");
  readonly #high = field("high", "Highest frequency of the band, cycles per token");
  readonly #whole = element("button", { class: "rw-button", type: "button" }, "All frequencies");

  /** `chosen` is told the typed band; null is all frequencies. */
  constructor(signal: AbortSignal, chosen: (band: Band | null) => void) {
    this.node = element(
      "span",
      { class: "rw-field rw-band-fields" },
      element("span", {}, "Band"),
      this.#low,
      element("span", {}, "to"),
      this.#high,
      this.#whole,
    );
    const typed = () => {
      const [low, high] = [Number(this.#low.value), Number(this.#high.value)].sort(
        (one, other) => one - other,
      );
      chosen(
        low <= 0 && high >= 0.5 ? null : [Math.max(0, Math.min(0.5, low)), Math.max(0, Math.min(0.5, high))],
      );
    };
    for (const end of [this.#low, this.#high]) end.addEventListener("change", typed, { signal });
    this.#whole.addEventListener("click", () => chosen(null), { signal });
  }

  update(band: Band | null, tokens: number): void {
    const active = this.node.ownerDocument.activeElement;
    const texts = (band ?? [0, 0.5]).map((end) => frequencyText(end, 10 * tokens));
    for (const [place, end] of [this.#low, this.#high].entries()) {
      if (end !== active && end.value !== texts[place]) end.value = texts[place];
    }
    this.#whole.disabled = band === null;
  }
}

function field(name: string, label: string): HTMLInputElement {
  return element("input", {
    class: "rw-input rw-number",
    type: "number",
    name,
    min: 0,
    max: 0.5,
    step: 0.01,
    "aria-label": label,
  });
}
