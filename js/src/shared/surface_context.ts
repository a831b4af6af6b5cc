import { registry } from "./registry.ts";
import type { Smooth } from "./surface_smooth.ts";

const VERTEX = `#version 300 es
uniform mat4 view;
in vec3 place;
out float height;
out vec3 position;
void main() {
  height = place.y;
  position = place;
  gl_Position = view * vec4(place, 1.0);
}`;

const SURFACE = `#version 300 es
precision highp float;
uniform sampler2D colours;
// On dark paper the lowest colours are as dark: light that falls on a slope keeps it visible.
uniform float glow;
in float height;
in vec3 position;
out vec4 colour;
void main() {
  vec3 normal = normalize(cross(dFdx(position), dFdy(position)) + vec3(0.0, 1e-9, 0.0));
  float facing = abs(dot(normal, normalize(vec3(-0.35, 0.85, 0.4))));
  vec3 base = texture(colours, vec2(clamp(height, 0.002, 0.998), 0.5)).rgb;
  colour = vec4(base * (0.72 + 0.28 * facing) + glow * (0.3 + facing), 1.0);
}`;

const PLANE = `#version 300 es
precision highp float;
uniform vec4 paint;
out vec4 colour;
void main() {
  colour = vec4(paint.rgb * paint.a, paint.a);
}`;

/** How long a lost context is waited for before a new one is asked for. */
export const RESTORED_WITHIN_MS = 3000;
/** How much larger than needed the canvas may stay, in area. */
const SLACK = 1.5;

export type Size = readonly [number, number];

/** The programs of one context, and what else it draws with; those of a context that was lost are of no use in the restored one. */
export interface Programs {
  surface: WebGLProgram;
  plane: WebGLProgram;
  smooth: Smooth | null;
}

/**
 * The page's only WebGL context: every surface is drawn in it and copied from it, so that a page may have many. Plain
 * data, because modules of several widgets share it.
 */
export interface SharedContext {
  canvas: HTMLCanvasElement;
  gl: WebGL2RenderingContext;
  programs: Programs | null;
  /** When the context was lost, or null while it works. */
  lostAt: number | null;
  /** Those who draw, and the size that each needs, in device pixels. */
  users: Map<object, Size>;
}

const KEY = "surface";

function known(): SharedContext | null {
  return (registry().surfaces.get(KEY) as SharedContext | undefined) ?? null;
}

/** The context for this user, as large as needed; null where there is none, or while it is lost. */
export function borrow(user: object, size: Size): SharedContext | null {
  let shared = known();
  if (shared?.lostAt && performance.now() - shared.lostAt > RESTORED_WITHIN_MS) {
    registry().surfaces.delete(KEY);
    const users = shared.users;
    shared = open();
    if (shared) for (const [other, its] of users) shared.users.set(other, its);
  }
  shared ??= open();
  if (!shared) return null;
  shared.users.set(user, size);
  if (shared.lostAt !== null) return null;
  shared.programs ??= programs(shared.gl);
  if (!shared.programs) return null;
  resize(shared);
  return shared;
}

/** Whether there is a context that is lost and may come back. */
export function isLost(): boolean {
  return known()?.lostAt != null;
}

/** Takes a user away; with the last one the context and its canvas go. */
export function giveBack(user: object): void {
  const shared = known();
  if (!shared?.users.delete(user)) return;
  if (shared.users.size > 0) {
    resize(shared);
    return;
  }
  registry().surfaces.delete(KEY);
  shared.gl.getExtension("WEBGL_lose_context")?.loseContext();
  shared.canvas.width = 0;
  shared.canvas.height = 0;
}

function open(): SharedContext | null {
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl2", { antialias: false, alpha: true });
  if (!gl) return null;
  const shared: SharedContext = { canvas, gl, programs: null, lostAt: null, users: new Map() };
  canvas.addEventListener("webglcontextlost", (event) => {
    if (known() !== shared) return;
    // The browser restores only a context whose loss somebody has taken note of.
    event.preventDefault();
    shared.lostAt = performance.now();
    shared.programs = null;
  });
  canvas.addEventListener("webglcontextrestored", () => {
    shared.lostAt = null;
  });
  registry().surfaces.set(KEY, shared);
  return shared;
}

/** Makes the canvas as large as the largest picture, and smaller where it has become far too large. */
function resize({ canvas, users }: SharedContext): void {
  const sizes = [...users.values()];
  const width = Math.max(1, ...sizes.map((size) => size[0]));
  const height = Math.max(1, ...sizes.map((size) => size[1]));
  const isTooLarge = canvas.width * canvas.height > SLACK * width * height;
  if (isTooLarge || canvas.width < width) canvas.width = width;
  if (isTooLarge || canvas.height < height) canvas.height = height;
}

function programs(gl: WebGL2RenderingContext): Programs | null {
  const [surface, plane] = [link(gl, SURFACE), link(gl, PLANE)];
  return surface && plane ? { surface, plane, smooth: null } : null;
}

function link(gl: WebGL2RenderingContext, fragment: string): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.bindAttribLocation(program, 0, "place");
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
}
