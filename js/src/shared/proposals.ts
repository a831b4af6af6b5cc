import type { Recording } from "./recording.ts";
import { type Groups, proposedGroups, runs, top } from "./rows.ts";
import type { Scene } from "./view.ts";

export interface Proposals {
  /** The proposed neurons, best first. */
  neurons: number[];
  /** What a picture shows: the proposed neurons with their neighbours, and those chosen or pinned. */
  groups: Groups;
  /** Relevance of each neuron for the chosen feature, or null. */
  scores: ArrayLike<number> | null;
}

/**
 * The neurons most relevant for the chosen feature. Where relevance says nothing (no feature, or one with nothing to
 * compare with), those with the strongest rhythm. A view that is limited to some neurons shows just these.
 */
export function proposals(recording: Recording, scene: Scene, n: number, radius: number): Proposals {
  const { choice, info, limit } = scene;
  const isKnown = recording.featureIndex(choice.feature) >= 0;
  const scores = isKnown ? recording.scores(choice.feature, info.signal, info.layer) : null;
  let neurons = scores ? top(scores, n) : [];
  if (neurons.length === 0 && (scores || !isKnown)) neurons = rhythmic(recording, scene, n);
  if (limit) return { neurons, groups: runs(limit), scores };
  return { neurons, groups: withNeighbours(neurons, scene, radius), scores };
}

/** The neurons with their neighbours, and those that are chosen or pinned. */
export function withNeighbours(neurons: readonly number[], { choice, info }: Scene, radius: number): Groups {
  const wanted = [...(choice.neuron === null ? [] : [choice.neuron]), ...choice.neurons];
  return proposedGroups(neurons, radius, info.neurons, wanted);
}

/** The neurons with the strongest peak within the chosen band. */
export function rhythmic(recording: Recording, { choice, info, limit }: Scene, n: number): number[] {
  return recording.strongest(info.signal, info.layer, choice.band, n, limit).map((peak) => peak.neuron);
}
