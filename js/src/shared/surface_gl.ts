import { colourAt, type Lut, luminance } from "./colour.ts";
import { atEnd } from "./listen.ts";
import { borrow, giveBack, isLost, type Programs, RESTORED_WITHIN_MS, type Size } from "./surface_context.ts";
import { type SurfaceMesh, triangles, vertices } from "./surface_mesh.ts";
import { drawSmoothly } from "./surface_smooth.ts";

/** A translucent upright rectangle: four corners in turn, twelve coordinates; red, green, blue and opacity, 0..1. */
export interface Plane {
  corners: readonly number[];
  paint: readonly [number, number, number, number];
}

/** All that a picture depends on. */
export interface SurfaceScene {
  mesh: SurfaceMesh;
  lut: Lut;
  planes: readonly Plane[];
  /** Column-major matrix to clip space. */
  view: Float32Array;
  size: Size;
  /** Whether edges are smooth, which takes a software renderer twice as long. */
  isSmooth: boolean;
}

/** How much the surface shines of itself on dark paper, 0..1. */
const GLOW = 0.16;

interface Uploaded {
  vertices: WebGLVertexArrayObject;
  buffers: WebGLBuffer[];
  count: number;
}

/** What of one view is in the memory of the graphics card; worthless once the programs are others. */
interface Memory {
  gl: WebGL2RenderingContext;
  programs: Programs;
  meshes: Map<SurfaceMesh, Uploaded>;
  luts: Map<Lut, WebGLTexture>;
  planes: WebGLBuffer;
}

/** Draws one view's surface; what it holds of the graphics card goes with `signal`. */
export class SurfaceRenderer {
  readonly #signal: AbortSignal;
  readonly #changed: () => void;
  #memory: Memory | null = null;
  #watched: HTMLCanvasElement | null = null;
  #timer = 0;

  /** `changed` is called when the context was lost, and when it may be drawn in again. */
  constructor(signal: AbortSignal, changed: () => void) {
    this.#signal = signal;
    this.#changed = changed;
    atEnd(signal, () => {
      clearTimeout(this.#timer);
      if (this.#memory) this.keep([]);
      giveBack(this);
    });
  }

  get isLost(): boolean {
    return isLost();
  }

  /** The drawn surface in the lower left corner of a canvas, or null where there is no WebGL2 or it is lost. */
  draw({ mesh, lut, planes, view, size, isSmooth }: SurfaceScene): HTMLCanvasElement | null {
    const shared = borrow(this, size);
    if (!shared?.programs) return null;
    const { gl, canvas, programs } = shared;
    this.#watch(canvas);
    const memory = this.#memoryOf(gl, programs);
    const uploaded = memory.meshes.get(mesh) ?? upload(gl, mesh);
    memory.meshes.set(mesh, uploaded);
    const texture = memory.luts.get(lut) ?? textureOf(gl, lut);
    memory.luts.set(lut, texture);
    const draw = () => {
      gl.viewport(0, 0, ...size);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      gl.enable(gl.DEPTH_TEST);
      gl.useProgram(programs.surface);
      gl.uniformMatrix4fv(gl.getUniformLocation(programs.surface, "view"), false, view);
      gl.uniform1f(
        gl.getUniformLocation(programs.surface, "glow"),
        luminance(colourAt(lut, 0)) < 0.2 ? GLOW : 0,
      );
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.bindVertexArray(uploaded.vertices);
      gl.drawElements(gl.TRIANGLES, uploaded.count, gl.UNSIGNED_INT, 0);
      gl.bindVertexArray(null);
      drawPlanes(memory, planes, view);
    };
    if (isSmooth) drawSmoothly(gl, programs, size, draw);
    else draw();
    return canvas;
  }

  /** Frees the meshes that are not among these. */
  keep(wanted: readonly SurfaceMesh[]): void {
    const memory = this.#memory;
    if (!memory) return;
    for (const [mesh, uploaded] of memory.meshes) {
      if (wanted.includes(mesh)) continue;
      memory.gl.deleteVertexArray(uploaded.vertices);
      for (const buffer of uploaded.buffers) memory.gl.deleteBuffer(buffer);
      memory.meshes.delete(mesh);
    }
    if (wanted.length > 0) return;
    for (const texture of memory.luts.values()) memory.gl.deleteTexture(texture);
    memory.gl.deleteBuffer(memory.planes);
    this.#memory = null;
  }

  #memoryOf(gl: WebGL2RenderingContext, programs: Programs): Memory {
    const known = this.#memory;
    if (known?.gl === gl && known.programs === programs) return known;
    this.#memory = { gl, programs, meshes: new Map(), luts: new Map(), planes: gl.createBuffer() };
    return this.#memory;
  }

  #watch(canvas: HTMLCanvasElement): void {
    if (this.#watched === canvas) return;
    this.#watched = canvas;
    const options = { signal: this.#signal };
    canvas.addEventListener(
      "webglcontextlost",
      () => {
        this.#changed();
        clearTimeout(this.#timer);
        this.#timer = window.setTimeout(this.#changed, RESTORED_WITHIN_MS + 100);
      },
      options,
    );
    canvas.addEventListener("webglcontextrestored", () => this.#changed(), options);
  }
}

function upload(gl: WebGL2RenderingContext, mesh: SurfaceMesh): Uploaded {
  const array = gl.createVertexArray();
  gl.bindVertexArray(array);
  const indices = triangles(mesh);
  const buffers = [filled(gl, gl.ARRAY_BUFFER, vertices(mesh)), filled(gl, gl.ELEMENT_ARRAY_BUFFER, indices)];
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 3, gl.FLOAT, false, 0, 0);
  gl.bindVertexArray(null);
  return { vertices: array, buffers, count: indices.length };
}

function filled(gl: WebGL2RenderingContext, target: number, data: AllowSharedBufferSource): WebGLBuffer {
  const buffer = gl.createBuffer();
  gl.bindBuffer(target, buffer);
  gl.bufferData(target, data, gl.STATIC_DRAW);
  return buffer;
}

function textureOf(gl: WebGL2RenderingContext, lut: Lut): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB, 256, 1, 0, gl.RGB, gl.UNSIGNED_BYTE, lut);
  for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
    gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
  for (const size of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D, size, gl.LINEAR);
  return texture;
}

/** Planes are seen where no surface stands before them, and hide nothing themselves. */
function drawPlanes(
  { gl, programs, planes: buffer }: Memory,
  planes: readonly Plane[],
  view: Float32Array,
): void {
  if (planes.length === 0) return;
  gl.useProgram(programs.plane);
  gl.uniformMatrix4fv(gl.getUniformLocation(programs.plane, "view"), false, view);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  gl.depthMask(false);
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, Float32Array.from(planes.flatMap(({ corners }) => corners)), gl.STREAM_DRAW);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 3, gl.FLOAT, false, 0, 0);
  for (const [place, { paint }] of planes.entries()) {
    gl.uniform4f(gl.getUniformLocation(programs.plane, "paint"), ...paint);
    gl.drawArrays(gl.TRIANGLE_FAN, 4 * place, 4);
  }
  gl.disableVertexAttribArray(0);
  gl.depthMask(true);
  gl.disable(gl.BLEND);
}
