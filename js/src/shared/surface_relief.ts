import type { Point } from "./camera.ts";
import type { SurfaceMesh } from "./surface_mesh.ts";

/** Entries of the table that finds a row from a place, so that no search is needed for each crossing. */
const PLACES = 2048;

/** The surface as something that light rays meet: what stands before what, and what is under the pointer. */
export class Relief {
  readonly #mesh: SurfaceMesh;
  /** For each place along the neuron axis the row at or before it, -1 where no group is. */
  readonly #rowAt: Int32Array;

  constructor(mesh: SurfaceMesh) {
    this.#mesh = mesh;
    this.#rowAt = new Int32Array(PLACES + 1).fill(-1);
    const { places, groups } = mesh;
    for (let group = 0; group + 1 < groups.length; group++) {
      for (let row = groups[group]; row + 1 < groups[group + 1]; row++) {
        const end = Math.floor(places[row + 1] * PLACES);
        for (let entry = Math.ceil(places[row] * PLACES); entry <= end; entry++) this.#rowAt[entry] = row;
      }
    }
  }

  /** Height above a point of the floor, -1 where there is no surface. */
  heightAt(x: number, z: number): number {
    if (!(x >= 0 && x <= 1 && z >= 0 && z <= 1)) return -1;
    const { places } = this.#mesh;
    const row = this.#rowAt[Math.round(z * PLACES)];
    if (row < 0) return -1;
    const share = Math.max(0, Math.min(1, (z - places[row]) / (places[row + 1] - places[row])));
    return (1 - share) * this.#along(row, x) + share * this.#along(row + 1, x);
  }

  /** Where the way from one point to another first goes below the surface, as a share of it; null if nowhere. */
  firstHit(from: Point, to: Point): number | null {
    const [x, y, z] = from;
    const [dx, dy, dz] = [to[0] - x, to[1] - y, to[2] - z];
    const { bins, places, groups, rows } = this.#mesh;
    // Nothing is higher than 1.
    const last = dy > 0 ? Math.min(1, (1 - y) / dy) : 1;
    let first = last * (1 + 1e-9);
    const offer = (share: number, height: number) => {
      if (share > 0 && share < first && height >= y + share * dy) first = share;
    };
    // Between two crossings of rows and bins the surface is almost flat, so that a ray meets it at one of them.
    if (Math.abs(dz) > 1e-9) {
      for (let row = 0; row < rows; row++) {
        const share = (places[row] - z) / dz;
        const place = x + share * dx;
        if (share > 0 && share < first && place >= 0 && place <= 1) offer(share, this.#along(row, place));
      }
    }
    if (Math.abs(dx) > 1e-9 && groups.length > 1) {
      for (let bin = 0; bin < bins; bin++) {
        const place = bin / Math.max(1, bins - 1);
        const share = (place - x) / dx;
        if (share > 0 && share < first) offer(share, this.heightAt(place, z + share * dz));
      }
    }
    return first <= last ? first : null;
  }

  /** Whether the surface stands between the eye and a point on or above it. */
  hides([x, y, z]: Point, eye: Point): boolean {
    // From a little above the point and on the eye's side of it, or the surface would hide itself.
    const start: Point = [x + (eye[0] - x) * 1e-3, y + 0.012, z + (eye[2] - z) * 1e-3];
    return this.firstHit(start, eye) !== null;
  }

  #along(row: number, x: number): number {
    const { bins, heights } = this.#mesh;
    const place = x * (bins - 1);
    const bin = Math.min(bins - 1, Math.floor(place));
    const start = row * bins + bin;
    if (bin === bins - 1) return heights[start];
    return heights[start] + (place - bin) * (heights[start + 1] - heights[start]);
  }
}
