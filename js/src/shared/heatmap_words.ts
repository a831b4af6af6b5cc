import type { CellValue } from "./heatmap_cells.ts";
import type { HeatmapContent, Hit } from "./heatmap_picture.ts";
import { quoted, signNames } from "./signs.ts";
import { formatNumber } from "./ticks.ts";
import type { Scene } from "./view.ts";
import type { Viewport } from "./viewport.ts";

const inEnglish = new Intl.NumberFormat("en");

/** A whole number with its thousands parted. */
export function counted(number: number): string {
  return inEnglish.format(number);
}

/** "tokens 120–380 of 4,000, neurons 40–80 of 672" */
export function viewWords(viewport: Viewport, { rows, columns }: HeatmapContent, isByIndex: boolean): string {
  const range = (from: number, to: number) =>
    from === to ? counted(from) : `${counted(from)}\u2013${counted(to)}`;
  const [left, right] = viewport.columnsInView;
  const [top, bottom] = viewport.rowsInView;
  if (columns.count === 0 || rows.neurons.length === 0) return "";
  const tokens = columns.listed
    ? `tokens ${range(left + 1, right)} of the ${counted(columns.count)} with the feature`
    : `tokens ${range(left, right - 1)} of ${counted(columns.count)}`;
  const neurons = isByIndex
    ? `neurons ${range(top, bottom - 1)} of ${counted(rows.neurons.length)}`
    : `rows ${range(top + 1, bottom)} of ${counted(rows.neurons.length)}`;
  return `${tokens}, ${neurons}`;
}

/** What a pixel stands for where it covers several cells, or "". */
export function poolingWords({ columns, rows }: { columns: number; rows: number }): string {
  if (columns === 1 && rows === 1) return "";
  const parts = [
    ...(columns > 1 ? [`${counted(columns)} tokens`] : []),
    ...(rows > 1 ? [`${counted(rows)} neurons`] : []),
  ];
  return `each pixel shows, of up to ${parts.join(" and ")}, the value farthest from the neuron\u2019s mean`;
}

function valueWords({ value, tokens, isExact }: CellValue): string {
  const [first, last] = [tokens[0], tokens[1] - 1];
  if (last > first) return `${formatNumber(value)}, farthest from the mean of tokens ${first}\u2013${last}`;
  return isExact ? formatNumber(value) : `about ${formatNumber(value)}`;
}

type FindValue = (neuron: number, token: number) => CellValue | null;

/** Lines of the tooltip over a cell, or over a row beside the cells. */
export function cellLines(
  { rows, columns, tokens, relevance }: HeatmapContent,
  { choice, info }: Scene,
  { row, column, isPin }: Hit,
  cellValue: FindValue,
): string[] {
  const neuron = rows.neurons[row];
  const isPinned = choice.neurons.includes(neuron);
  if (isPin) return [`${isPinned ? "Unpin" : "Pin"} neuron ${neuron} (key P)`];
  const told = [`Neuron ${neuron}${isPinned ? ", pinned" : ""}`];
  if (column !== null) {
    const token = columns.tokenAt(column);
    const name = signNames(tokens[token]);
    told.unshift(`Token ${token}: ${quoted(tokens[token])}${name && ` (${name})`}`);
    const value = cellValue(neuron, token);
    if (value) told.push(`${info.signal}: ${valueWords(value)}`);
  }
  if (relevance) told.push(`Relevance: ${formatNumber(relevance[neuron])}`);
  return told;
}

/** The chosen neuron and token with their numbers, for the line under the picture. */
export function readoutOf(
  { relevance, tokens, columns }: HeatmapContent,
  { choice, info }: Scene,
  cellValue: FindValue,
): string {
  const { neuron, token } = choice;
  const hasNeuron = neuron !== null && neuron < info.neurons;
  const parts: string[] = [];
  if (hasNeuron) {
    const score = relevance ? `, relevance ${formatNumber(relevance[neuron])}` : "";
    const pinned = choice.neurons.includes(neuron) ? ", pinned" : "";
    parts.push(`Neuron ${neuron}${score}${pinned}`);
  }
  if (token !== null && token < tokens.length) {
    const found = hasNeuron ? cellValue(neuron, token) : null;
    const value = found ? `, ${info.signal} ${valueWords(found)}` : "";
    const absent = columns.columnOf(token) >= 0 ? "" : " (not among the tokens shown)";
    parts.push(`token ${token} ${quoted(tokens[token])}${value}${absent}`);
  }
  return parts.join(" \u00b7 ");
}

/** The same in few words, to be spoken. */
export function spokenOf({ tokens }: HeatmapContent, { choice, info }: Scene, findValue: FindValue): string {
  const { neuron, token } = choice;
  const isPinned = neuron !== null && choice.neurons.includes(neuron);
  const found = neuron === null || token === null || neuron >= info.neurons ? null : findValue(neuron, token);
  const parts = [
    neuron === null ? "" : `neuron ${neuron}`,
    isPinned ? "pinned" : "",
    token === null ? "" : `token ${token} ${signNames(tokens[token] ?? "") || tokens[token]}`,
    found ? formatNumber(found.value) : "",
  ];
  return parts.filter(Boolean).join(", ");
}
