import type { Groups } from "./rows.ts";
import { type Columns, poolBins } from "./spectrum_pool.ts";
import { type Scale, shareOf } from "./spectrum_scale.ts";
import type { Spectra } from "./spectrum_source.ts";

/** Up to so many rows of a large recording are shown from their exact spectra, more of them from its overview. */
const MOST_EXACT = 64;

/** What both pictures of the spectra show: rows of neurons in groups, columns of frequencies, on one scale. */
export interface SpectrumContent {
  groups: Groups;
  rows: readonly number[];
  /** The row of a neuron, -1 where it is not shown. */
  rowOf(neuron: number | null): number;
  spectra: Spectra;
  tokens: number;
  bins: number;
  scale: Scale;
  columns: readonly Columns[];
}

/** Heights or colours of one row: the shares of the scale of the bins [from, to) in `parts` parts. */
export function sharesOf(
  { columns, scale }: SpectrumContent,
  row: number,
  parts: number,
  from: number,
  to: number,
): Float32Array {
  const shares = poolBins(columns[row], parts, from, to);
  for (let part = 0; part < parts; part++) shares[part] = shareOf(shares[part], scale);
  return shares;
}

/** Makes contents; the same object comes back for as long as all that it shows is the same. */
export class ContentMaker {
  #content: SpectrumContent | null = null;

  of(spectra: Spectra, groups: Groups, isLog: boolean): SpectrumContent {
    const known = this.#content;
    const areSameRows = known !== null && isSameGroups(known.groups, groups);
    const rows = areSameRows ? known.rows : groups.flat();
    const isExact = spectra.isLarge && rows.length <= MOST_EXACT;
    const exact = isExact ? rows.map((neuron) => spectra.exact(neuron)) : [];
    const isSame =
      areSameRows &&
      known.spectra === spectra &&
      known.scale.isLog === isLog &&
      exact.every((values, row) => values === null || known.columns[row].values === values);
    if (isSame) return known;
    const places = new Map(rows.map((neuron, row) => [neuron, row]));
    const most = rows.reduce((highest, neuron) => Math.max(highest, spectra.strongest(neuron)), 0);
    this.#content = {
      groups,
      rows,
      rowOf: (neuron) => (neuron === null ? -1 : (places.get(neuron) ?? -1)),
      spectra,
      tokens: spectra.tokens,
      bins: spectra.bins,
      scale: { most: most || 1, isLog },
      columns: rows.map((neuron, row) => {
        const values = exact[row];
        return values ? { values, binsPerColumn: 1 } : spectra.columns(neuron);
      }),
    };
    return this.#content;
  }
}

function isSameGroups(one: Groups, other: Groups): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
