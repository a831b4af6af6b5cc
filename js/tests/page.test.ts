import { describe, expect, it } from "vitest";
import { unshuffled } from "../src/page/blocks.ts";
import { type PageState, restored } from "../src/page/state.ts";

/** The bytes plane by plane, as Python packs them. */
function shuffled(bytes: Uint8Array, item: number): Uint8Array {
  const items = bytes.length / item;
  return Uint8Array.from(bytes, (_, index) => bytes[(index % items) * item + Math.floor(index / items)]);
}

describe("an exported page", () => {
  it.each([1, 2, 4, 8])("reads numbers of %i bytes that were packed plane by plane", (item) => {
    const bytes = Uint8Array.from({ length: 24 * item }, (_, index) => (index * 37) % 256);
    const packed = new Uint8Array([9, 9, 9, ...shuffled(bytes, item)]);
    const view = unshuffled(packed, { model: "m", path: ["x"], start: 3, length: bytes.length, item });
    expect([...new Uint8Array(view.buffer)]).toEqual([...bytes]);
  });

  it("puts texts and arrays where they belong, also deep inside", () => {
    const page: PageState = {
      manager: {
        version_major: 2,
        version_minor: 0,
        state: {
          one: { model_name: "A", model_module: "a", state: { _esm: "", fetched: {} } },
          two: { model_name: "B", model_module: "b", state: { _esm: "", x: { dtype: "float32" } } },
        },
      },
      texts: ["export default {}"],
      texts_at: [
        ["one", "_esm", 0],
        ["two", "_esm", 0],
      ],
      arrays: [
        { model: "one", path: ["fetched", '["row","hidden",0,7]'], start: 0, length: 2, item: 1 },
        { model: "two", path: ["x", "value"], start: 2, length: 1, item: 1 },
      ],
      view: "two",
    };
    const { one, two } = restored(page, new Uint8Array([1, 2, 3])).state;
    expect(one.state._esm).toBe("export default {}");
    expect(two.state._esm).toBe("export default {}");
    const fetched = one.state.fetched as Record<string, DataView>;
    expect(fetched['["row","hidden",0,7]'].getUint8(1)).toBe(2);
    expect((two.state.x as { value: DataView }).value.getUint8(0)).toBe(3);
  });
});
