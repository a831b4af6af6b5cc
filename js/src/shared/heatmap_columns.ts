import { Kept } from "./kept.ts";
import type { Recording } from "./recording.ts";

/** The tokens that stand side by side: all of them, or those that have the feature. */
export interface Columns {
  count: number;
  /** The tokens in their order where not all are shown, else null. */
  listed: readonly number[] | null;
  /** What they are, for the title of the axis. */
  title: string;
  tokenAt(column: number): number;
  /** The column of a token, or -1. */
  columnOf(token: number | null): number;
}

/** Those of a kind ("feature" or "all"), the same object as long as nothing has changed. */
export class HeatmapColumns {
  readonly #columns = new Kept<Columns>();

  of(recording: Recording, feature: string | null, kind: string): Columns {
    if (kind === "feature" && feature !== null) {
      const matches = recording.matches(feature);
      return this.#columns.of([matches, feature], () =>
        listedColumns(matches, `Token (feature: ${feature})`),
      );
    }
    return this.#columns.of([recording], () => allColumns(recording.tokens.length));
  }
}

export function allColumns(count: number): Columns {
  return {
    count,
    listed: null,
    title: "Token (all)",
    tokenAt: (column) => column,
    columnOf: (token) => (token !== null && token < count ? token : -1),
  };
}

/** Columns for tokens in ascending order. */
export function listedColumns(listed: readonly number[], title: string): Columns {
  return {
    count: listed.length,
    listed,
    title,
    tokenAt: (column) => listed[column],
    columnOf: (token) => (token === null ? -1 : placeOf(listed, token)),
  };
}

function placeOf(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return ascending[low] === value ? low : -1;
}
