/** Amplitudes side by side, each the largest of `binsPerColumn` frequencies. */
export interface Columns {
  values: Float32Array;
  binsPerColumn: number;
}

/**
 * The largest of the values in each of `parts` equal parts of [from, to), so that a lone peak never vanishes. A value
 * belongs to one part; where parts are narrower than values, several show the same one.
 */
export function pool(
  values: ArrayLike<number>,
  parts: number,
  from = 0,
  to: number = values.length,
  into = new Float32Array(parts),
): Float32Array {
  const size = (to - from) / parts;
  for (let part = 0; part < parts; part++) {
    const first = Math.floor(from + part * size);
    const end = Math.min(values.length, Math.max(first + 1, Math.floor(from + (part + 1) * size)));
    let most = values[first] ?? 0;
    for (let index = first + 1; index < end; index++) if (values[index] > most) most = values[index];
    into[part] = most;
  }
  return into;
}

/**
 * Amplitudes of the bins [from, to) in `parts` parts. Frequency 0 is the mean, no rhythm: it is left out where it would
 * share a part with others.
 */
export function poolBins(
  { values, binsPerColumn }: Columns,
  parts: number,
  from: number,
  to: number,
  into = new Float32Array(parts),
): Float32Array {
  pool(values, parts, from / binsPerColumn, to / binsPerColumn, into);
  const isShared = binsPerColumn === 1 && from < 1 && Math.floor(from + (to - from) / parts) > 1;
  if (isShared) {
    const end = Math.floor(from + (to - from) / parts);
    into[0] = values.subarray(1, end).reduce((most, value) => Math.max(most, value), 0);
  }
  return into;
}
