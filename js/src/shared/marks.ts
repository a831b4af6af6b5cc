import type { Model } from "./types.ts";

/** The names of the bqplot attributes that hold coordinates, limits or words. */
export interface MarkAttributes {
  x?: Float64Array;
  y?: Float64Array;
  min?: number;
  max?: number;
  names?: string[];
  text?: string[];
  align?: "start" | "end";
  x_offset?: number;
}

/** Sets several attributes at once, so that no picture is drawn of a new x with an old y. */
export function put(part: Model, attributes: MarkAttributes): void {
  (part as unknown as { set(attributes: MarkAttributes): void }).set(attributes);
}

export function curve(part: Model, x: Iterable<number>, y: Iterable<number>): void {
  put(part, { x: Float64Array.from(x), y: Float64Array.from(y) });
}
