import type { SpectrumContent } from "./spectrum_content.ts";
import { formatNumber } from "./ticks.ts";
import type { Band, Peak } from "./types.ts";

/** A frequency with as many decimals as the text's length resolves. */
export function frequencyText(frequency: number, tokens: number): string {
  const digits = Math.max(3, Math.ceil(Math.log10(Math.max(1, tokens))));
  return String(Number(frequency.toFixed(digits)));
}

/** A period that the text holds only once or twice is a drift, not a rhythm. */
export function isDrift({ period }: Peak, tokens: number): boolean {
  return period > tokens / 3;
}

/** How a peak is named beside its mark: cycles per token, and tokens. */
export function peakLabel({ frequency, period }: Peak, tokens: number): string {
  return `${frequencyText(frequency, tokens)}, period ${formatNumber(period)}`;
}

/** A peak in a sentence. */
export function told(peak: Peak, tokens: number): string {
  const { frequency, period, amplitude } = peak;
  const numbers = `${frequencyText(frequency, tokens)} cycles per token, period ${formatNumber(period)} tokens, amplitude ${formatNumber(amplitude)}`;
  return isDrift(peak, tokens) ? `${numbers} (slow drift)` : numbers;
}

/** One end of a band, as a screen reader says it. */
export function endText(frequency: number, tokens: number): string {
  if (frequency <= 0) return "0 cycles per token";
  return `${frequencyText(frequency, tokens)} cycles per token, period ${formatNumber(1 / frequency)} tokens`;
}

export function bandText(band: Band, tokens: number): string {
  return `${frequencyText(band[0], tokens)} to ${frequencyText(band[1], tokens)} cycles per token`;
}

/** What a tooltip says of a neuron at a frequency bin. */
export function cellLines(content: SpectrumContent, neuron: number, bin: number): string[] {
  const { tokens } = content;
  const { values, binsPerColumn } = content.columns[content.rowOf(neuron)];
  const column = Math.floor(bin / binsPerColumn);
  const amplitude = `amplitude ${formatNumber(values[column])}`;
  const last = Math.min(content.bins, (column + 1) * binsPerColumn) - 1;
  if (binsPerColumn > 1) {
    const first = column * binsPerColumn;
    const range = bandText([first / tokens, last / tokens], tokens);
    return [`Neuron ${neuron}`, range, `Largest ${amplitude}`];
  }
  const where = bin === 0 ? "0 cycles per token (the mean)" : endText(bin / tokens, tokens);
  return [`Neuron ${neuron}`, where, `Amplitude ${formatNumber(values[column])}`];
}

const KEYS = {
  solid:
    "Arrow keys turn it, 0 turns it back; with Shift, up and down choose a neuron. Enter chooses the neuron's peak, Escape all frequencies.",
  flat: "Up and down choose a neuron, Enter its peak, Escape all frequencies; plus, minus and 0 zoom, left and right move along.",
};

/** The picture in words, for those who do not see it, and its keys. */
export function spokenPicture({ rows, tokens }: SpectrumContent, own: Peak | null, isSolid: boolean): string {
  const peak = own ? `Neuron ${own.neuron}: ${told(own, tokens)}. ` : "";
  return `Amplitude spectra of ${rows.length} neurons. ${peak}${isSolid ? KEYS.solid : KEYS.flat}`;
}
