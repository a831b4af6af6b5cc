import { describe, expect, it } from "vitest";
import { BYTES } from "../src/shared/matrix.ts";
import { addFeature, onAnswer } from "../src/shared/new_features.ts";
import { Recording } from "../src/shared/recording.ts";
import { registry } from "../src/shared/registry.ts";
import { Selection } from "../src/shared/selection.ts";
import type { Model } from "../src/shared/types.ts";

/** The part of an ipywidgets model that views use, without a kernel behind it. */
class FakeModel implements Model {
  readonly sent: unknown[] = [];
  saved = 0;
  hasKernel = true;
  readonly #values: Map<string, unknown>;
  readonly #listeners = new Map<string, Set<(...values: never[]) => void>>();

  constructor(values: Record<string, unknown>) {
    this.#values = new Map(Object.entries(values));
  }

  get(name: string): unknown {
    return this.#values.get(name);
  }

  set(name: string, value: unknown): void {
    this.#values.set(name, value);
    for (const listener of this.#listeners.get("change") ?? []) listener();
  }

  save_changes(): void {
    if (!this.hasKernel) throw new Error("no kernel");
    this.saved += 1;
  }

  send(content: unknown): void {
    if (!this.hasKernel) throw new Error("no kernel");
    this.sent.push(content);
  }

  on(event: string, callback: (...values: never[]) => void): void {
    this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(callback));
  }

  off(event: string, callback: (...values: never[]) => void): void {
    this.#listeners.get(event)?.delete(callback);
  }

  get listeners(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }
}

function masks(rows: number[][]): DataView {
  const columns = rows[0].length;
  const view = new DataView(new ArrayBuffer(16 + 8 * rows.length + rows.length * columns));
  for (const [index, word] of [BYTES, rows.length, columns, 0].entries())
    view.setUint32(4 * index, word, true);
  for (const row of rows.keys()) view.setFloat32(20 + 8 * row, 255, true);
  new Uint8Array(view.buffer, 16 + 8 * rows.length).set(rows.flat());
  return view;
}

const made = (neurons = 6) =>
  new FakeModel({
    tokens: ["a", " ", "b", " "],
    documents: [0],
    joiner: "",
    signals: [{ signal: "hidden", layer: 0, neurons, low: -1, high: 1, two_sided: true, large: false }],
    offers: ["masks", "values_hidden_0", "spectrum_hidden_0"],
    fetched: {},
    features: [{ name: "space", message: null }],
  });

let count = 0;
function open(model: FakeModel, reference = `recording ${count++}`) {
  const controller = new AbortController();
  const seen = { changes: 0 };
  const recording = new Recording(model, reference, controller.signal, () => {
    seen.changes += 1;
  });
  return { recording, reference, controller, seen };
}

describe("Recording", () => {
  it("asks for an array once, however many views need it and however often", () => {
    const model = made();
    const { recording, reference } = open(model);
    const other = open(model, reference).recording;
    for (const view of [recording, other, recording]) expect(view.mask("space")).toBeNull();
    expect(model.sent).toEqual([{ need: "masks" }]);
    expect([...recording.missing]).toEqual(["masks"]);
  });

  it("decodes an array once for all views", () => {
    const model = made();
    const { recording, reference, seen } = open(model);
    const other = open(model, reference).recording;
    model.set("masks", masks([[0, 1, 0, 1]]));
    expect(seen.changes).toBe(1);
    expect(recording.mask("space")).toBe(other.mask("space"));
    expect(recording.matches("space")).toEqual([1, 3]);
    expect([recording.matches(null), recording.matches("unknown")]).toEqual([[], []]);
  });

  it("takes a newer array for the older one", () => {
    const model = made();
    const { recording } = open(model);
    model.set("masks", masks([[0, 1, 0, 1]]));
    recording.mask("space");
    model.set("masks", masks([[1, 0, 0, 0]]));
    expect(recording.matches("space")).toEqual([0]);
  });

  it("fetches the rest quietly, one array at a time, unless it is large", () => {
    const model = made();
    const { recording } = open(model);
    recording.prefetch();
    recording.prefetch();
    expect(model.sent).toHaveLength(1);
    const large = made(20_000_000);
    open(large).recording.prefetch();
    expect(large.sent).toEqual([]);
  });

  it("says when the kernel is gone, and shows what is here", () => {
    const model = made();
    const { recording } = open(model);
    model.set("masks", masks([[0, 1, 0, 1]]));
    model.hasKernel = false;
    expect(addFeature(recording, "x")).toBe(false);
    expect(recording.values("hidden", 0)).toBeNull();
    expect(recording.matches("space")).toEqual([1, 3]);
  });

  it("leaves nothing behind when its last view ends", () => {
    const model = made();
    const one = open(model);
    const other = open(model, one.reference);
    onAnswer(one.recording, one.controller.signal, () => {});
    one.controller.abort();
    expect(registry().recordings.has(one.reference)).toBe(true);
    other.controller.abort();
    expect(registry().recordings.has(one.reference)).toBe(false);
    expect(model.listeners).toBe(0);
  });
});

describe("Selection", () => {
  const choices = {
    neuron: 3,
    token: null,
    neurons: [1],
    feature: null,
    signal: "hidden",
    layer: 0,
    band: null,
  };

  it("chooses in the page, with a kernel or without one", () => {
    const model = new FakeModel(choices);
    const controller = new AbortController();
    let changes = 0;
    const selection = new Selection(model, controller.signal, () => {
      changes += 1;
    });
    selection.choose({ neuron: 5 });
    expect([selection.choice.neuron, model.saved, changes]).toEqual([5, 1, 1]);
    model.hasKernel = false;
    selection.choose({ token: 2 });
    expect([selection.choice.token, changes]).toEqual([2, 2]);
    controller.abort();
    expect(model.listeners).toBe(0);
  });

  it("pins and unpins", () => {
    const selection = new Selection(new FakeModel(choices), new AbortController().signal, () => {});
    selection.togglePinned(4);
    expect(selection.choice.neurons).toEqual([1, 4]);
    selection.togglePinned(1);
    expect(selection.choice.neurons).toEqual([4]);
  });
});
