import { keyOf } from "./fetches.ts";
import type { Recording } from "./recording.ts";
import { derived } from "./registry.ts";

const TOKENS_AT_ONCE = 256;

export function hasSurprisal({ parts: { arrays } }: Recording): boolean {
  return arrays.offers("surprisal");
}

/** (T,) bits of each token; NaN at a document's first one. Null where none was recorded, or not here yet. */
export function surprisalOf(recording: Recording): Float32Array | null {
  const matrix = hasSurprisal(recording) ? recording.parts.arrays.matrix("surprisal") : null;
  return matrix && (matrix.data as Float32Array);
}

export function hasPredictions({ parts: { arrays } }: Recording): boolean {
  return arrays.offers("predictions") || arrays.offers("fetched_predictions");
}

type Continuations = [token: string, probability: number][];

/** The likeliest tokens after a token, with their probabilities; null where none were recorded, or not here yet. */
export function predictionsAfter(recording: Recording, token: number): Continuations | null {
  const { arrays, model, shared } = recording.parts;
  if (arrays.offers("predictions")) {
    const all = model.get("predictions") as Continuations[];
    if (all.length === 0) arrays.need("predictions");
    return all[token] ?? null;
  }
  if (!hasPredictions(recording)) return null;
  const start = token - (token % TOKENS_AT_ONCE);
  const bytes = arrays.part(keyOf("predictions", start, start + TOKENS_AT_ONCE));
  if (!bytes) return null;
  const read = () => JSON.parse(new TextDecoder().decode(bytes.data)) as Continuations[];
  return derived(shared, bytes, "predictions", read)[token - start] ?? null;
}
