import { Arrays } from "./arrays.ts";
import { keyOf } from "./fetches.ts";
import { atEnd } from "./listen.ts";
import { type LocalFeature, messageOf, places, thesisScores } from "./local_features.ts";
import { type Matrix, meansOf, rowOf } from "./matrix.ts";
import { binsIn, peakOf, peaks, pooledPeaks, strongestFirst } from "./peaks.ts";
import { derived, type SharedRecording, sharedRecording } from "./registry.ts";
import { SpectraFill, type SpectrumOverview } from "./spectra_fill.ts";
import { follow } from "./synced.ts";
import type { Band, FeatureInfo, Model, Peak, SignalInfo } from "./types.ts";

const PREFETCH_LIMIT_BYTES = 32 * 2 ** 20;
/** How many neurons of a large recording are looked at for each one that is asked for. */
const CANDIDATES = 8;

/** A large array pooled over blocks of tokens: of each block the value farthest from the neuron's mean. */
export interface Overview {
  matrix: Matrix;
  tokensPerBlock: number;
  means: Float32Array;
}

export interface RecordingParts {
  model: Model;
  shared: SharedRecording;
  arrays: Arrays;
}

/**
 * A view's way to the synced Recording: its text, its features, and its arrays, which are asked for when they are
 * not here yet. Arrays of a small recording come whole; of a large one come an overview, rows and regions.
 */
export class Recording {
  readonly tokens: readonly string[];
  readonly documents: readonly number[];
  readonly joiner: string;
  readonly signals: readonly SignalInfo[];
  /** For functions about a recording that not every view brings along. */
  readonly parts: RecordingParts;
  readonly #model: Model;
  readonly #shared: SharedRecording;
  readonly #arrays: Arrays;

