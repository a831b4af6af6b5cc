import type { HeatmapContent } from "./heatmap_picture.ts";
import type { Recording } from "./recording.ts";
import { formatNumber } from "./ticks.ts";
import type { Scene, TableContent } from "./view.ts";

const MOST_ROWS = 200;

/** The rows in their order: relevance, means at the feature's tokens and elsewhere, value at the chosen token. */
export function heatmapTable(
  { rows, relevance }: HeatmapContent,
  { choice, info }: Scene,
  recording: Recording,
  title: string,
  rowOf: (neuron: number) => Float32Array | null,
): TableContent {
  const mask = recording.mask(choice.feature);
  const token = choice.token !== null && choice.token < recording.tokens.length ? choice.token : null;
  const shown = rows.neurons.slice(0, MOST_ROWS);
  let left = 0;
  const lines = shown.map((neuron) => {
    const values = rowOf(neuron);
    if (!values) left += 1;
    const [at, elsewhere] = values && mask ? meansOf(values, mask) : [null, null];
    const cell = (value: number | null | undefined) =>
      value === null || value === undefined || Number.isNaN(value) ? "\u2013" : formatNumber(value);
    return [
      neuron,
      ...(choice.feature === null ? [] : [cell(relevance?.[neuron]), cell(at), cell(elsewhere)]),
      ...(token === null ? [] : [cell(values?.[token])]),
    ];
  });
  const headers = [
    "Neuron",
    ...(choice.feature === null ? [] : ["Relevance", "Mean at the feature\u2019s tokens", "Mean elsewhere"]),
    ...(token === null ? [] : [`${info.signal} at token ${token}`]),
  ];
  const missing = left
    ? ` The activations of ${left} neurons are not in this page: choose fewer rows to have their means.`
    : "";
  const feature = choice.feature === null ? "" : `, feature ${choice.feature}`;
  return { caption: `${title}${feature}.${missing}`, headers, rows: lines, total: rows.neurons.length };
}

/** Mean where the mask is 1, and where it is 0; NaN where there is no such token. */
export function meansOf(values: Float32Array, mask: Uint8Array): [number, number] {
  const sums = [0, 0];
  let marked = 0;
  for (let token = 0; token < values.length; token++) {
    sums[mask[token]] += values[token];
    marked += mask[token];
  }
  return [sums[1] / marked, sums[0] / (values.length - marked)];
}
