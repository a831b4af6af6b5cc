import { describe, expect, it } from "vitest";
import { colourAt, lutFor, lutIndex } from "../src/shared/colour.ts";
import { layoutRows } from "../src/shared/layout.ts";
import { colour, type Frame, limitsOf, type Pooled, pool } from "../src/shared/raster.ts";
import { type Spans, spansOf, spansOfBlocks } from "../src/shared/spans.ts";
import { type Strip, TakenRows } from "../src/shared/taken_rows.ts";
import { randomNumbers } from "./random.ts";

const lut = lutFor(true, { theme: "light", palette: "orange-blue" });

interface Changes extends Partial<Frame> {
  columns?: number[];
}

/** Rows of `columns` numbers each, one below the other. */
function numbers(data: Float32Array, columns: number, spans: Spans, mean = 0): TakenRows {
  const strip = (row: number): Strip => ({ data, offset: row * columns, low: 0, step: 1, mean, spans });
  return new TakenRows(spans.starts.length, strip);
}

function coloured(pooled: Pooled, limits: [number, number] | null): Uint8ClampedArray<ArrayBuffer> {
  const bytes = new Uint8ClampedArray(4 * pooled.width * pooled.lines.length);
  colour(bytes, pooled, lut, limits);
  return bytes;
}

/** Colours of the pixels of rows on the scale -1..1, extremes measured from 0. */
function picture(rows: ArrayLike<number>[], changes: Changes): (x: number, y: number) => number[] {
  const all = Array.from({ length: rows[0]?.length ?? 0 }, (_, column) => column);
  const { columns = all, ...frame } = changes;
  const size = { width: all.length || 1, height: rows.length, ratio: 1, ...frame };
  const layout = frame.layout ?? layoutRows([rows.length], rows.length, 0);
  const spans = spansOf(size.width, { start: 0, stop: columns.length }, columns.length, columns);
  const data = Float32Array.from(rows.flatMap((row) => Array.from(row)));
  const pooled = pool({ ...size, layout }, [...rows.keys()], numbers(data, all.length, spans));
  const pixels = coloured(pooled, [-1, 1]);
  expect(pixels.length).toBe(size.width * size.height * 4);
  return (x, y) => [...pixels.subarray(4 * (y * size.width + x), 4 * (y * size.width + x) + 4)];
}

const shown = (value: number) => [...colourAt(lut, lutIndex(value, -1, 1)), 255];

