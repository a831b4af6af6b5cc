import { atEnd } from "./listen.ts";

const STILL_AFTER_MS = 150;

/** Whether a picture moves: it is drawn coarsely until nothing has changed it for a moment. */
export class Motion {
  readonly #changed: () => void;
  #timer = 0;
  #isNew = false;

  /** `changed` is called when the picture stands still, and so is to be drawn in full. */
  constructor(signal: AbortSignal, changed: () => void) {
    this.#changed = changed;
    atEnd(signal, () => clearTimeout(this.#timer));
  }

  get isMoving(): boolean {
    return this.#isNew || this.#timer !== 0;
  }

  moved(): void {
    this.#isNew = true;
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  /** To be called when a picture was drawn: the moment begins then, however long a movement took to be drawn. */
  drawn(): void {
    if (!this.#isNew) return;
    this.#isNew = false;
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      this.#changed();
    }, STILL_AFTER_MS);
  }
}
