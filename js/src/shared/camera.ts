import type { Box } from "./canvas.ts";

export type Point = readonly [number, number, number];

/** Lengths of the box's edges in relation to its neuron edge: amplitude, and frequency in a narrow and a wide frame. */
const HEIGHT = 0.8;
const NARROWEST = 0.9;
const WIDEST = 3.2;

/** Where a point of the box (frequency, height, neuron; each 0..1) is on the screen. */
export interface View3d {
  /** Column-major matrix from the box to clip space of the viewport. */
  matrix: Float32Array;
  project(point: Point): readonly [number, number];
  /** The place of the eye, in the box's coordinates. */
  eye: Point;
  /** A point far behind what is seen at this place of the screen. */
  beyond(left: number, top: number): Point;
}

export interface Turn {
  /** Around the upright axis, radians. */
  yaw: number;
  /** Above the floor, radians. */
  pitch: number;
}

export const FIRST_TURN: Turn = { yaw: -0.6, pitch: 0.45 };

type Clip = readonly [number, number, number, number];

/** A perspective view of the box from its outside, scaled so that the box fills `frame` of a viewport. */
export function view3d({ yaw, pitch }: Turn, width: number, height: number, frame: Box): View3d {
  const [sine, cosine] = [Math.sin(yaw), Math.cos(yaw)];
  const [up, out] = [Math.sin(pitch), Math.cos(pitch)];
  const edge = Math.max(NARROWEST, Math.min(WIDEST, (1.15 * frame.width) / frame.height));
  const distance = 1.9 + edge;
  const clip = ([frequency, amplitude, neuron]: Point): Clip => {
    const [x, y, z] = [(frequency - 0.5) * edge, (amplitude - 0.5) * HEIGHT, 0.5 - neuron];
    const across = x * cosine + z * sine;
    const depth = z * cosine - x * sine;
    const near = depth * out + y * up;
    return [across, y * out - depth * up, -near, distance - near];
  };
  // Back from what clip() makes of a point: across, upwards and towards the eye are turned about the middle of the box.
  const unclip = (across: number, above: number, near: number): Point => {
    const y = above * out + near * up;
    const depth = near * out - above * up;
    const [x, z] = [across * cosine - depth * sine, across * sine + depth * cosine];
    return [x / edge + 0.5, y / HEIGHT + 0.5, 0.5 - z];
  };
  const corners = [0, 1].flatMap((x) => [0, 1].flatMap((y) => [0, 1].map((z) => clip([x, y, z]))));
  const xs = corners.map(([x, , , w]) => x / w);
  const ys = corners.map(([, y, , w]) => y / w);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const scale = Math.min(frame.width / (right - left), frame.height / (high - low));
  const moveX = frame.left + frame.width / 2 - (scale * (left + right)) / 2;
  const moveY = frame.top + frame.height / 2 + (scale * (low + high)) / 2;

  // From pixels to clip space: x' = 2 (moveX + scale x / w) / width - 1, times w so that the division stays last.
  const fitted = (point: Point): Clip => {
    const [x, y, z, w] = clip(point);
    return [
      (2 * scale * x) / width + ((2 * moveX) / width - 1) * w,
      (2 * scale * y) / height + (1 - (2 * moveY) / height) * w,
      z * 0.5,
      w,
    ];
  };
  const origin = fitted([0, 0, 0]);
  const axes = (
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const
  ).map((axis) => fitted(axis).map((part, index) => part - origin[index]));
  return {
    matrix: Float32Array.from([...axes.flat(), ...origin]),
    project(point) {
      const [x, y, , w] = clip(point);
      return [moveX + (scale * x) / w, moveY - (scale * y) / w];
    },
    eye: unclip(0, 0, distance),
    beyond(left, top) {
      const w = 2 * distance;
      return unclip(((left - moveX) / scale) * w, ((moveY - top) / scale) * w, distance - w);
    },
  };
}
