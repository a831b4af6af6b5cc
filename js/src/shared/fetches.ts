import { decode, type Matrix } from "./matrix.ts";

const LOST_AFTER_MS = 10_000;
const KEPT_BYTES = 128 * 2 ** 20;

/** A part of a large recording that the kernel is asked for, written as JSON: what, and of which signal. */
export type Key = string;

export function keyOf(...parts: readonly unknown[]): Key {
  return JSON.stringify(parts);
}

type Send = (content: unknown) => boolean;

/**
 * Parts of a large recording, as the kernel sends them. One request is under way at a time; what is asked next is what
 * the newest pictures of all views still miss, so a picture that is gone by then costs nothing.
 */
export class Fetches {
  readonly #arrived = new Map<Key, Matrix>();
  readonly #wanted = new Map<object, { keys: Set<Key>; send: Send }>();
  readonly #refused = new Set<Key>();
  #bytes = 0;
  #underWay: { keys: readonly Key[]; since: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | 0 = 0;
  #isInFrame = false;

  /** A part that is here; using one keeps it from being forgotten first. */
  get(key: Key): Matrix | null {
    const found = this.#arrived.get(key);
    if (!found) return null;
    this.#arrived.delete(key);
    this.#arrived.set(key, found);
    return found;
  }

  put(key: Key, source: DataView): Matrix {
    const matrix = decode(source);
    this.#arrived.set(key, matrix);
    this.#bytes += matrix.data.byteLength;
    for (const [oldest, { data }] of this.#arrived) {
      if (this.#bytes <= KEPT_BYTES || oldest === key) break;
      this.#arrived.delete(oldest);
      this.#bytes -= data.byteLength;
    }
    return matrix;
  }

  /** Whether a request is under way, or about to be. */
  get isWaiting(): boolean {
    return this.#underWay !== null || this.#timer !== 0;
  }

  /** Notes that the newest picture of `user` misses a part. */
  want(user: object, key: Key, send: Send): void {
    if (this.#refused.has(key)) return;
    const wanted = this.#wanted.get(user) ?? { keys: new Set(), send };
    this.#wanted.set(user, wanted);
    wanted.keys.add(key);
    this.#timer ||= setTimeout(() => this.#ask(), 0);
  }

  /**
   * To be called when a view has asked for a frame: one request then holds what all views miss in it, and is on its
   * way before the browser begins to paint.
   */
  askInFrame(): void {
    if (this.#isInFrame) return;
    this.#isInFrame = true;
    const ask = () => {
      this.#isInFrame = false;
      this.#ask();
    };
    // Callbacks of a frame are called in their order, so this one comes after those of all views.
    queueMicrotask(() => requestAnimationFrame(ask));
  }

  /** Forgets what the last picture of `user` missed. */
  release(user: object): void {
    this.#wanted.delete(user);
  }

  /** Takes an answer of the kernel, who left out what there is not; false if nobody waits for it. */
  accept(keys: readonly Key[], buffers: readonly DataView[]): boolean {
    const asked = this.#underWay?.keys;
    if (!asked || keys.some((key) => !asked.includes(key))) return false;
    this.#underWay = null;
    for (const [place, key] of keys.entries()) this.put(key, buffers[place]);
    for (const key of asked) {
      if (!keys.includes(key)) this.#refused.add(key);
      for (const wanted of this.#wanted.values()) wanted.keys.delete(key);
    }
    this.#ask();
    return true;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#wanted.clear();
    this.#arrived.clear();
  }

  #ask(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (this.#underWay) {
      const left = this.#underWay.since + LOST_AFTER_MS - performance.now();
      if (left > 0) {
        this.#timer = setTimeout(() => this.#ask(), left);
        return;
      }
    }
    this.#underWay = null;
    const all = [...this.#wanted.values()];
    const keys = [...new Set(all.flatMap(({ keys: missing }) => [...missing]))];
    // Long work that fills a picture in goes last and alone, so that a choice need not wait for it.
    const quick = keys.filter((key) => !key.startsWith('["spectra"'));
    const next = quick.length > 0 ? quick : keys.slice(0, 1);
    if (next.length === 0) return;
    if (all.some(({ send }) => send({ get: next }))) {
      this.#underWay = { keys: next, since: performance.now() };
    }
  }
}
