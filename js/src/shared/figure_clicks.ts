/** A click in the plot area of a bqplot picture: where, as shares from its left and from its foot, and its size. */
export interface PlotClick {
  across: number;
  up: number;
  width: number;
  height: number;
}

/**
 * Calls back for each click in the plot area of the picture below a caption. bqplot's own marks tell of clicks only
 * on themselves, and some of them only to a kernel.
 */
export class FigureClicks {
  readonly #root: HTMLElement;
  readonly #signal: AbortSignal;
  readonly #clicked: (click: PlotClick) => void;
  #heard: Element | null = null;

  constructor(root: HTMLElement, signal: AbortSignal, clicked: (click: PlotClick) => void) {
    this.#root = root;
    this.#signal = signal;
    this.#clicked = clicked;
  }

  /** To be called at each drawing, because the caption comes into its box after it was made. */
  attach(): void {
    const box = this.#root.closest(".rw-pictures");
    if (!box || box === this.#heard) return;
    this.#heard = box;
    box.addEventListener("click", (event) => this.#click(event as MouseEvent), { signal: this.#signal });
  }

  #click(event: MouseEvent): void {
    const figure = (event.target as Element).closest(".bqplot");
    const plot = figure?.querySelector(".plotarea_events")?.getBoundingClientRect();
    if (!plot?.width || !plot.height) return;
    const across = (event.clientX - plot.left) / plot.width;
    const up = (plot.bottom - event.clientY) / plot.height;
    if (across < 0 || across > 1 || up < 0 || up > 1) return;
    this.#clicked({ across, up, width: plot.width, height: plot.height });
  }
}
