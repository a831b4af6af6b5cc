import { hasSurprisal, surprisalOf } from "./predictions.ts";
import type { Recording } from "./recording.ts";
import { named } from "./token_facts.ts";
import type { Scene, TableContent } from "./view.ts";

const ROWS = 200;

/** The tokens around the selected one, or the first ones, with what is known of each. */
export function textTable(recording: Recording, { choice, info }: Scene): TableContent {
  const { tokens } = recording;
  const start = Math.max(0, Math.min((choice.token ?? 0) - ROWS / 2, tokens.length - ROWS));
  const neuron = choice.neuron;
  const row = neuron === null ? null : recording.row(info.signal, info.layer, neuron);
  const surprisal = surprisalOf(recording);
  const mask = recording.mask(choice.feature);
  const headers = ["Index", "Token"];
  if (neuron !== null) headers.push(`Activation of neuron ${neuron}`);
  if (hasSurprisal(recording)) headers.push("Surprisal, bits");
  if (choice.feature !== null) headers.push(`Has ${choice.feature}`);
  const rows = tokens.slice(start, start + ROWS).map((token, step) => {
    const index = start + step;
    const cells: (string | number)[] = [index === choice.token ? `${index} (selected)` : String(index)];
    cells.push(named(token));
    if (neuron !== null) cells.push(row ? row[index] : "not here yet");
    if (hasSurprisal(recording)) cells.push(bitsOf(surprisal, index));
    if (choice.feature !== null) cells.push(mask?.[index] ? "yes" : "no");
    return cells;
  });
  const last = start + rows.length - 1;
  return { caption: `Tokens ${start} to ${last}`, headers, rows, total: tokens.length };
}

function bitsOf(surprisal: Float32Array | null, index: number): string | number {
  if (!surprisal) return "not here yet";
  return Number.isNaN(surprisal[index]) ? "none: first of its document" : surprisal[index];
}
