import { type Matrix, rowOf } from "./matrix.ts";

/** First token and one past the last one. */
export type Span = readonly [number, number];

/** A feature that was brushed in this page. */
export interface LocalFeature {
  name: string;
  spans: readonly Span[];
  mask: Uint8Array;
}

export function maskOf(spans: readonly Span[], tokens: number): Uint8Array {
  const mask = new Uint8Array(tokens);
  for (const [start, stop] of spans) mask.fill(1, Math.max(0, start), Math.min(tokens, stop));
  return mask;
}

/** Indices where the mask is 1. */
export function places(mask: Uint8Array): number[] {
  const found: number[] = [];
  for (let token = 0; token < mask.length; token++) if (mask[token]) found.push(token);
  return found;
}

/** What is to be said of a feature that leaves nothing to compare, as Python says it; else null. */
export function messageOf(mask: Uint8Array): string | null {
  const matches = mask.reduce((sum, bit) => sum + bit, 0);
  if (matches === 0) return "No token has the feature: there is nothing to compare, so relevance is 0.";
  if (matches === mask.length)
    return "Every token has the feature: there is nothing to compare with, so relevance is 0.";
  return null;
}

/**
 * Relevance of every neuron for the tokens of a mask, by the method "thesis" as `rnn_widgets.relevance` defines it:
 * mean prominence at the tokens plus the difference of means, as a share of the largest.
 */
export function thesisScores(values: Matrix, mask: Uint8Array): Float32Array {
  const { rows, columns } = values;
  const scores = new Float32Array(rows);
  if (messageOf(mask)) return scores;
  const at = places(mask);
  for (let neuron = 0; neuron < rows; neuron++) {
    const row = rowOf(values, neuron);
    let total = 0;
    for (let token = 0; token < columns; token++) total += row[token];
    let inside = 0;
    let prominence = 0;
    for (const token of at) {
      const before = row[token > 0 ? token - 1 : 1];
      const after = row[token < columns - 1 ? token + 1 : columns - 2];
      inside += row[token];
      prominence += Math.abs(2 * row[token] - before - after);
    }
    const elsewhere = (total - inside) / (columns - at.length);
    scores[neuron] = prominence / at.length + Math.abs(inside / at.length - elsewhere);
  }
  const largest = scores.reduce((most, score) => Math.max(most, score), 0);
  return largest > 0 ? scores.map((score) => score / largest) : scores;
}
