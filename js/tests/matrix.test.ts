import { describe, expect, it } from "vitest";
import { BYTES, decode, FLOAT16, FLOAT32, halfToNumber, rowOf, valueAt } from "../src/shared/matrix.ts";

/** A message as the kernel sends it, `before` bytes into a larger buffer that goes on behind it. */
function message(encoding: number, rows: number, columns: number, body: Uint8Array, before = 0): DataView {
  const buffer = new ArrayBuffer(before + 16 + body.length + 5);
  new Uint8Array(buffer).fill(0xee);
  const view = new DataView(buffer, before, 16 + body.length);
  for (const [index, word] of [encoding, rows, columns, 0].entries()) view.setUint32(4 * index, word, true);
  new Uint8Array(buffer, before + 16).set(body);
  return view;
}

function bytesOf(...arrays: (Float32Array | Uint16Array | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(
    arrays.flatMap((array) => [...new Uint8Array(array.buffer, array.byteOffset, array.byteLength)]),
  );
}

describe("halfToNumber", () => {
  it.each([
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x0400, 2 ** -14],
    [0x83ff, -1023 * 2 ** -24],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])("%s is %s", (bits, value) => {
    expect(halfToNumber(bits)).toBe(value);
  });
});

describe("decode", () => {
  it("reads float32 row by row", () => {
    const matrix = decode(message(FLOAT32, 2, 3, bytesOf(Float32Array.of(1, 2, 3, 4, -5, 6))));
    expect([matrix.rows, matrix.columns]).toEqual([2, 3]);
    expect(valueAt(matrix, 1, 1)).toBe(-5);
    expect([...rowOf(matrix, 1)]).toEqual([4, -5, 6]);
  });

  it("reads float16", () => {
    const matrix = decode(message(FLOAT16, 1, 3, bytesOf(Uint16Array.of(0x3c00, 0xbc00, 0x3800))));
    expect([...rowOf(matrix, 0)]).toEqual([1, -1, 0.5]);
  });

  it("reads bytes between the two ends of each row", () => {
    const body = bytesOf(Float32Array.of(-1, 1, 10, 20), Uint8Array.of(0, 255, 51, 255, 0, 102));
    const matrix = decode(message(BYTES, 2, 3, body));
    expect([...rowOf(matrix, 0)]).toEqual([-1, 1, Math.fround(-0.6)]);
    expect([...rowOf(matrix, 1)]).toEqual([20, 10, 14]);
    expect(valueAt(matrix, 0, 2)).toBeCloseTo(-0.6);
  });

  it.each([0, 1, 2, 3, 8, 13])("honours where its view begins and ends: byte %s", (before) => {
    const floats = decode(message(FLOAT32, 1, 2, bytesOf(Float32Array.of(0.25, -7)), before));
    expect([...floats.data]).toEqual([0.25, -7]);
    const halves = decode(message(FLOAT16, 1, 3, bytesOf(Uint16Array.of(0x3c00, 0, 0xc000)), before));
    expect([...halves.data]).toEqual([1, 0, -2]);
    const coarse = decode(
      message(BYTES, 1, 2, bytesOf(Float32Array.of(0, 255), Uint8Array.of(1, 0)), before),
    );
    expect([...rowOf(coarse, 0)]).toEqual([1, 0]);
  });

  it("reads a matrix without rows, such as the masks of no feature", () => {
    const matrix = decode(message(BYTES, 0, 7, new Uint8Array()));
    expect([matrix.rows, matrix.columns, matrix.data.length]).toEqual([0, 7, 0]);
  });
});
