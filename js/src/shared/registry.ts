import { Fetches } from "./fetches.ts";
import { atEnd } from "./listen.ts";
import type { LocalFeature } from "./local_features.ts";
import type { Matrix } from "./matrix.ts";
import { Pulse } from "./pulse.ts";

export interface DecodedArray {
  source: DataView;
  matrix: Matrix;
}

/** What all views of one recording share in a page, whichever of their modules was loaded first. */
export interface SharedRecording {
  users: number;
  decoded: Map<string, DecodedArray>;
  asked: Map<string, number>;
  fetches: Fetches;
  pulse: Pulse;
  /** Features made in this page, until the kernel has them too. */
  local: LocalFeature[];
  /** What was computed from arrays, by what it was computed from. */
  derived: WeakMap<object, Map<string, unknown>>;
  /** Called when something has come that no model tells of. */
  listeners: Set<() => void>;
}

export interface Registry {
  recordings: Map<string, SharedRecording>;
  surfaces: Map<string, unknown>;
}

// anywidget loads a module once per widget instance, so whatever is one per page lives here; the number grows
// whenever the shape of the registry changes, so that two versions in one page never meet.
const KEY = Symbol.for("rnn_widgets.registry.2");

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
  const shared = recordings.get(reference) ?? {
    users: 0,
    decoded: new Map(),
    asked: new Map(),
    fetches: new Fetches(),
    pulse: new Pulse(),
    local: [],
    derived: new WeakMap(),
    listeners: new Set(),
  };
  recordings.set(reference, shared);
  shared.users += 1;
  atEnd(signal, () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    shared.fetches.close();
    shared.pulse.close();
    recordings.delete(reference);
  });
  return shared;
}

/** A value that follows from `source`, computed once for as long as the source lives. */
export function derived<Value>(
  shared: SharedRecording,
  source: object,
  name: string,
  compute: () => Value,
): Value {
  const known = shared.derived.get(source) ?? new Map<string, unknown>();
  shared.derived.set(source, known);
  if (!known.has(name)) known.set(name, compute());
  return known.get(name) as Value;
}
