import { expect, it } from "vitest";
import { maskOf, messageOf, places, thesisScores } from "../src/shared/local_features.ts";
import type { Matrix } from "../src/shared/matrix.ts";
import { randomNumbers } from "./random.ts";

const TOKENS = 40;
const NEURONS = 6;

function values(): Matrix {
  const random = randomNumbers(4);
  const data = Float32Array.from({ length: NEURONS * TOKENS }, () => 2 * random() - 1);
  return { rows: NEURONS, columns: TOKENS, block: 0, data, ranges: null };
}

/** The definition, word by word, with the text's two ends reflected. */
function slowly({ data }: Matrix, mask: Uint8Array): number[] {
  const at = (neuron: number, token: number) => {
    const reflected = token < 0 ? -token : token >= TOKENS ? 2 * (TOKENS - 1) - token : token;
    return data[neuron * TOKENS + reflected];
  };
  const mean = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const tokens = Array.from({ length: TOKENS }, (_, token) => token);
  const scores = Array.from({ length: NEURONS }, (_, neuron) => {
    const inside = tokens.filter((token) => mask[token]);
    const outside = tokens.filter((token) => !mask[token]);
    const bends = inside.map((t) => Math.abs(2 * at(neuron, t) - at(neuron, t - 1) - at(neuron, t + 1)));
    const difference = mean(inside.map((t) => at(neuron, t))) - mean(outside.map((t) => at(neuron, t)));
    return mean(bends) + Math.abs(difference);
  });
  return scores.map((score) => score / Math.max(...scores));
}

it("relevance for a stretch is what the definition says, at both ends of the text too", () => {
  for (const spans of [
    [[0, 5]],
    [[37, 40]],
    [
      [3, 4],
      [10, 20],
    ],
  ] as [number, number][][]) {
    const mask = maskOf(spans, TOKENS);
    const scores = thesisScores(values(), mask);
    slowly(values(), mask).forEach((score, neuron) => {
      expect(scores[neuron]).toBeCloseTo(score, 5);
    });
  }
});

it("a stretch that leaves nothing to compare gives 0, and a reason", () => {
  for (const spans of [[], [[0, TOKENS]]] as [number, number][][]) {
    const mask = maskOf(spans, TOKENS);
    expect([...thesisScores(values(), mask)]).toEqual(Array(NEURONS).fill(0));
    expect(messageOf(mask)).toContain("nothing to compare");
  }
  expect(messageOf(maskOf([[1, 2]], TOKENS))).toBeNull();
});

it("neurons that never change have relevance 0, not a share of nothing", () => {
  const constant = { ...values(), data: new Float32Array(NEURONS * TOKENS).fill(0.25) };
  expect([...thesisScores(constant, maskOf([[2, 9]], TOKENS))]).toEqual(Array(NEURONS).fill(0));
});

it("stretches end before their second number and stay within the text", () => {
  expect(
    places(
      maskOf(
        [
          [1, 3],
          [2, 4],
          [38, 99],
        ],
        TOKENS,
      ),
    ),
  ).toEqual([1, 2, 3, 38, 39]);
});
