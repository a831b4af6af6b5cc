/** Which neurons a picture shows, from top to bottom, in groups with a dashed line between them. */
export type Groups = number[][];

/** Indices of the `n` highest scores above 0, the highest first; of equal ones the lower index first. */
export function top(scores: ArrayLike<number>, n: number): number[] {
  const best: number[] = [];
  for (let neuron = 0; neuron < scores.length; neuron++) {
    const score = scores[neuron];
    if (!(score > (best.length < n ? 0 : scores[best[n - 1]]))) continue;
    let place = best.length;
    while (place > 0 && scores[best[place - 1]] < score) place -= 1;
    best.splice(place, 0, neuron);
    best.length = Math.min(n, best.length);
  }
  return best;
}

/** Each neuron with `radius` neighbours on either side; windows that overlap become one, in the place of the better. */
export function windows(neurons: readonly number[], radius: number, total: number): Groups {
  const groups: Groups = [];
  for (const neuron of neurons) {
    const first = Math.max(0, neuron - radius);
    let wide = Array.from(
      { length: Math.min(total - 1, neuron + radius) - first + 1 },
      (_, step) => first + step,
    );
    const touched = groups.filter((group) => group.some((member) => wide.includes(member)));
    if (touched.length === 0) {
      groups.push(wide);
      continue;
    }
    wide = [...new Set([...touched.flat(), ...wide])].sort((one, other) => one - other);
    groups[groups.indexOf(touched[0])] = wide;
    for (const absorbed of touched.slice(1)) groups.splice(groups.indexOf(absorbed), 1);
  }
  return groups;
}

/** Runs of consecutive indices, in the order given. */
export function runs(neurons: readonly number[]): Groups {
  const groups: Groups = [];
  for (const neuron of neurons) {
    const last = groups.at(-1);
    if (last && last[last.length - 1] === neuron - 1) last.push(neuron);
    else groups.push([neuron]);
  }
  return groups;
}

/** The proposed neurons with their windows, and below them those that are chosen or pinned but not among them. */
export function proposedGroups(
  proposed: readonly number[],
  radius: number,
  total: number,
  wanted: readonly number[],
): Groups {
  const shown = windows(proposed, radius, total);
  const known = new Set(shown.flat());
  const extra = wanted.filter((neuron) => !known.has(neuron) && neuron < total);
  const added = windows(extra, radius, total).map((group) => group.filter((neuron) => !known.has(neuron)));
  return [...shown, ...added];
}
