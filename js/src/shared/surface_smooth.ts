import type { Size } from "./surface_context.ts";

const SAMPLES = 4;

/** Where a picture with smooth edges is drawn before it is copied to the canvas. */
export interface Smooth {
  framebuffer: WebGLFramebuffer;
  buffers: readonly WebGLRenderbuffer[];
  size: Size;
}

/** Has `draw` draw with smooth edges into the lower left corner of the canvas. */
export function drawSmoothly(
  gl: WebGL2RenderingContext,
  holder: { smooth: Smooth | null },
  size: Size,
  draw: () => void,
): void {
  const { canvas } = gl;
  const known = holder.smooth;
  if (known && (known.size[0] !== canvas.width || known.size[1] !== canvas.height)) {
    gl.deleteFramebuffer(known.framebuffer);
    for (const buffer of known.buffers) gl.deleteRenderbuffer(buffer);
    holder.smooth = null;
  }
  holder.smooth ??= made(gl, [canvas.width, canvas.height]);
  gl.bindFramebuffer(gl.FRAMEBUFFER, holder.smooth.framebuffer);
  draw();
  gl.bindFramebuffer(gl.READ_FRAMEBUFFER, holder.smooth.framebuffer);
  gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
  gl.blitFramebuffer(0, 0, ...size, 0, 0, ...size, gl.COLOR_BUFFER_BIT, gl.NEAREST);
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
}

function made(gl: WebGL2RenderingContext, size: Size): Smooth {
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  const buffers = (
    [
      [gl.COLOR_ATTACHMENT0, gl.RGBA8],
      [gl.DEPTH_ATTACHMENT, gl.DEPTH_COMPONENT24],
    ] as const
  ).map(([place, format]) => {
    const buffer = gl.createRenderbuffer();
    gl.bindRenderbuffer(gl.RENDERBUFFER, buffer);
    gl.renderbufferStorageMultisample(gl.RENDERBUFFER, SAMPLES, format, ...size);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, place, gl.RENDERBUFFER, buffer);
    return buffer;
  });
  return { framebuffer, buffers, size };
}