describe("the pixels", () => {
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

describe("pool", () => {
  interface Case {
    rows: number;
    columns: number;
    width: number;
    height: number;
    stretch?: { start: number; stop: number };
    bytes?: boolean;
  }

  /** The strips of a random matrix with a mean for each row, and a slow way to find what a pixel must show. */
  function example({ rows, columns, width, stretch, bytes }: Case) {
    const random = randomNumbers(rows * columns);
    const shown = stretch ?? { start: 0, stop: columns };
    const data = bytes
      ? Uint8Array.from({ length: rows * columns }, () => Math.floor(random() * 256))
      : Float32Array.from({ length: rows * columns }, () => random() * 2 - 1);
    const [low, step] = bytes ? [-0.5, 1 / 255] : [0, 1];
    const means = Float32Array.from({ length: rows }, () => random() - 0.5);
    const spans = spansOf(width, shown, columns, null);
    const strip = (row: number): Strip => ({
      data,
      offset: row * columns,
      low,
      step,
      mean: means[row],
      spans,
    });
    const valueAt = (row: number, column: number) => low + data[row * columns + column] * step;
    return { strip, means, valueAt, shown };
  }

  it.each([
    { rows: 40, columns: 500, width: 60, height: 12 },
    { rows: 40, columns: 500, width: 60, height: 12, bytes: true },
    { rows: 3, columns: 1000, width: 70, height: 30 },
    { rows: 200, columns: 30, width: 90, height: 25 },
    { rows: 64, columns: 640, width: 50, height: 64, stretch: { start: 111.3, stop: 333.7 } },
  ])("shows in every pixel the cell farthest from its neuron's mean: %o", (parts) => {
    const { strip, means, valueAt, shown } = example(parts);
    const { rows, columns, width, height } = parts;
    const layout = layoutRows([rows], height, 0);
    const neurons = Array.from({ length: rows }, (_, row) => row);
    const pooled = pool({ width, height, layout, ratio: 1 }, neurons, new TakenRows(width, strip));
    const seen = new Set<string>();
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = pooled.values[pooled.lines[y] * width + x];
        const size = (shown.stop - shown.start) / width;
        const first = Math.max(0, Math.floor(shown.start + x * size) - 1);
        const last = Math.min(columns - 1, Math.ceil(shown.start + (x + 1) * size));
        const top = Math.floor((y * rows) / height - 1e-9);
        const bottom = Math.ceil(((y + 1) * rows) / height);
        let isThere = false;
        for (let row = Math.max(0, top); row < Math.min(rows, bottom); row++) {
          for (let column = first; column <= last; column++) {
            if (Math.abs(valueAt(row, column) - value) < 1e-6) {
              isThere = true;
              seen.add(`${row} ${column}`);
            }
          }
        }
        expect(isThere).toBe(true);
      }
    }
    const inView = Array.from({ length: rows }, (_, row) => row).flatMap((row) =>
      Array.from({ length: Math.floor(shown.stop) - Math.ceil(shown.start) }, (_, step) => {
        const column = Math.ceil(shown.start) + step;
        return { key: `${row} ${column}`, distance: Math.abs(valueAt(row, column) - means[row]) };
      }),
    );
    inView.sort((one, other) => other.distance - one.distance);
    expect(seen.has(inView[0].key)).toBe(true);
  });

  it("looks at each cell in exactly one pixel of a line", () => {
    for (const [columns, width] of [
      [1000, 64],
      [1001, 1000],
      [97, 13],
    ]) {
      const { starts, stops } = spansOf(width, { start: 0, stop: columns }, columns, null);
      expect([starts[0], stops[width - 1]]).toEqual([0, columns]);
      for (let x = 1; x < width; x++) expect(starts[x]).toBe(stops[x - 1]);
    }
  });

  it("measures from the neuron's mean, not from 0", () => {
    const data = Float32Array.of(0.9, 0.9, 0.2, 0.9);
    const spans = spansOf(1, { start: 0, stop: 4 }, 4, null);
    const frame = { width: 1, height: 1, layout: layoutRows([1], 1, 0), ratio: 1 };
    const pooled = pool(frame, [0], numbers(data, 4, spans, 0.725));
    expect(pooled.values[0]).toBeCloseTo(0.2);
  });

  it("takes each row once, whatever the order in which rows then stand", () => {
    const { strip } = example({ rows: 60, columns: 90, width: 30, height: 20 });
    let taken = 0;
    const counting = new TakenRows(30, (neuron) => {
      taken += 1;
      return strip(neuron);
    });
    const frame = { width: 30, height: 20, layout: layoutRows([60], 20, 0), ratio: 1 };
    const order = Array.from({ length: 60 }, (_, row) => row);
    pool(frame, order.slice(0, 20), counting);
    expect(taken).toBe(20);
    pool(frame, order, counting);
    const reversed = pool(frame, order.reverse(), counting);
    expect(taken).toBe(60);
    expect(reversed.values).toEqual(pool(frame, order, new TakenRows(30, strip)).values);
    const onceMore = pool(frame, order, new TakenRows(30, strip, counting), reversed);
    expect(onceMore.values).toEqual(pool(frame, order, new TakenRows(30, strip)).values);
  });

  it("finds the blocks of a pooled row for all columns and for chosen ones", () => {
    const whole = spansOfBlocks(10, { start: 0, stop: 100 }, null, 0, 10, 10);
    expect([...whole.starts]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const part = spansOfBlocks(4, { start: 40, stop: 80 }, null, 20, 10, 8);
    expect([...part.starts]).toEqual([2, 3, 4, 5]);
    const chosen = spansOfBlocks(2, { start: 0, stop: 2 }, [5, 99], 0, 10, 10);
    expect([...(chosen.cells as Int32Array)]).toEqual([0, 9]);
  });

  it("tells the limits of what it shows, and colours a line on its own range", () => {
    const spans = spansOf(2, { start: 0, stop: 2 }, 2, null);
    const data = Float32Array.of(0.01, 0.02, -1, 1);
    const frame = { width: 2, height: 2, layout: layoutRows([2], 2, 0), ratio: 1 };
    const pooled = pool(frame, [0, 1], numbers(data, 2, spans));
    expect(limitsOf(pooled)).toEqual([-1, 1]);
    const pixels = new Uint32Array(coloured(pooled, null).buffer);
    expect([pixels[0], pixels[1]]).toEqual([pixels[2], pixels[3]]);
  });
});
