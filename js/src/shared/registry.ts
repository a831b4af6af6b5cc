import type { Matrix } from "./matrix.ts";

export interface DecodedArray {
  source: DataView;
  matrix: Matrix;
}

/** What all views of one recording share in a page, whichever of their modules was loaded first. */
export interface SharedRecording {
  users: number;
  decoded: Map<string, DecodedArray>;
  asked: Map<string, number>;
}

export interface Registry {
  recordings: Map<string, SharedRecording>;
  surfaces: Map<string, unknown>;
}

// anywidget loads a module once per widget instance, so whatever is one per page lives here; the number grows
// whenever the shape of the registry changes, so that two versions in one page never meet.
const KEY = Symbol.for("rnn_widgets.registry.1");

export function registry(): Registry {
  const page = globalThis as unknown as Record<symbol, Registry | undefined>;
  let found = page[KEY];
  if (!found) {
    found = { recordings: new Map(), surfaces: new Map() };
    page[KEY] = found;
  }
  return found;
}

/** The shared part of a recording, kept for as long as one of its users has not aborted. */
export function sharedRecording(reference: string, signal: AbortSignal): SharedRecording {
  const { recordings } = registry();
  const shared = recordings.get(reference) ?? { users: 0, decoded: new Map(), asked: new Map() };
  recordings.set(reference, shared);
  shared.users += 1;
  signal.addEventListener("abort", () => {
    shared.users -= 1;
    if (shared.users === 0) recordings.delete(reference);
  });
  return shared;
}
