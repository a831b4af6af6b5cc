import type { Selection } from "./selection.ts";
import { bandAround, isSameBand } from "./spectrum_peaks.ts";
import type { Spectra } from "./spectrum_source.ts";
import { bandText } from "./spectrum_words.ts";
import type { Band, Peak } from "./types.ts";

/** Chooses peaks: a neuron together with the band around its peak, and back again. */
export class PeakChoice {
  readonly #selection: Selection;
  readonly #announce: (text: string) => void;
  /** The band before a peak was chosen. */
  #before: Band | null = null;
  /** The band of the peak that was chosen last. */
  #chosen: Band | null = null;
  spectra: Spectra | null = null;

  constructor(selection: Selection, announce: (text: string) => void) {
    this.#selection = selection;
    this.#announce = announce;
  }

  /** Whether both the peak's neuron and the band around it are chosen. */
  isChosen(peak: Peak): boolean {
    const { neuron, band } = this.#selection.choice;
    return neuron === peak.neuron && isSameBand(band, this.#bandOf(peak));
  }

  /** Chooses a peak; one that is chosen already gives its band back and keeps its neuron. */
  toggle(peak: Peak): void {
    const { neuron } = peak;
    if (this.isChosen(peak)) {
      this.#selection.choose({ neuron, band: this.#before });
      this.#announce(`Neuron ${neuron}, ${this.#told(this.#before)}`);
      this.#before = null;
      return;
    }
    const { band: current } = this.#selection.choice;
    if (!this.#isOfPeak(current)) this.#before = current;
    const band = this.#bandOf(peak);
    this.#chosen = band;
    this.#selection.choose({ neuron, band });
    this.#announce(`Neuron ${neuron}, ${this.#told(band)}`);
  }

  band(band: Band | null): void {
    this.#selection.choose({ band });
    this.#announce(this.#told(band));
  }

  #isOfPeak(band: Band | null): boolean {
    return band !== null && isSameBand(band, this.#chosen);
  }

  #bandOf(peak: Peak): Band | null {
    const { spectra } = this;
    return spectra && bandAround(spectra.exact(peak.neuron) ?? [], peak, spectra.tokens);
  }

  #told(band: Band | null): string {
    return band && this.spectra ? bandText(band, this.spectra.tokens) : "all frequencies";
  }
}
