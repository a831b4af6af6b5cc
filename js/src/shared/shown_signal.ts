import { signalLabel } from "./legend.ts";
import type { Choice } from "./selection.ts";
import type { Model } from "./types.ts";

/** What Python has drawn of, where it has not caught up with the choice; null where it has. */
export function otherSignal(model: Model, { signal, layer }: Choice): string | null {
  const shown = model.get("shown_signal") as string;
  const of = model.get("shown_layer") as number;
  if (shown === signal && of === layer) return null;
  return `This is ${signalLabel(shown, of)}. The picture of ${signalLabel(signal, layer)} needs the kernel.`;
}
