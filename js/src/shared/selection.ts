import { follow, write } from "./synced.ts";
import type { Band, Model } from "./types.ts";

export interface Choice {
  neuron: number | null;
  token: number | null;
  neurons: readonly number[];
  feature: string | null;
  signal: string;
  layer: number;
  band: Band | null;
}

/** A view's way to the synced Selection. */
export class Selection {
  readonly #model: Model;

  constructor(model: Model, signal: AbortSignal, changed: () => void) {
    this.#model = model;
    follow(model, "change", signal, changed);
  }

  get choice(): Choice {
    const read = <Name extends keyof Choice>(name: Name) => this.#model.get(name) as Choice[Name];
    return {
      neuron: read("neuron"),
      token: read("token"),
      neurons: read("neurons"),
      feature: read("feature"),
      signal: read("signal"),
      layer: read("layer"),
      band: read("band"),
    };
  }

  choose(changes: Partial<Choice>): void {
    write(this.#model, changes);
  }

  togglePinned(neuron: number): void {
    const { neurons } = this.choice;
    const without = neurons.filter((pinned) => pinned !== neuron);
    this.choose({ neurons: without.length < neurons.length ? without : [...neurons, neuron] });
  }
}
