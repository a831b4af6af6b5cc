import { type Matrix, valueAt } from "./matrix.ts";
import { binsIn } from "./peaks.ts";
import type { Groups } from "./rows.ts";
import type { Band } from "./types.ts";

/** For each neuron its place in an order, the first one lowest; neurons of equal places go by index. */
export type Places = ArrayLike<number>;

export function inPlaces(neurons: readonly number[], places: Places): number[] {
  return [...neurons].sort((one, other) => places[one] - places[other] || one - other);
}

/** The groups in the order of their first member in the order; the members of a group stay side by side. */
export function groupsInPlaces(groups: Groups, places: Places): Groups {
  const firsts = new Map(
    groups.map((group) => [
      group,
      group.reduce((low, neuron) => Math.min(low, places[neuron]), Number.POSITIVE_INFINITY),
    ]),
  );
  return [...groups].sort(
    (one, other) => (firsts.get(one) ?? 0) - (firsts.get(other) ?? 0) || one[0] - other[0],
  );
}

/** Places by a measure of which the largest comes first. */
export function largestFirst(measure: ArrayLike<number>): Float64Array {
  return Float64Array.from(measure, (value) => -value);
}

/** Places in a list of all neurons. */
export function placesIn(order: ArrayLike<number>): Float64Array {
  const places = new Float64Array(order.length);
  for (let place = 0; place < order.length; place++) places[order[place]] = place;
  return places;
}

/**
 * Each neuron's largest amplitude at a frequency of the band, never frequency 0.
 *
 * `spectra` has a column for each frequency k / tokens, or for each block of `binsPerBlock` of them; a block that the
 * band cuts counts whole.
 */
export function largestInBand(
  spectra: Matrix,
  tokens: number,
  band: Band | null,
  binsPerBlock = 1,
): Float32Array {
  const largest = new Float32Array(spectra.rows);
  const bins = binsIn(band, tokens, Math.floor(tokens / 2) + 1);
  if (!bins) return largest;
  const { data, columns } = spectra;
  const [first, last] = bins.map((bin) => Math.min(columns - 1, Math.floor(bin / binsPerBlock)));
  for (let row = 0; row < spectra.rows; row++) {
    const start = row * columns;
    let best = start + first;
    let most = data[best];
    for (let place = best + 1; place <= start + last; place++) {
      if (data[place] <= most) continue;
      most = data[place];
      best = place;
    }
    largest[row] = valueAt(spectra, row, best - start);
  }
  return largest;
}
