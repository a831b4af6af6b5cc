import { beforeEach, expect, it, vi } from "vitest";
import { Fetches, keyOf } from "../src/shared/fetches.ts";
import { FLOAT32 } from "../src/shared/matrix.ts";

function row(values: number[]): DataView {
  const view = new DataView(new ArrayBuffer(16 + 4 * values.length));
  for (const [index, word] of [FLOAT32, 1, values.length, 0].entries()) view.setUint32(4 * index, word, true);
  values.forEach((value, index) => {
    view.setFloat32(16 + 4 * index, value, true);
  });
  return view;
}

const row5 = keyOf("row", "hidden", 0, 5);
const row6 = keyOf("row", "hidden", 0, 6);
const row7 = keyOf("row", "hidden", 0, 7);
const chunk = keyOf("spectra", "hidden", 0, 0, 64);

let sent: string[][] = [];
const send = (content: unknown) => {
  sent.push((content as { get: string[] }).get);
  return true;
};

beforeEach(() => {
  sent = [];
  vi.useFakeTimers();
});

it("asks once for what all views of a frame miss", () => {
  const fetches = new Fetches();
  const [text, heatmap] = [{}, {}];
  fetches.want(text, row5, send);
  fetches.want(heatmap, row5, send);
  fetches.want(heatmap, row6, send);
  expect(sent).toEqual([]);
  vi.runAllTimers();
  expect(sent[0]).toEqual([row5, row6]);
});

it("has one request under way, and then asks for what the newest picture misses", () => {
  const fetches = new Fetches();
  const view = {};
  fetches.want(view, row5, send);
  vi.advanceTimersByTime(1);
  for (const newer of [row6, row7]) {
    fetches.release(view);
    fetches.want(view, newer, send);
    vi.advanceTimersByTime(1);
  }
  expect(sent).toEqual([[row5]]);
  expect(fetches.accept([row5], [row([1])])).toBe(true);
  expect(sent).toEqual([[row5], [row7]]);
  expect(fetches.get(row5)?.data).toEqual(Float32Array.of(1));
});

it("lets long work wait for a choice", () => {
  const fetches = new Fetches();
  fetches.want({}, chunk, send);
  fetches.want({}, row5, send);
  vi.advanceTimersByTime(1);
  expect(sent).toEqual([[row5]]);
  fetches.accept([row5], [row([1])]);
  expect(sent).toEqual([[row5], [chunk]]);
});

it("asks again when an answer is lost, and takes no answer twice", () => {
  const fetches = new Fetches();
  fetches.want({}, row5, send);
  vi.advanceTimersByTime(1);
  vi.advanceTimersByTime(9000);
  expect(sent).toHaveLength(1);
  fetches.want({}, row6, send);
  vi.advanceTimersByTime(2000);
  expect(sent).toEqual([[row5], [row5, row6]]);
  expect(fetches.accept([row5, row6], [row([1]), row([2])])).toBe(true);
  expect(fetches.accept([row5, row6], [row([1]), row([2])])).toBe(false);
});

it("goes on when the kernel could not answer all of it", () => {
  const fetches = new Fetches();
  const view = {};
  fetches.want(view, row5, send);
  fetches.want(view, row6, send);
  vi.advanceTimersByTime(1);
  expect(fetches.accept([row6], [row([2])])).toBe(true);
  expect(fetches.get(row5)).toBeNull();
  expect(sent).toHaveLength(1);
});

it("forgets what was used longest ago when there is too much", () => {
  const fetches = new Fetches();
  const big = Array.from({ length: 2 ** 22 }, () => 0);
  const keys = Array.from({ length: 8 }, (_, neuron) => keyOf("row", "hidden", 0, neuron));
  for (const key of keys) fetches.put(key, row(big));
  fetches.get(keys[0]);
  fetches.put(keyOf("row", "hidden", 0, 8), row(big));
  expect(fetches.get(keys[1])).toBeNull();
  expect(fetches.get(keys[0])).not.toBeNull();
});
