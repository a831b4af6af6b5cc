import { describe, expect, it } from "vitest";
import { colourAt, lutFor, lutIndex } from "../src/shared/colour.ts";
import { layoutRows } from "../src/shared/layout.ts";
import { type Raster, rasterise } from "../src/shared/raster.ts";

const lut = lutFor(true, { theme: "light", palette: "orange-blue" });

function picture(rows: ArrayLike<number>[], changes: Partial<Raster>): (x: number, y: number) => number[] {
  const raster: Raster = {
    width: rows[0]?.length ?? 1,
    height: rows.length,
    layout: layoutRows([rows.length], rows.length, 0),
    ratio: 1,
    row: (index) => Float32Array.from(rows[index]),
    columns: Array.from({ length: rows[0]?.length ?? 0 }, (_, column) => column),
    low: -1,
    high: 1,
    lut,
    middle: 0,
    ...changes,
  };
  const pixels = rasterise(raster);
  expect(pixels.length).toBe(raster.width * raster.height * 4);
  return (x, y) => [...pixels.subarray(4 * (y * raster.width + x), 4 * (y * raster.width + x) + 4)];
}

const shown = (value: number) => [...colourAt(lut, lutIndex(value, -1, 1)), 255];

describe("rasterise", () => {
  it("gives each cell its colour", () => {
    const rows = [
      [-1, 0, 0.5],
      [1, -0.25, 7],
    ];
    const at = picture(rows, {});
    for (const [y, row] of rows.entries()) {
      for (const [x, value] of row.entries()) expect(at(x, y)).toEqual(shown(value));
    }
  });

  it("fills larger pixels with the cell they lie in, at any ratio", () => {
    const at = picture(
      [
        [-1, 1],
        [0.5, -0.5],
      ],
      { width: 8, height: 8, ratio: 4 },
    );
    expect(at(3, 3)).toEqual(shown(-1));
    expect(at(4, 3)).toEqual(shown(1));
    expect(at(3, 4)).toEqual(shown(0.5));
    expect(at(7, 7)).toEqual(shown(-0.5));
  });

  it.each([0, 1, 499, 500, 998, 999])("keeps one strong cell among a thousand: %s", (place) => {
    const rows = Array.from({ length: 64 }, () => new Float32Array(1000).fill(0.1));
    rows[37][place] = -0.9;
    const at = picture(rows, { width: 50, height: 8, layout: layoutRows([64], 8, 0) });
    const strong = shown(-0.9);
    const seen = Array.from({ length: 400 }, (_, pixel) => at(pixel % 50, Math.floor(pixel / 50))).filter(
      (colour) => colour.join() === strong.join(),
    );
    expect(seen).toHaveLength(1);
    expect(at(Math.floor(place / 20), Math.floor(37 / 8))).toEqual(strong);
  });

  it("leaves the gap between two groups clear", () => {
    const at = picture([[1], [1]], { width: 1, height: 30, layout: layoutRows([1, 1], 30, 10) });
    expect(at(0, 9)).toEqual(shown(1));
    expect([at(0, 10), at(0, 19)]).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    expect(at(0, 20)).toEqual(shown(1));
  });

  it("shows the chosen columns in their order", () => {
    const at = picture([[0.1, 0.2, 0.3, -0.9]], { width: 2, columns: [3, 1] });
    expect([at(0, 0), at(1, 0)]).toEqual([shown(-0.9), shown(0.2)]);
  });

  it("is clear without columns", () => {
    expect(picture([[1]], { columns: [] })(0, 0)).toEqual([0, 0, 0, 0]);
  });
});
