const PATIENCE_MS = 4000;
const FRESH_MS = 3000;

/** Whether the kernel still answers: it is asked when something is chosen, and one question is under way at a time. */
export class Pulse {
  /** True from the moment an answer is overdue until one comes. */
  isSilent = false;
  #heard = Number.NEGATIVE_INFINITY;
  #overdue: ReturnType<typeof setTimeout> | 0 = 0;

  /** Asks, unless the kernel was heard a moment ago or owes an answer; `changed` is called when it falls silent. */
  check(ask: () => unknown, changed: () => void): void {
    if (this.#overdue || performance.now() - this.#heard < FRESH_MS) return;
    this.#overdue = setTimeout(() => {
      this.#overdue = 0;
      if (this.isSilent) return;
      this.isSilent = true;
      changed();
    }, PATIENCE_MS);
    ask();
  }

  /** Notes an answer; true if the kernel had been silent. */
  hear(): boolean {
    clearTimeout(this.#overdue);
    this.#overdue = 0;
    this.#heard = performance.now();
    const wasSilent = this.isSilent;
    this.isSilent = false;
    return wasSilent;
  }

  close(): void {
    clearTimeout(this.#overdue);
  }
}
