import { decode, type Matrix } from "./matrix.ts";
import type { SharedRecording } from "./registry.ts";
import type { Model } from "./types.ts";

const ASK_AGAIN_AFTER_MS = 10_000;

/** One view's way to the arrays of a synced Recording: those that are here, decoded once a page, and those to ask for. */
export class Arrays {
  /** Names of what was needed since `startPicture` and is not here. */
  readonly missing = new Set<string>();
  readonly #model: Model;
  readonly #shared: SharedRecording;

  constructor(model: Model, shared: SharedRecording) {
    this.#model = model;
    this.#shared = shared;
  }

  startPicture(): void {
    this.missing.clear();
    this.#shared.fetches.release(this);
  }

  /** Whether Python can send the array with this name. */
  offers(name: string): boolean {
    return this.#offered.includes(name);
  }

  /** A whole array; null while it is on its way. */
  matrix(name: string): Matrix | null {
    const source = this.#arrived(name);
    if (!source) {
      this.need(name);
      return null;
    }
    this.#shared.asked.delete(name);
    const known = this.#shared.decoded.get(name);
    if (known?.source === source) return known.matrix;
    const matrix = decode(source);
    this.#shared.decoded.set(name, { source, matrix });
    return matrix;
  }

  /** A part of a large recording; null while it is on its way. */
  part(key: string): Matrix | null {
    const { fetches } = this.#shared;
    const found = fetches.get(key);
    if (found) return found;
    const kept = (this.#model.get("fetched") as Record<string, DataView>)[key];
    if (kept) return fetches.put(key, kept);
    this.missing.add(key);
    fetches.want(this, key, (content) => this.send(content));
    return null;
  }

  need(name: string): void {
    this.missing.add(name);
    if (!this.#isAsked(name)) this.#ask(name);
  }

  /** Asks for one array that is not here yet, if it `may`; true when none is left. */
  prefetch(may: boolean): boolean {
    const absent = this.#offered.filter((name) => !name.startsWith("fetched_") && !this.#isHere(name));
    const next = absent[0];
    if (may && next && !absent.some((name) => this.#isAsked(name))) this.#ask(next);
    return absent.length === 0;
  }

  /** Sends a message to Python; false if that is not possible. */
  send(content: unknown): boolean {
    try {
      this.#model.send(content);
      return true;
    } catch {
      // The kernel is gone: whoever waits for the answer says so when it does not come.
      return false;
    }
  }

  get #offered(): string[] {
    return this.#model.get("offers") as string[];
  }

  #isHere(name: string): boolean {
    const value = this.#model.get(name);
    return Array.isArray(value) ? value.length > 0 : this.#arrived(name) !== null;
  }

  #arrived(name: string): DataView | null {
    const bytes = this.#model.get(name);
    return bytes instanceof DataView && bytes.byteLength > 0 ? bytes : null;
  }

  #isAsked(name: string): boolean {
    return (
      performance.now() - (this.#shared.asked.get(name) ?? Number.NEGATIVE_INFINITY) < ASK_AGAIN_AFTER_MS
    );
  }

  #ask(name: string): void {
    this.#shared.asked.set(name, performance.now());
    this.send({ need: name });
  }
}
