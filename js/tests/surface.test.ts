import { describe, expect, it } from "vitest";
import { FIRST_TURN, type Point, view3d } from "../src/shared/camera.ts";
import { pool } from "../src/shared/spectrum_pool.ts";
import { COARSE, FULL, neuronPlaces, surfaceMesh, triangles } from "../src/shared/surface_mesh.ts";
import { Relief } from "../src/shared/surface_relief.ts";
import { randomNumbers } from "./random.ts";

describe("neuronPlaces", () => {
  it("span the whole axis, with the groups apart", () => {
    const { rows, groups } = neuronPlaces([3, 2]);
    expect(rows[0]).toBe(0);
    expect(rows[4]).toBeCloseTo(1);
    expect(rows[3] - rows[2]).toBeGreaterThan(1.3 * (rows[1] - rows[0]));
    expect(groups.flat()).toEqual(
      [rows[0], rows[2], rows[3], rows[4]].map((place) => expect.closeTo(place, 6)),
    );
    expect([...neuronPlaces([1]).rows]).toEqual([0.5]);
  });
});

describe("surfaceMesh", () => {
  const groups = [
    [4, 5, 6],
    [1, 2],
  ];
  const neurons = groups.flat();
  const mesh = surfaceMesh(groups, 3, (row) => [neurons[row], neurons[row] + 0.25, 0]);

  it("has the heights of its rows, in order", () => {
    expect([mesh.rows, mesh.bins, mesh.groups]).toEqual([5, 3, [0, 3, 5]]);
    expect([...mesh.heights.subarray(9, 12)]).toEqual([1, 1.25, 0]);
    expect([...mesh.places]).toEqual([...neuronPlaces([3, 2]).rows]);
  });

  it("is drawn without a wall across the gap between groups", () => {
    const indices = triangles(mesh);
    expect(indices.length).toBe((2 + 1) * 2 * 6);
    for (let corner = 0; corner < indices.length; corner += 3) {
      const rows = [...indices.subarray(corner, corner + 3)].map((index) => Math.floor(index / mesh.bins));
      expect(new Set(rows.map((row) => row < 3)).size).toBe(1);
    }
    expect(Math.max(...indices)).toBe(mesh.rows * mesh.bins - 1);
  });

  it("shows a neuron without neighbours as a ribbon", () => {
    const ribbon = surfaceMesh([[7]], 2, () => [0.5, 0.75]);
    expect([...ribbon.places]).toEqual([0, 1]);
    expect([...ribbon.heights]).toEqual([0.5, 0.75, 0.5, 0.75]);
  });

  it("has 1,024 x 512 vertices in full, and 256 x 256 while it turns", () => {
    const everyNeuron = [Array.from({ length: 1024 }, (_, neuron) => neuron)];
    const flat = (_: number, bins: number) => new Float32Array(bins);
    const [full, coarse] = [FULL, COARSE].map((detail) => surfaceMesh(everyNeuron, 512, flat, detail));
    expect([full.rows, full.bins]).toEqual([1024, 512]);
    expect([coarse.rows, coarse.bins]).toEqual([256, 256]);
    expect(surfaceMesh([[0, 1]], 5000, flat).bins).toBe(512);
  });

  it("keeps every ridge in its place when it is coarser", () => {
    const size = 1000;
    const bins = 700;
    const everyNeuron = [Array.from({ length: size }, (_, neuron) => neuron)];
    const random = randomNumbers(5);
    for (let round = 0; round < 30; round++) {
      const [row, bin] = [Math.floor(random() * size), Math.floor(random() * bins)];
      const heights = (asked: number, parts: number) => {
        const values = new Float32Array(bins);
        if (asked === row) values[bin] = 1;
        return pool(values, parts);
      };
      const coarse = surfaceMesh(everyNeuron, bins, heights, COARSE);
      const ridges = [...coarse.heights.keys()].filter((vertex) => coarse.heights[vertex] === 1);
      expect(ridges.length).toBe(1);
      const [ridge] = ridges;
      expect(coarse.places[Math.floor(ridge / coarse.bins)]).toBeCloseTo(row / (size - 1), 2);
      expect((ridge % coarse.bins) / (coarse.bins - 1)).toBeCloseTo(bin / (bins - 1), 2);
    }
  });

  it("is empty without neurons", () => {
    const empty = surfaceMesh([], 0, () => []);
    expect([empty.rows, empty.bins, triangles(empty).length]).toEqual([0, 0, 0]);
  });
});

describe("Relief", () => {
  const hill = surfaceMesh([[0, 1, 2, 3, 4]], 5, (row) => (row === 2 ? [0, 0, 0.8, 0, 0] : [0, 0, 0, 0, 0]));
  const relief = new Relief(hill);
  const front: Point = [0.5, 0.3, -2];

  it("has the heights of its corners, and falls between them", () => {
    expect(relief.heightAt(0.5, 0.5)).toBeCloseTo(0.8, 2);
    expect(relief.heightAt(0.375, 0.5)).toBeCloseTo(0.4, 2);
    expect(relief.heightAt(0.1, 0.1)).toBeCloseTo(0);
    expect(relief.heightAt(1.1, 0.5)).toBe(-1);
  });

  it("hides what stands behind it, and nothing before or beside it", () => {
    expect(relief.hides([0.5, 0.2, 0.9], front)).toBe(true);
    expect(relief.hides([0.5, 0.95, 0.9], front)).toBe(false);
    expect(relief.hides([0.5, 0.1, 0.1], front)).toBe(false);
    expect(relief.hides([0.05, 0.1, 0.9], [0.05, 0.3, -2])).toBe(false);
    expect(relief.hides([0.5, 0.8, 0.5], front)).toBe(false);
  });

  it("stops a look where it first meets the surface", () => {
    const share = relief.firstHit(front, [0.5, 0.3, 3]) ?? Number.NaN;
    expect(front[2] + share * 5).toBeGreaterThan(0.25);
    expect(front[2] + share * 5).toBeLessThanOrEqual(0.5);
    expect(relief.firstHit(front, [0.5, 3, 3])).toBeNull();
  });

  it("has no surface between groups", () => {
    const apart = new Relief(
      surfaceMesh(
        [
          [0, 1],
          [2, 3],
        ],
        3,
        () => [0.5, 0.5, 0.5],
      ),
    );
    expect(apart.heightAt(0.5, 0.5)).toBe(-1);
    expect(apart.heightAt(0.5, 0.1)).toBeCloseTo(0.5);
  });
});

