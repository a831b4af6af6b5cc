import { describe, expect, it } from "vitest";
import { FIRST_TURN, type Point, view3d } from "../src/shared/camera.ts";
import { pooled, surfaceMesh, triangles } from "../src/shared/surface_mesh.ts";
import { randomNumbers } from "./random.ts";

describe("pooled", () => {
  it("keeps the strongest frequency of each bin", () => {
    expect([...pooled([0, 3, 1, 0, 5, 2], 3)]).toEqual([3, 1, 5]);
    expect([...pooled([1, 2, 3], 3)]).toEqual([1, 2, 3]);
  });

  it("loses no peak, wherever it stands", () => {
    for (let place = 0; place < 1001; place++) {
      const row = new Float32Array(1001);
      row[place] = 1;
      const heights = pooled(row, 256);
      expect(heights.reduce((sum, height) => sum + height)).toBe(1);
    }
  });
});

describe("surfaceMesh", () => {
  const groups = [
    [4, 5, 6],
    [1, 2],
  ];
  const mesh = surfaceMesh(groups, (neuron) => [neuron, neuron + 0.25, 0]);

  it("has the heights of its rows, in order", () => {
    expect([mesh.rows, mesh.bins, mesh.groups]).toEqual([5, 3, [0, 3, 5]]);
    expect([...mesh.heights.subarray(9, 12)]).toEqual([1, 1.25, 0]);
  });

  it("spans the whole axis, with the groups apart", () => {
    const places = [...mesh.places];
    expect(places[0]).toBe(0);
    expect(places[4]).toBeCloseTo(1);
    expect(places[3] - places[2]).toBeGreaterThan(1.3 * (places[1] - places[0]));
    expect([...surfaceMesh([[7]], () => [1]).places]).toEqual([0.5]);
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

  it("draws at most 256 bins", () => {
    expect(surfaceMesh([[0, 1]], () => new Float32Array(5000)).bins).toBe(256);
  });

  it("is empty without neurons", () => {
    const empty = surfaceMesh([], () => []);
    expect([empty.rows, empty.bins, triangles(empty).length]).toEqual([0, 0, 0]);
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
