import { signalLabel } from "./legend.ts";
import { ownPeaks } from "./spectrum_peaks.ts";
import type { Spectra } from "./spectrum_source.ts";
import { bandText, frequencyText, isDrift } from "./spectrum_words.ts";
import type { Peak } from "./types.ts";
import type { Scene, TableContent } from "./view.ts";

const OWN = 10;

/** The strongest peaks, and the strongest frequencies of the chosen neuron, as a table. */
export function spectrumTable(
  spectra: Spectra,
  found: readonly Peak[],
  { choice, info }: Scene,
): TableContent {
  const { neuron, band } = choice;
  const { tokens } = spectra;
  const row = neuron === null || neuron >= spectra.neurons ? null : spectra.exact(neuron);
  const own = row && neuron !== null ? ownPeaks(row, neuron, tokens, OWN) : [];
  const line = (kind: string) => (peak: Peak) => [
    kind,
    String(peak.neuron),
    frequencyText(peak.frequency, tokens),
    peak.period,
    peak.amplitude,
    isDrift(peak, tokens) ? "slow drift" : "",
  ];
  const rows = [
    ...found.map(line(band ? "strongest in the band" : "strongest of all neurons")),
    ...own.map(line("of the chosen neuron")),
  ];
  const within = band ? `, ${bandText(band, tokens)}` : "";
  return {
    caption: `Peaks of the amplitude spectra of ${signalLabel(info.signal, info.layer)}${within}`,
    headers: ["Peak", "Neuron", "Frequency (cycles per token)", "Period (tokens)", "Amplitude", "Remark"],
    rows,
    total: rows.length,
  };
}