  constructor(model: Model, reference: string, signal: AbortSignal, changed: () => void) {
    this.#model = model;
    const shared = sharedRecording(reference, signal);
    this.#shared = shared;
    this.#arrays = new Arrays(model, shared);
    this.parts = { model, shared, arrays: this.#arrays };
    this.tokens = model.get("tokens") as string[];
    this.documents = model.get("documents") as number[];
    this.joiner = model.get("joiner") as string;
    this.signals = model.get("signals") as SignalInfo[];
    const answered = (content: { got?: string[] }, buffers: DataView[]) => {
      if (shared.pulse.hear()) this.tellAll();
      if (content.got && shared.fetches.accept(content.got, buffers)) this.tellAll();
    };
    follow(model, "change", signal, changed);
    follow(model, "msg:custom", signal, answered);
    shared.listeners.add(changed);
    atEnd(signal, () => {
      shared.listeners.delete(changed);
      this.#arrays.startPicture();
    });
  }

  /** Names of what was needed since `startPicture` and is not here. */
  get missing(): ReadonlySet<string> {
    return this.#arrays.missing;
  }

  /** Those that Python knows, and those brushed in this page that it does not know yet. */
  get features(): readonly FeatureInfo[] {
    const known = this.#model.get("features") as FeatureInfo[];
    const local = this.#shared.local.filter(({ name }) => known.every((feature) => feature.name !== name));
    return [...known, ...local.map(({ name, mask }) => ({ name, message: messageOf(mask) }))];
  }

  featureIndex(name: string | null): number {
    return this.features.findIndex((feature) => feature.name === name);
  }

  signalInfo(signal: string, layer: number): SignalInfo | null {
    return this.signals.find((info) => info.signal === signal && info.layer === layer) ?? null;
  }

  /** (H, T) activations; null for a large recording, where there are rows, regions and an overview. */
  values(signal: string, layer: number): Matrix | null {
    return this.#isLarge(signal, layer) ? null : this.#arrays.matrix(`values_${signal}_${layer}`);
  }

  /** (T,) activations of one neuron. */
  row(signal: string, layer: number, neuron: number): Float32Array | null {
    if (this.#isLarge(signal, layer)) return this.#fetchedRow("row", signal, layer, neuron);
    const values = this.values(signal, layer);
    return values && this.#rowOf(values, neuron);
  }

  /** Each neuron's mean over all tokens. */
  means(signal: string, layer: number): Float32Array | null {
    if (this.#isLarge(signal, layer)) return this.overview(signal, layer)?.means ?? null;
    const values = this.values(signal, layer);
    return values && derived(this.#shared, values, "means", () => meansOf(values));
  }

  /** What is shown of a large recording from afar. */
  overview(signal: string, layer: number): Overview | null {
    const matrix = this.#arrays.matrix(`overview_${signal}_${layer}`);
    const means = this.#arrays.matrix(`means_${signal}_${layer}`);
    if (!matrix || !means) return null;
    return derived(this.#shared, matrix, "overview", () => ({
      matrix,
      tokensPerBlock: matrix.block,
      means: rowOf(means, 0),
    }));
  }

  /**
   * Rows of a large recording at the tokens from `start` to `stop` (not included), pooled like the overview to at
   * most `columns` blocks; exact where there are no more tokens than that.
   */
  region(
    signal: string,
    layer: number,
    rows: readonly number[],
    start: number,
    stop: number,
    columns: number,
  ): Matrix | null {
    return this.#arrays.part(keyOf("region", signal, layer, compact(rows), start, stop, columns));
  }

  /** (H, K) amplitudes; frequency k / T. Null for a large recording. */
  spectrum(signal: string, layer: number): Matrix | null {
    return this.#isLarge(signal, layer) ? null : this.#arrays.matrix(`spectrum_${signal}_${layer}`);
  }

  /** (K,) amplitudes of one neuron. */
  amplitudes(signal: string, layer: number, neuron: number): Float32Array | null {
    if (this.#isLarge(signal, layer)) return this.#fetchedRow("amplitudes", signal, layer, neuron);
    const spectrum = this.spectrum(signal, layer);
    return spectrum && this.#rowOf(spectrum, neuron);
  }

  /** All spectra of a large recording pooled over blocks of frequencies; they fill in from neuron 0 on. */
  spectrumOverview(signal: string, layer: number): SpectrumOverview | null {
    const info = this.signalInfo(signal, layer);
    if (!info?.large) return null;
    const fill = derived(
      this.#shared,
      this.#shared.fetches,
      `spectra ${signal} ${layer}`,
      () => new SpectraFill(info),
    );
    // Two chunks are asked for, so that the kernel works on one while the other is drawn.
    const parts = () => fill.next.map((next) => this.#arrays.part(keyOf("spectra", signal, layer, ...next)));
    for (let [chunk] = parts(); chunk; [chunk] = parts()) fill.take(chunk);
    return fill.overview;
  }

  /**
   * The `n` neurons (of `limit`, if given) with the strongest amplitude within the band, each at its best frequency.
   * Those of a large recording come from its overview, with numbers from their own spectra as soon as these are here.
   */
  strongest(
    signal: string,
    layer: number,
    band: Band | null,
    n: number,
    limit: readonly number[] | null = null,
  ): Peak[] {
    const tokens = this.tokens.length;
    if (this.#isLarge(signal, layer)) return this.#strongestOfLarge(signal, layer, band, n, limit);
    const spectrum = this.spectrum(signal, layer);
    const asked = `peaks ${band} ${n} ${limit}`;
    return spectrum
      ? derived(this.#shared, spectrum, asked, () => peaks(spectrum, tokens, band, n, limit))
      : [];
  }

  /** (H,) relevance for a feature, 0..1. */
  scores(feature: string | null, signal: string, layer: number): Float32Array | null {
    const row = this.#knownIndex(feature);
    const local = row < 0 ? this.#local(feature) : null;
    if (local) return this.#localScores(local, signal, layer);
    const matrix = this.relevance(signal, layer);
    return matrix && row >= 0 && row < matrix.rows ? this.#rowOf(matrix, row) : null;
  }

  /** (F, H) relevance for the features that Python knows. */
  relevance(signal: string, layer: number): Matrix | null {
    return this.#arrays.matrix(`relevance_${signal}_${layer}`);
  }

  /** (T,): 1 where the token has the feature. */
  mask(feature: string | null): Uint8Array | null {
    const row = this.#knownIndex(feature);
    if (row < 0) return this.#local(feature)?.mask ?? null;
    const masks = this.#arrays.matrix("masks");
    if (!masks || row >= masks.rows) return null;
    return derived(this.#shared, masks, `mask ${row}`, () =>
      (masks.data as Uint8Array).subarray(row * masks.columns, (row + 1) * masks.columns),
    );
  }

  /** Indices of the tokens that have the feature; the same array until the feature changes. */
  matches(feature: string | null): readonly number[] {
    const mask = this.mask(feature);
    return mask ? derived(this.#shared, mask, "places", () => places(mask)) : NONE;
  }

  /** Neurons in the order of scipy's hierarchical clustering: those that behave alike stand together. */
  clusterOrder(signal: string, layer: number): Int32Array | null {
    const matrix = this.#arrays.matrix(`clusters_${signal}_${layer}`);
    return matrix && derived(this.#shared, matrix, "order", () => Int32Array.from(matrix.data));
  }

  /** To be called when a view has asked for a frame. */
  askInFrame(): void {
    this.#shared.fetches.askInFrame();
  }

  startPicture(): void {
    this.#arrays.startPicture();
  }

  /** Quietly asks for what no view has needed yet; true when all is here, so that every choice works without a kernel. */
  prefetch(): boolean {
    const bytes = this.signals.reduce((sum, info) => sum + info.neurons * 4 * this.tokens.length, 0);
    return this.#arrays.prefetch(bytes <= PREFETCH_LIMIT_BYTES);
  }

  /** Whether the kernel owes an answer for too long. Asks it anew, unless it was heard a moment ago. */
  isKernelSilent(): boolean {
    const { pulse } = this.#shared;
    pulse.check(
      // Whoever owes an answer to another question need not be asked this one.
      () => this.#shared.fetches.isWaiting || this.#arrays.send({ ping: true }),
      () => this.tellAll(),
    );
    return pulse.isSilent;
  }

  /** Has every view of the recording drawn anew, after something that no model tells of. */
  tellAll(): void {
    for (const changed of this.#shared.listeners) changed();
  }

  #isLarge(signal: string, layer: number): boolean {
    return this.signalInfo(signal, layer)?.large ?? false;
  }

  #knownIndex(feature: string | null): number {
    return (this.#model.get("features") as FeatureInfo[]).findIndex(({ name }) => name === feature);
  }

  #local(feature: string | null): LocalFeature | null {
    return this.#shared.local.find(({ name }) => name === feature) ?? null;
  }

  #localScores({ mask }: LocalFeature, signal: string, layer: number): Float32Array | null {
    const values = this.values(signal, layer);
    // Bytes are coarse, and a large recording is not here: for these the kernel answers with the feature.
    if (!(values?.data instanceof Float32Array)) return null;
    return derived(this.#shared, mask, `scores ${signal} ${layer}`, () => thesisScores(values, mask));
  }

  #strongestOfLarge(
    signal: string,
    layer: number,
    band: Band | null,
    n: number,
    limit: readonly number[] | null,
  ): Peak[] {
    const tokens = this.tokens.length;
    const overview = this.spectrumOverview(signal, layer);
    const bins = binsIn(band, tokens, Math.floor(tokens / 2) + 1);
    if (!overview || !bins) return [];
    const { matrix, binsPerBlock } = overview;
    const candidates = derived(this.#shared, overview, `candidates ${band} ${n} ${limit}`, () =>
      pooledPeaks(matrix, binsPerBlock, tokens, band, CANDIDATES * n, limit),
    );
    const found: Peak[] = [];
    for (const candidate of candidates) {
      // A block that the band cuts may owe its height to what lies outside, so it only bounds the neuron's own.
      if (strongestFirst(found, n)[n - 1]?.amplitude >= candidate.amplitude) break;
      const row = this.amplitudes(signal, layer, candidate.neuron);
      const own = row && { rows: 1, columns: row.length, block: 0, data: row, ranges: null };
      found.push(own ? { ...peakOf(own, 0, bins, tokens), neuron: candidate.neuron } : candidate);
    }
    return strongestFirst(found, n);
  }

  /** A row as the same array each time. */
  #rowOf(matrix: Matrix, row: number): Float32Array | null {
    if (row >= matrix.rows) return null;
    return derived(this.#shared, matrix, `row ${row}`, () => rowOf(matrix, row));
  }

  #fetchedRow(kind: string, signal: string, layer: number, neuron: number): Float32Array | null {
    const matrix = this.#arrays.part(keyOf(kind, signal, layer, neuron));
    return matrix && this.#rowOf(matrix, 0);
  }
}

const NONE: readonly number[] = [];

/** Rows as first and one past the last of each ascending run, in turn: what most orders have is short. */
function compact(rows: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last && last[1] === row) last[1] = row + 1;
    else runs.push([row, row + 1]);
  }
  return runs;
}