describe("view3d", () => {
  const [width, height] = [800, 500];
  const frame = { left: 60, top: 20, width: 680, height: 420 };
  const random = randomNumbers(11);
  const corners = [0, 1].flatMap((x) => [0, 1].flatMap((y) => [0, 1].map((z): Point => [x, y, z])));

  it("labels stand where the graphics card draws: project and matrix agree", () => {
    for (let round = 0; round < 200; round++) {
      const turn = { yaw: (random() - 0.5) * 6, pitch: 0.05 + random() * 1.4 };
      const { matrix, project } = view3d(turn, width, height, frame);
      const point: Point = [random(), random(), random()];
      const clip = [0, 1, 2, 3].map(
        (part) =>
          point.reduce((sum, along, axis) => sum + matrix[4 * axis + part] * along, 0) + matrix[12 + part],
      );
      const [x, y] = project(point);
      expect(((clip[0] / clip[3] + 1) / 2) * width).toBeCloseTo(x, 2);
      expect(((1 - clip[1] / clip[3]) / 2) * height).toBeCloseTo(y, 2);
      expect(Math.abs(clip[2] / clip[3])).toBeLessThan(1);
      expect(clip[3]).toBeGreaterThan(0);
    }
  });

  it("looks back from a place of the screen to the point that it shows", () => {
    for (let round = 0; round < 100; round++) {
      const turn = { yaw: (random() - 0.5) * 6, pitch: 0.05 + random() * 1.4 };
      const { eye, beyond, project } = view3d(turn, width, height, frame);
      const point: Point = [random(), random(), random()];
      const far = beyond(...project(point));
      // The point lies on the way from the eye to what is far behind it.
      const [way, part] = [far, point].map((end) => end.map((along, axis) => along - eye[axis]));
      const share = part[2] / way[2];
      for (const axis of [0, 1, 2]) expect(share * way[axis]).toBeCloseTo(part[axis], 6);
    }
  });

  it("keeps the box within its frame and uses one whole side of it, however it is turned", () => {
    for (let yaw = -3; yaw <= 3; yaw += 0.5) {
      for (const pitch of [0.1, 0.56, 1.4]) {
        const { project } = view3d({ yaw, pitch }, width, height, frame);
        const points = corners.map(project);
        const xs = points.map(([x]) => x);
        const ys = points.map(([, y]) => y);
        expect(Math.min(...xs)).toBeGreaterThanOrEqual(frame.left - 1e-6);
        expect(Math.max(...xs)).toBeLessThanOrEqual(frame.left + frame.width + 1e-6);
        expect(Math.min(...ys)).toBeGreaterThanOrEqual(frame.top - 1e-6);
        expect(Math.max(...ys)).toBeLessThanOrEqual(frame.top + frame.height + 1e-6);
        const across = (Math.max(...xs) - Math.min(...xs)) / frame.width;
        const up = (Math.max(...ys) - Math.min(...ys)) / frame.height;
        expect(Math.max(across, up)).toBeCloseTo(1);
      }
    }
  });

  it("at first has high amplitudes above low ones and high frequencies to the right", () => {
    const { project } = view3d(FIRST_TURN, width, height, frame);
    expect(project([0.5, 1, 0.5])[1]).toBeLessThan(project([0.5, 0, 0.5])[1]);
    expect(project([1, 0, 0])[0]).toBeGreaterThan(project([0, 0, 0])[0]);
  });

  it("puts what is nearer in front", () => {
    const { matrix } = view3d({ yaw: 0, pitch: 0.3 }, width, height, frame);
    const depth = ([x, y, z]: Point) =>
      (matrix[2] * x + matrix[6] * y + matrix[10] * z + matrix[14]) /
      (matrix[3] * x + matrix[7] * y + matrix[11] * z + matrix[15]);
    expect(depth([0.5, 0, 0])).toBeLessThan(depth([0.5, 0, 1]));
  });

  it("is longer along the frequencies where the frame is wider", () => {
    const share = (frameWidth: number) => {
      const wide = { left: 60, top: 20, width: frameWidth, height: 300 };
      const { project } = view3d(FIRST_TURN, frameWidth + 120, 400, wide);
      const [[x0, y0], [x1, y1], [x2, y2]] = [project([0, 0, 0]), project([1, 0, 0]), project([0, 0, 1])];
      return Math.hypot(x1 - x0, y1 - y0) / Math.hypot(x2 - x0, y2 - y0);
    };
    expect(share(1000)).toBeGreaterThan(1.5 * share(360));
  });
});
