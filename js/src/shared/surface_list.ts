import { element } from "./dom.ts";
import type { PeakChoice } from "./spectrum_choice.ts";
import { bandText, told } from "./spectrum_words.ts";
import type { Band, Peak } from "./types.ts";

const TITLE =
  "Chooses the neuron and the band of this peak: its main lobe, at least 1.5 frequency bins to either side. " +
  "Once more gives the band back.";

/** The strongest peaks as buttons that choose neuron and band. */
export class PeakList {
  readonly node: HTMLElement;
  readonly #list = element("ol", { class: "rw-peaks" });
  readonly #title = element("h4", { class: "rw-peaks-title" });
  readonly #choice: PeakChoice;
  readonly #signal: AbortSignal;
  #shown = "";

  constructor(choice: PeakChoice, signal: AbortSignal) {
    this.#choice = choice;
    this.#signal = signal;
    this.node = element("div", { class: "rw-peaks-box" }, this.#title, this.#list);
  }

  /** `isExact` says whether a peak's numbers come from the neuron's own spectrum. */
  update(
    peaks: readonly Peak[],
    band: Band | null,
    chosen: number | null,
    tokens: number,
    isExact: (peak: Peak) => boolean,
  ): void {
    const title = band ? `Strongest from ${bandText(band, tokens)}` : "Strongest frequencies";
    const items = peaks.map((peak) => ({
      peak,
      isNeuron: peak.neuron === chosen,
      isChosen: this.#choice.isChosen(peak),
      text: `${isExact(peak) ? "" : "about "}${told(peak, tokens)}`,
    }));
    const key = JSON.stringify([title, items]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#title.textContent = title;
    if (items.length === 0) {
      const none = "This text resolves no frequency in the band with any amplitude.";
      this.#list.replaceChildren(element("li", { class: "rw-no-peak" }, none));
      return;
    }
    const focused = this.#focused;
    this.#list.replaceChildren(
      ...items.map(({ peak, isNeuron, isChosen, text }) => {
        const button = element(
          "button",
          {
            class: isNeuron ? "rw-button rw-peak rw-own" : "rw-button rw-peak",
            type: "button",
            title: TITLE,
            "data-neuron": peak.neuron,
            "aria-pressed": String(isChosen),
          },
          element("strong", {}, `Neuron ${peak.neuron}`),
          element("span", {}, text),
        );
        button.addEventListener("click", () => this.#choice.toggle(peak), { signal: this.#signal });
        return element("li", {}, button);
      }),
    );
    // The list is made anew under the keyboard of whoever pressed one of its buttons.
    if (focused) this.#list.querySelector<HTMLElement>(`[data-neuron="${focused}"]`)?.focus();
  }

  get #focused(): string | undefined {
    const active = this.#list.ownerDocument.activeElement;
    return active instanceof HTMLElement && this.#list.contains(active) ? active.dataset.neuron : undefined;
  }
}
