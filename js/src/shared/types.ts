/** The part of an ipywidgets model that anywidget hands to a module. */
export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown): void;
  on(event: string, callback: (...values: never[]) => void): void;
  off(event: string, callback: (...values: never[]) => void): void;
}

export interface Host {
  getModel(reference: string): Promise<Model>;
}

export interface RenderProps {
  model: Model;
  el: HTMLElement;
  signal: AbortSignal;
  host: Host;
}

/** One recorded signal of one layer; `low` and `high` are the limits of its shared colour scale. */
export interface SignalInfo {
  signal: string;
  layer: number;
  neurons: number;
  low: number;
  high: number;
  two_sided: boolean;
  /** Whether there are an overview, rows and regions in place of the whole array. */
  large: boolean;
}

/** A feature's name, and what Python has to say about it (it matches every token, or none). */
export interface FeatureInfo {
  name: string;
  message: string | null;
}

/** Lowest and highest frequency, in cycles per token. */
export type Band = readonly [number, number];

export interface Peak {
  neuron: number;
  frequency: number;
  period: number;
  amplitude: number;
}
