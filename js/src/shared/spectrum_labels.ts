import type { Box } from "./canvas.ts";

/** Places that are taken, so that no two labels stand on each other. */
export class Labels {
  readonly #taken: Box[] = [];

  /** Takes a place if it is free. */
  take(box: Box): boolean {
    if (!this.isFree(box)) return false;
    this.#taken.push(box);
    return true;
  }

  isFree({ left, top, width, height }: Box): boolean {
    return this.#taken.every(
      (other) =>
        left >= other.left + other.width ||
        other.left >= left + width ||
        top >= other.top + other.height ||
        other.top >= top + height,
    );
  }
}
