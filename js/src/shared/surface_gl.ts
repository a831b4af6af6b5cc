import type { Lut } from "./colour.ts";
import { registry } from "./registry.ts";
import { type SurfaceMesh, triangles } from "./surface_mesh.ts";

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

const FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D colours;
in float height;
in vec3 position;
out vec4 colour;
void main() {
  vec3 normal = normalize(cross(dFdx(position), dFdy(position)) + vec3(0.0, 1e-9, 0.0));
  float light = 0.72 + 0.28 * abs(dot(normal, normalize(vec3(-0.35, 0.85, 0.4))));
  vec3 base = texture(colours, vec2(clamp(height, 0.002, 0.998), 0.5)).rgb;
  colour = vec4(base * light, 1.0);
}`;

/** The page's only WebGL context: every surface is drawn in it and copied from it, so that a page may have many. */
interface Page {
  canvas: HTMLCanvasElement;
  gl: WebGL2RenderingContext;
  program: WebGLProgram;
  lost: boolean;
}

const KEY = "surface";

function openPage(): Page | null {
  const { surfaces } = registry();
  const known = surfaces.get(KEY) as Page | undefined;
  if (known && !known.lost) return known;
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl2", { antialias: true, alpha: true, preserveDrawingBuffer: true });
  const program = gl && link(gl);
  if (!gl || !program) return null;
  const page: Page = { canvas, gl, program, lost: false };
  canvas.addEventListener("webglcontextlost", () => {
    page.lost = true;
  });
  surfaces.set(KEY, page);
  return page;
}

function link(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
}

interface Uploaded {
  page: Page;
  mesh: SurfaceMesh;
  lut: Lut;
  vertices: WebGLVertexArrayObject;
  buffers: WebGLBuffer[];
  texture: WebGLTexture;
  count: number;
}

/** Draws one view's surface; its buffers go with `signal`. */
export class SurfaceRenderer {
  #uploaded: Uploaded | null = null;

  constructor(signal: AbortSignal) {
    signal.addEventListener("abort", () => this.#release());
  }

  /** The drawn surface as a canvas of at least this size in device pixels, or null where there is no WebGL2. */
  draw(
    mesh: SurfaceMesh,
    lut: Lut,
    view: Float32Array,
    width: number,
    height: number,
  ): HTMLCanvasElement | null {
    const page = openPage();
    if (!page) return null;
    const { gl, canvas, program } = page;
    if (canvas.width < width) canvas.width = width;
    if (canvas.height < height) canvas.height = height;
    const { vertices, texture, count } = this.#upload(page, mesh, lut);
    gl.viewport(0, canvas.height - height, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.enable(gl.DEPTH_TEST);
    gl.useProgram(program);
    gl.uniformMatrix4fv(gl.getUniformLocation(program, "view"), false, view);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.bindVertexArray(vertices);
    gl.drawElements(gl.TRIANGLES, count, gl.UNSIGNED_INT, 0);
    gl.bindVertexArray(null);
    return canvas;
  }

  #upload(page: Page, mesh: SurfaceMesh, lut: Lut): Uploaded {
    const known = this.#uploaded;
    if (known && known.page === page && known.mesh === mesh && known.lut === lut) return known;
    this.#release();
    const { gl, program } = page;
    const vertices = gl.createVertexArray();
    gl.bindVertexArray(vertices);
    const points = new Float32Array(mesh.rows * mesh.bins * 3);
    for (let row = 0; row < mesh.rows; row++) {
      for (let bin = 0; bin < mesh.bins; bin++) {
        const vertex = row * mesh.bins + bin;
        points.set([bin / Math.max(1, mesh.bins - 1), mesh.heights[vertex], mesh.places[row]], 3 * vertex);
      }
    }
    const indices = triangles(mesh);
    const buffers = [filled(gl, gl.ARRAY_BUFFER, points), filled(gl, gl.ELEMENT_ARRAY_BUFFER, indices)];
    const place = gl.getAttribLocation(program, "place");
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, 3, gl.FLOAT, false, 0, 0);
    gl.bindVertexArray(null);
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB, 256, 1, 0, gl.RGB, gl.UNSIGNED_BYTE, lut);
    for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
      gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
    for (const size of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, size, gl.LINEAR);
    this.#uploaded = { page, mesh, lut, vertices, buffers, texture, count: indices.length };
    return this.#uploaded;
  }

  #release(): void {
    const known = this.#uploaded;
    this.#uploaded = null;
    if (!known || known.page.lost) return;
    const { gl } = known.page;
    gl.deleteVertexArray(known.vertices);
    gl.deleteTexture(known.texture);
    for (const buffer of known.buffers) gl.deleteBuffer(buffer);
  }
}

function filled(gl: WebGL2RenderingContext, target: number, data: AllowSharedBufferSource): WebGLBuffer {
  const buffer = gl.createBuffer();
  gl.bindBuffer(target, buffer);
  gl.bufferData(target, data, gl.STATIC_DRAW);
  return buffer;
}
