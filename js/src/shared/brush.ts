import type { Span } from "./local_features.ts";

/** Ranges as few as possible, in order: those that overlap or touch become one. */
export function merged(spans: readonly Span[]): Span[] {
  const result: [number, number][] = [];
  for (const [start, stop] of [...spans].sort(([one], [other]) => one - other)) {
    const last = result.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], stop);
    else result.push([start, stop]);
  }
  return result;
}

/** The stretches of tokens that a person marks, one of them still growing from its anchor. */
export class Brush {
  #kept: Span[] = [];
  #anchor: number | null = null;
  #head = 0;
  #spans: Span[] = [];

  /** First token and one past the last one of each stretch, in order, without overlaps. */
  get spans(): readonly Span[] {
    return this.#spans;
  }

  get tokens(): number {
    return this.#spans.reduce((sum, [start, stop]) => sum + stop - start, 0);
  }

  /** Where the growing stretch ends, or null where none is growing. */
  get head(): number | null {
    return this.#anchor === null ? null : this.#head;
  }

  /** Starts a stretch; the others stay only if `keep` says so. */
  begin(token: number, keep: boolean): void {
    this.#kept = keep ? [...this.#spans] : [];
    this.#anchor = token;
    this.extend(token);
  }

  /** Lets the growing stretch reach up to a token, in either direction; both ends belong to it. */
  extend(token: number): void {
    if (this.#anchor === null) return;
    this.#head = token;
    const [low, high] = [Math.min(this.#anchor, token), Math.max(this.#anchor, token)];
    this.#spans = merged([...this.#kept, [low, high + 1]]);
  }

  /** The growing stretch is done; the next one starts elsewhere. */
  rest(): void {
    this.#anchor = null;
  }

  clear(): void {
    this.#kept = [];
    this.#spans = [];
    this.#anchor = null;
  }
}

/** The exact characters of the stretches, each stretch on a line of its own. */
export function textOf(tokens: readonly string[], joiner: string, spans: readonly Span[]): string {
  return spans.map(([start, stop]) => tokens.slice(start, stop).join(joiner)).join("\n");
}

/** A name that says what was marked, and that no feature has yet. */
export function proposedName(
  tokens: readonly string[],
  joiner: string,
  spans: readonly Span[],
  taken: readonly string[],
): string {
  if (spans.length === 0) return "";
  const [start, stop] = spans[0];
  const words = tokens
    .slice(start, Math.min(stop, start + 40))
    .join(joiner)
    .replace(/[\s\p{C}]+/gu, " ")
    .trim();
  const short = words.length > 24 ? `${Array.from(words).slice(0, 23).join("")}\u2026` : words;
  const name = `${short || `tokens ${start} to ${stop - 1}`}${spans.length > 1 ? ` and ${spans.length - 1} more` : ""}`;
  let [free, number] = [name, 2];
  while (taken.includes(free)) free = `${name} (${number++})`;
  return free;
}
