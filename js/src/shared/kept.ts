/** A value that is computed again only when one of the things that it follows from is another one. */
export class Kept<Value> {
  #parts: readonly unknown[] | null = null;
  /** The newest one. */
  value: Value | null = null;

  of(parts: readonly unknown[], compute: () => Value): Value {
    const known = this.#parts;
    if (!known || known.length !== parts.length || parts.some((part, index) => part !== known[index])) {
      this.value = compute();
      this.#parts = parts;
    }
    return this.value as Value;
  }
}
