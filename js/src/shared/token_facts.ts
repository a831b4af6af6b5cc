import { element } from "./dom.ts";
import { predictionsAfter, surprisalOf } from "./predictions.ts";
import type { Recording } from "./recording.ts";
import { quoted, signNames } from "./signs.ts";
import type { Colouring } from "./text_colours.ts";
import { bandWords } from "./text_colours.ts";
import { formatNumber } from "./ticks.ts";
import type { Scene } from "./view.ts";

/** One continuation that the network thought of, and whether it came. */
export interface Continuation {
  token: string;
  probability: number;
  came: boolean;
}

/** What there is to say of a token at which a neuron is looked at. */
export interface TokenFacts {
  index: number;
  /** The token between quotation marks, and the names of signs in it. */
  token: string;
  lines: string[];
  continuations: Continuation[];
  /** What was really next, and how likely it was; null at the end of a document. */
  next: { token: string; probability: number | null } | null;
}

export function named(token: string): string {
  const names = signNames(token);
  return names ? `${quoted(token)} (${names})` : quoted(token);
}

export function tokenFacts(
  recording: Recording,
  { info, choice }: Scene,
  colouring: Colouring,
  index: number,
  neuron: number | null,
): TokenFacts {
  const lines: string[] = [];
  if (neuron !== null) {
    const row = recording.row(info.signal, info.layer, neuron);
    const value = row ? formatNumber(row[index]) : "not here yet";
    lines.push(`Neuron ${neuron}`, `${info.signal.replaceAll("_", " ")}: ${value}`);
    const filtered = colouring.by === "band" ? colouring.values(neuron) : null;
    if (filtered) lines.push(`within ${bandWords(choice.band)}: ${formatNumber(filtered[index])}`);
  }
  const surprisal = surprisalOf(recording);
  if (surprisal) {
    const bits = surprisal[index];
    lines.push(
      Number.isFinite(bits) ? `surprisal: ${formatNumber(bits)} bits` : "first token of its document",
    );
  }
  const { tokens, documents } = recording;
  const ends = index + 1 >= tokens.length || documents.includes(index + 1);
  const following = ends ? null : tokens[index + 1];
  const continuations = (predictionsAfter(recording, index) ?? []).map(([token, probability]) => ({
    token,
    probability,
    came: token === following,
  }));
  const bits = surprisal?.[index + 1] ?? Number.NaN;
  const probability = Number.isFinite(bits) ? 2 ** -bits : null;
  const next = following === null ? null : { token: following, probability };
  return { index, token: named(tokens[index]), lines, continuations, next };
}

/** A share as a whole or, where it is small, a finer number of percent. */
export function percent(share: number): string {
  return `${formatNumber(Number((100 * share).toPrecision(2)))} %`;
}

function nextWords({ next }: TokenFacts): string {
  if (!next) return "The document ends here.";
  const likely = next.probability === null ? "" : `, ${percent(next.probability)}`;
  return `Really next: ${named(next.token)}${likely}`;
}

/** Continuations as small bars, the one that came marked by more than colour. */
function bars({ continuations }: TokenFacts): HTMLElement {
  const rows = continuations.map(({ token, probability, came }) =>
    element(
      "li",
      { class: came ? "rw-came" : "" },
      element("span", { class: "rw-bar", style: `--share:${probability}` }),
      element("span", { class: "rw-percent" }, percent(probability)),
      element("span", {}, `${named(token)}${came ? " \u2713" : ""}`),
    ),
  );
  return element("ul", { class: "rw-bars" }, ...rows);
}

/** For a tooltip: line by line. */
export function tooltipLines(facts: TokenFacts): (string | Node)[] {
  const lines: (string | Node)[] = [`Token ${facts.index}: ${facts.token}`, ...facts.lines];
  if (facts.continuations.length) lines.push("Likeliest next:", bars(facts));
  return facts.continuations.length || facts.next?.probability ? [...lines, nextWords(facts)] : lines;
}

/** For a screen reader, in one breath. */
export function spokenWords(facts: TokenFacts): string {
  const [first] = facts.continuations;
  const likeliest = first ? [`likeliest next ${first.token}, ${percent(first.probability)}`] : [];
  return [`Token ${facts.index} ${facts.token}`, ...facts.lines, ...likeliest].join(", ");
}

/** What stands below the text of the selected token, always in the same place. */
export class Readout {
  readonly node: HTMLElement;
  readonly #facts = element("p", { class: "rw-readout" });
  readonly #next = element("div", { class: "rw-continuations" });
  #key = "";

  constructor() {
    this.node = element("div", { class: "rw-token-readout" }, this.#facts, this.#next);
  }

  /** Room for continuations is kept where the recording has some, so that choosing a token moves nothing. */
  update(facts: TokenFacts | null, keepsRoom: boolean): void {
    const key = JSON.stringify([facts, keepsRoom]);
    if (key === this.#key) return;
    this.#key = key;
    this.node.classList.toggle("rw-keeps-room", keepsRoom);
    if (!facts) {
      this.#facts.textContent = "Choose a token to read its numbers here.";
      this.#next.replaceChildren();
      return;
    }
    this.#facts.textContent = [`Token ${facts.index}: ${facts.token}`, ...facts.lines].join(" \u00b7 ");
    const told = facts.continuations.length
      ? [element("span", { class: "rw-bars-title" }, "Likeliest next"), bars(facts)]
      : [];
    const next = element("span", { class: "rw-next" }, nextWords(facts));
    this.#next.replaceChildren(...told, next);
  }
}
