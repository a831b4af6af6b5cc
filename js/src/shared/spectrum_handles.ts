import { element, setAttribute } from "./dom.ts";
import type { SpectrumPicture } from "./spectrum_picture.ts";
import { endText } from "./spectrum_words.ts";
import type { Band } from "./types.ts";

const HIGHEST = 0.5;
const PAGE_STEPS = 10;
const NAMES = ["Lowest frequency of the band", "Highest frequency of the band"] as const;
const HELP = "Drag, or press arrow keys, Page Up and Page Down, Home and End. Escape shows all frequencies.";

interface Ends {
  band: Band | null;
  tokens: number;
  isShown: boolean;
}

/** The two ends of the band, as handles under the flat picture that are moved by pointer and by keyboard. */
export class BandHandles {
  readonly nodes: readonly HTMLElement[];
  readonly #picture: SpectrumPicture;
  #ends: Ends = { band: null, tokens: 1, isShown: false };

  /** `moved` is told the band while a handle is dragged, `chosen` when it is let go; null is all frequencies. */
  constructor(
    picture: SpectrumPicture,
    signal: AbortSignal,
    moved: (band: Band | null) => void,
    chosen: (band: Band | null) => void,
  ) {
    this.#picture = picture;
    this.nodes = NAMES.map((name, end) => {
      const node = element("div", {
        class: `rw-handle ${end === 0 ? "rw-handle-low" : "rw-handle-high"}`,
        role: "slider",
        tabindex: 0,
        title: `${name}. ${HELP}`,
        "aria-label": name,
        "aria-orientation": "horizontal",
      });
      this.#followPointer(node, end, signal, moved, chosen);
      node.addEventListener(
        "keydown",
        (event) => {
          const band = event.key === "Escape" ? null : this.#stepped(end, event);
          if (band === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          // The next key may come before the next frame.
          this.#ends = { ...this.#ends, band };
          chosen(band);
        },
        { signal },
      );
      node.addEventListener("dblclick", () => chosen(null), { signal });
      return node;
    });
  }

  update(band: Band | null, tokens: number, isShown: boolean): void {
    this.#ends = { band, tokens, isShown };
    const { box } = this.#picture;
    const [low, high] = this.#values;
    for (const [end, node] of this.nodes.entries()) {
      node.hidden = !isShown;
      if (!isShown) continue;
      const value = end === 0 ? low : high;
      const place = this.#picture.xOf(value);
      const x = Math.max(box.left, Math.min(box.left + box.width, place));
      node.style.left = `${end === 0 ? x - 18 : x}px`;
      node.style.top = `${box.top + box.height}px`;
      node.classList.toggle("rw-beyond", Math.abs(place - x) > 1);
      setAttribute(node, "aria-valuemin", digits(end === 0 ? 0 : low));
      setAttribute(node, "aria-valuemax", digits(end === 0 ? high : HIGHEST));
      setAttribute(node, "aria-valuenow", digits(value));
      setAttribute(node, "aria-valuetext", endText(value, tokens));
    }
  }

  get #values(): Band {
    return this.#ends.band ?? [0, HIGHEST];
  }

  #followPointer(
    node: HTMLElement,
    end: number,
    signal: AbortSignal,
    moved: (band: Band | null) => void,
    chosen: (band: Band | null) => void,
  ): void {
    let grip: number | null = null;
    let latest: Band | null | undefined;
    const frequencyAt = (event: PointerEvent) =>
      this.#picture.frequencyAt(
        event.clientX - this.#picture.canvas.getBoundingClientRect().left - (grip ?? 0),
      );
    node.addEventListener(
      "pointerdown",
      (event) => {
        if (event.button !== 0) return;
        const left = this.#picture.canvas.getBoundingClientRect().left;
        grip = event.clientX - left - this.#picture.xOf(this.#values[end]);
        latest = undefined;
        node.setPointerCapture(event.pointerId);
      },
      { signal },
    );
    node.addEventListener(
      "pointermove",
      (event) => {
        if (grip === null) return;
        latest = this.#placed(end, frequencyAt(event));
        moved(latest);
      },
      { signal },
    );
    for (const name of ["pointerup", "pointercancel"] as const) {
      node.addEventListener(
        name,
        () => {
          if (grip !== null && latest !== undefined) chosen(latest);
          grip = null;
        },
        { signal },
      );
    }
  }

  /** The band after a key, or undefined where the key means nothing here. */
  #stepped(end: number, { key }: KeyboardEvent): Band | null | undefined {
    const [low, high] = this.#values;
    const value = end === 0 ? low : high;
    const { tokens } = this.#ends;
    const { view, box } = this.#picture;
    // One frequency of the text, or one pixel where several frequencies share it.
    const step = Math.max(1, Math.round((view.stop - view.start) / box.width)) / tokens;
    const steps: Record<string, number> = {
      ArrowLeft: value - step,
      ArrowDown: value - step,
      ArrowRight: value + step,
      ArrowUp: value + step,
      PageDown: value - PAGE_STEPS * step,
      PageUp: value + PAGE_STEPS * step,
      Home: end === 0 ? 0 : low,
      End: end === 0 ? high : HIGHEST,
    };
    return key in steps ? this.#placed(end, steps[key]) : undefined;
  }

  /** The band with one end elsewhere, never beyond the other one; null where it is all frequencies. */
  #placed(end: number, frequency: number): Band | null {
    const [low, high] = this.#values;
    const band: Band =
      end === 0
        ? [Math.max(0, Math.min(high, frequency)), high]
        : [low, Math.min(HIGHEST, Math.max(low, frequency))];
    return band[0] <= 0 && band[1] >= HIGHEST ? null : band;
  }
}

function digits(frequency: number): string {
  return String(Number(frequency.toPrecision(6)));
}
