import { describe, expect, it } from "vitest";
import { Viewport } from "../src/shared/viewport.ts";
import { cellsIn, holding, isWhole, panned, placesIn, whole, within, zoomed } from "../src/shared/zoom.ts";
import { randomNumbers } from "./random.ts";

describe("a stretch of an axis", () => {
  it("keeps the place under the pointer where it is while it zooms", () => {
    const random = randomNumbers(1);
    for (let trial = 0; trial < 200; trial++) {
      const count = 10 + Math.floor(random() * 5000);
      let stretch = whole(count);
      for (let step = 0; step < 6; step++) {
        const share = random();
        const at = stretch.start + share * (stretch.stop - stretch.start);
        const next = zoomed(stretch, count, at, 1 + random(), 4);
        expect((at - next.start) / (next.stop - next.start)).toBeCloseTo(share, 6);
        stretch = next;
      }
    }
  });

  it("never leaves the axis and never shows fewer cells than it may", () => {
    const random = randomNumbers(2);
    let stretch = whole(300);
    for (let step = 0; step < 2000; step++) {
      stretch =
        random() < 0.5
          ? zoomed(stretch, 300, random() * 300, 4 ** (random() * 2 - 1), 4)
          : panned(stretch, 300, random() * 400 - 200);
      expect(stretch.start).toBeGreaterThanOrEqual(0);
      expect(stretch.stop).toBeLessThanOrEqual(300 + 1e-9);
      expect(stretch.stop - stretch.start).toBeGreaterThanOrEqual(4 - 1e-9);
    }
  });

  it("is whole again after zooming out as often as in", () => {
    const near = zoomed(zoomed(whole(100), 100, 80, 2, 4), 100, 90, 2, 4);
    const far = zoomed(zoomed(near, 100, 10, 1 / 2, 4), 100, 20, 1 / 2, 4);
    expect(isWhole(far, 100)).toBe(true);
  });

  it("moves just as far as a cell needs to be in view", () => {
    expect(holding({ start: 10, stop: 20 }, 100, 15)).toEqual({ start: 10, stop: 20 });
    expect(holding({ start: 10, stop: 20 }, 100, 9)).toEqual({ start: 9, stop: 19 });
    expect(holding({ start: 10, stop: 20 }, 100, 25)).toEqual({ start: 16, stop: 26 });
    expect(holding({ start: 10, stop: 20 }, 100, -1)).toEqual({ start: 10, stop: 20 });
  });

  it("fits a shorter axis", () => {
    expect(within({ start: 50, stop: 90 }, 60)).toEqual({ start: 20, stop: 60 });
    expect(within({ start: 50, stop: 90 }, 10)).toEqual({ start: 0, stop: 10 });
    expect(cellsIn({ start: 2.5, stop: 4.2 }, 10)).toEqual([2, 5]);
  });

  it("has round places for labels, all in view and not too many", () => {
    expect(placesIn({ start: 118.4, stop: 381.2 }, 4000, 6)).toEqual([150, 200, 250, 300, 350]);
    expect(placesIn({ start: 3.5, stop: 7 }, 10, 20)).toEqual([3, 4, 5, 6]);
    for (const room of [1, 3, 8]) {
      expect(placesIn({ start: 1234, stop: 98765 }, 100000, room).length).toBeLessThanOrEqual(room + 1);
    }
  });
});

describe("Viewport", () => {
  function zoomedIn(): Viewport {
    const viewport = new Viewport();
    viewport.fit(100, "all", 1000, "tokens");
    viewport.zoom(4, 50, 500);
    return viewport;
  }

  it("zooms one axis alone when asked to", () => {
    const viewport = new Viewport();
    viewport.fit(100, "all", 1000, "tokens");
    viewport.zoom(2, 50, 500, "columns");
    expect([viewport.rows, viewport.columns]).toEqual([whole(100), { start: 250, stop: 750 }]);
    viewport.zoom(2, 50, 500, "rows");
    expect(viewport.rows).toEqual({ start: 25, stop: 75 });
  });

  it("stays where it is when the axes only get longer, and is whole for other axes", () => {
    const viewport = zoomedIn();
    viewport.fit(101, "all", 1000, "tokens");
    expect(viewport.rows.stop - viewport.rows.start).toBe(25);
    viewport.fit(12, "proposed", 1000, "tokens");
    expect(viewport.rows).toEqual(whole(12));
    expect(viewport.columns.stop - viewport.columns.start).toBe(250);
    viewport.fit(12, "proposed", 80, "feature");
    expect(viewport.isWhole).toBe(true);
  });

  it("shows a longer axis whole where it was whole before", () => {
    const viewport = new Viewport();
    viewport.fit(12, "proposed", 50, "tokens");
    viewport.fit(15, "proposed", 50, "tokens");
    expect(viewport.isWhole).toBe(true);
  });

  it("tells whether anything has changed, so that a wheel at the end scrolls the page", () => {
    const viewport = zoomedIn();
    expect(viewport.pan(0, 10)).toBe(true);
    viewport.reset();
    expect(viewport.zoom(1 / 2, 3, 3)).toBe(false);
    expect(viewport.pan(5, 5)).toBe(false);
  });

  it("zooms at the chosen cell where it is in view, else at the middle", () => {
    const viewport = zoomedIn();
    viewport.zoomAtCell(2, 40, 2);
    expect(viewport.rows.start).toBeCloseTo(40.5 - (3 / 25) * 12.5, 6);
    expect((viewport.columns.start + viewport.columns.stop) / 2).toBeCloseTo(500, 6);
  });

  it("follows a cell that is out of view, and has the overview's place in its middle", () => {
    const viewport = zoomedIn();
    viewport.follow(0, 999);
    expect(viewport.rowsInView[0]).toBe(0);
    expect(viewport.columnsInView[1]).toBe(1000);
    viewport.centre(0.5, 0.25);
    expect((viewport.columns.start + viewport.columns.stop) / 2).toBeCloseTo(250, 6);
  });
});
