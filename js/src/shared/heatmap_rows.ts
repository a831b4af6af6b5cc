import {
  groupsInPlaces,
  inPlaces,
  largestFirst,
  largestInBand,
  type Places,
  placesIn,
} from "./heatmap_orders.ts";
import { Kept } from "./kept.ts";
import { type Proposals, proposals } from "./proposals.ts";
import type { Recording } from "./recording.ts";
import type { Groups } from "./rows.ts";
import type { Scene } from "./view.ts";

/** Which neurons stand one below the other. The same object as long as nothing has changed. */
export interface Rows {
  groups: Groups;
  neurons: readonly number[];
  /** What is to be said about them, or "". */
  message: string;
}

export interface RowChoices {
  rows: string;
  order: string;
  top: number;
  radius: number;
}

/** The proposed, the pinned or all neurons, in the order asked for. */
export class HeatmapRows {
  readonly #recording: Recording;
  readonly #proposed = new Kept<Proposals>();
  readonly #places = new Kept<Places>();
  readonly #groups = new Kept<Groups>();
  readonly #rows = new Kept<Rows>();

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  proposals(scene: Scene, { top, radius }: RowChoices): Proposals {
    const { choice, info, limit } = scene;
    const compute = () => proposals(this.#recording, scene, top, radius);
    const scores = this.#recording.scores(choice.feature, info.signal, info.layer);
    // Where there is no relevance the proposals come from spectra, of which no array here tells that they changed.
    if (!scores?.some((score) => score > 0)) return compute();
    const shown = limit?.join() ?? `${choice.neuron} ${choice.neurons.join()}`;
    return this.#proposed.of([scores, top, radius, info, shown], compute);
  }

  rows(scene: Scene, choices: RowChoices, { groups, scores }: Proposals): Rows {
    const { places, message } = this.#order(scene, choices.order, scores);
    const base = this.#base(scene, choices.rows, groups);
    return this.#rows.of([base, places, message], () => {
      const ordered = inOrder(base, places, choices.rows === "proposed" && !scene.limit);
      const none = "No neuron is pinned. Pin one with the key P, or shift and a click on its row.";
      return { groups: ordered, neurons: ordered.flat(), message: base.length === 0 ? none : message };
    });
  }

  /** The same groups as before where they are equal. */
  #base({ choice, info, limit }: Scene, kind: string, proposed: Groups): Groups {
    if (kind === "pinned") {
      const pinned = choice.neurons.filter((neuron) => neuron < info.neurons).sort((a, b) => a - b);
      return this.#groups.of([kind, pinned.join()], () => (pinned.length ? [pinned] : []));
    }
    if (kind === "proposed" || limit)
      return this.#groups.of([kind, JSON.stringify(proposed)], () => proposed);
    return this.#groups.of([kind, info.neurons], () => [
      Array.from({ length: info.neurons }, (_, neuron) => neuron),
    ]);
  }

  #order(scene: Scene, order: string, scores: ArrayLike<number> | null) {
    const { choice, info } = scene;
    const recording = this.#recording;
    if (order === "relevance" && scores) {
      return { places: this.#places.of([order, scores], () => largestFirst(scores)), message: "" };
    }
    if (order === "cluster") {
      const leaves = recording.clusterOrder(info.signal, info.layer);
      if (!leaves) return { places: null, message: "The clusters are on their way." };
      return { places: this.#places.of([order, leaves], () => placesIn(leaves)), message: "" };
    }
    if (order === "amplitude") {
      const { band } = choice;
      const tokens = recording.tokens.length;
      const overview = recording.spectrumOverview(info.signal, info.layer);
      const spectra = overview?.matrix ?? recording.spectrum(info.signal, info.layer);
      if (!spectra) return { places: null, message: "The amplitudes are on their way." };
      const done = overview?.done ?? spectra.rows;
      const places = this.#places.of([order, spectra, done, band?.[0], band?.[1]], () =>
        largestFirst(largestInBand(spectra, tokens, band, overview?.binsPerBlock)),
      );
      const message =
        done < spectra.rows ? `The amplitudes of ${done} of ${spectra.rows} neurons are here so far.` : "";
      return { places, message };
    }
    return { places: null, message: "" };
  }
}

/** Several groups stay as they are, one is sorted within. Without places groups go by index, if they may. */
function inOrder(groups: Groups, places: Places | null, byIndex: boolean): Groups {
  if (places) return groups.length === 1 ? [inPlaces(groups[0], places)] : groupsInPlaces(groups, places);
  return byIndex ? [...groups].sort((one, other) => one[0] - other[0]) : groups;
}
