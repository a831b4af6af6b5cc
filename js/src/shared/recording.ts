import { decode, type Matrix } from "./matrix.ts";
import { type SharedRecording, sharedRecording } from "./registry.ts";
import type { FeatureInfo, Model, SignalInfo } from "./types.ts";

const ASK_AGAIN_AFTER_MS = 10_000;
const PREFETCH_LIMIT_BYTES = 32 * 2 ** 20;

export type Answer = { pattern: string; added?: string; error?: string };

/** A view's way to the synced Recording: its text, and its arrays, asked for when they are not here yet. */
export class Recording {
  readonly tokens: readonly string[];
  readonly documents: readonly number[];
  readonly joiner: string;
  readonly signals: readonly SignalInfo[];
  /** Names of the arrays that were needed since `startPicture` and are not here. */
  readonly missing = new Set<string>();
  readonly #model: Model;
  readonly #shared: SharedRecording;

  constructor(model: Model, reference: string, signal: AbortSignal, changed: () => void) {
    this.#model = model;
    this.#shared = sharedRecording(reference, signal);
    this.tokens = model.get("tokens") as string[];
    this.documents = model.get("documents") as number[];
    this.joiner = model.get("joiner") as string;
    this.signals = model.get("signals") as SignalInfo[];
    model.on("change", changed);
    signal.addEventListener("abort", () => model.off("change", changed));
  }

  get features(): readonly FeatureInfo[] {
    return this.#model.get("features") as FeatureInfo[];
  }

  featureIndex(name: string | null): number {
    return this.features.findIndex((feature) => feature.name === name);
  }

  signalInfo(signal: string, layer: number): SignalInfo | null {
    return this.signals.find((info) => info.signal === signal && info.layer === layer) ?? null;
  }

  /** (H, T) activations. */
  values(signal: string, layer: number): Matrix | null {
    return this.#matrix(`values_${signal}_${layer}`);
  }

  /** (H, K) amplitudes; frequency k / T. */
  spectrum(signal: string, layer: number): Matrix | null {
    return this.#matrix(`spectrum_${signal}_${layer}`);
  }

  /** (F, H) relevance, 0..1. */
  relevance(signal: string, layer: number): Matrix | null {
    return this.#matrix(`relevance_${signal}_${layer}`);
  }

  /** (F, T): 1 where the token has the feature. */
  masks(): Matrix | null {
    return this.#matrix("masks");
  }

  /** Indices of the tokens that have the feature. */
  matches(name: string | null): number[] {
    const row = this.featureIndex(name);
    if (row < 0) return [];
    const masks = this.masks();
    if (!masks || row >= masks.rows) return [];
    return this.tokens.flatMap((_, token) => (masks.data[row * masks.columns + token] ? [token] : []));
  }

  startPicture(): void {
    this.missing.clear();
  }

  /**
   * Quietly asks for one array that no view has needed yet, where all of them together are small. True when all are
   * here, so that every choice works without a kernel.
   */
  prefetch(): boolean {
    const names = this.signals.flatMap(({ signal, layer }) =>
      ["values", "spectrum", "relevance"].map((kind) => `${kind}_${signal}_${layer}`),
    );
    const tokens = this.tokens.length;
    const bytes = this.signals.reduce((sum, info) => sum + info.neurons * (2 * tokens + 2 * tokens), 0);
    const absent = names.filter((name) => !this.#arrived(name));
    if (bytes > PREFETCH_LIMIT_BYTES) return absent.length === 0;
    const next = absent[0];
    if (next && !absent.some((name) => this.#isAsked(name))) this.#ask(next);
    return absent.length === 0;
  }

  /** Sends a pattern to the kernel; the answer comes back as a message. False if it could not be sent. */
  addFeature(pattern: string): boolean {
    return this.#send({ add_feature: pattern });
  }

  onAnswer(signal: AbortSignal, callback: (answer: Answer) => void): void {
    this.#model.on("msg:custom", callback);
    signal.addEventListener("abort", () => this.#model.off("msg:custom", callback));
  }

  #arrived(name: string): DataView | null {
    const bytes = this.#model.get(name);
    return bytes instanceof DataView && bytes.byteLength > 0 ? bytes : null;
  }

  #matrix(name: string): Matrix | null {
    const source = this.#arrived(name);
    if (!source) {
      this.missing.add(name);
      if (!this.#isAsked(name)) this.#ask(name);
      return null;
    }
    this.#shared.asked.delete(name);
    const known = this.#shared.decoded.get(name);
    if (known?.source === source) return known.matrix;
    const matrix = decode(source);
    this.#shared.decoded.set(name, { source, matrix });
    return matrix;
  }

  #isAsked(name: string): boolean {
    return (
      performance.now() - (this.#shared.asked.get(name) ?? Number.NEGATIVE_INFINITY) < ASK_AGAIN_AFTER_MS
    );
  }

  #ask(name: string): void {
    this.#shared.asked.set(name, performance.now());
    this.#send({ need: name });
  }

  #send(content: unknown): boolean {
    try {
      this.#model.send(content);
      return true;
    } catch {
      // The kernel is gone: whoever waits for the answer says so when it does not come.
      return false;
    }
  }
}
