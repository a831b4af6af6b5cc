import { atEnd } from "./listen.ts";
import type { Model } from "./types.ts";

/** Has a model's event handled until the signal. */
export function follow(
  model: Model,
  event: string,
  signal: AbortSignal,
  act: (...values: never[]) => void,
): void {
  model.on(event, act);
  atEnd(signal, () => model.off(event, act));
}

/** Sets synced values: for every view of the model at once, and in Python where there is a kernel. */
export function write(model: Model, values: object): void {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  try {
    model.save_changes();
  } catch {
    // Without a kernel the values live on in the page, where the other views have already seen them.
  }
}
