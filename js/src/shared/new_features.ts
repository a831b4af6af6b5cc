import { maskOf, type Span } from "./local_features.ts";
import type { Recording } from "./recording.ts";
import { follow } from "./synced.ts";

/** What the kernel says of a feature that it was asked to make. */
export type Answer = { pattern?: string; spans?: string; added?: string; error?: string };

/** Sends a pattern to the kernel; the answer comes back as a message. False if it could not be sent. */
export function addFeature({ parts }: Recording, pattern: string): boolean {
  return parts.arrays.send({ add_feature: pattern });
}

export function onAnswer(
  { parts: { model } }: Recording,
  signal: AbortSignal,
  callback: (answer: Answer) => void,
): void {
  follow(model, "msg:custom", signal, callback);
}

/**
 * Makes a feature of stretches of the text. It is there at once in this page, and in Python as soon as the kernel
 * has taken it. Returns what is wrong with it, or null.
 */
export function addSpans(recording: Recording, name: string, spans: readonly Span[]): string | null {
  if (name.trim() === "") return "A feature needs a name.";
  if (recording.featureIndex(name) >= 0)
    return `There is a feature named ${name} already: give another name.`;
  const mask = maskOf(spans, recording.tokens.length);
  if (!mask.includes(1)) return "No token is marked: drag over the text first.";
  recording.parts.shared.local.push({ name, spans, mask });
  recording.parts.arrays.send({ add_spans: { name, spans } });
  recording.tellAll();
  return null;
}
