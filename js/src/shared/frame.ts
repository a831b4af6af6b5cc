import type { Box, Ink } from "./canvas.ts";
import { element } from "./dom.ts";

/** What is lower or narrower than this has its frame around it, not on it. */
const THIN = 12;

/**
 * A frame around a cell or a row that is seen on every colour: a line of accent beside one of paper, inside it, or
 * around what is too thin to be seen then.
 */
export function drawFrame(context: CanvasRenderingContext2D, box: Box, ink: Ink): void {
  const isThin = isThinBox(box);
  const around = isThin ? 1.5 : 0;
  const left = box.left - around;
  const top = box.top - around;
  const width = box.width + 2 * around;
  const height = Math.max(1, box.height + 2 * around);
  const inside = isThin ? 0 : 1.5;
  context.lineWidth = isThin ? 4 : 1;
  context.strokeStyle = ink.paper;
  context.strokeRect(left + inside, top + inside, width - 2 * inside, height - 2 * inside);
  context.lineWidth = 2;
  context.strokeStyle = ink.accent;
  context.strokeRect(left, top, width, height);
}

/** The same frame over a canvas, which need not be drawn anew when another row is framed. */
export class Frame {
  readonly node = element("div", { class: "rw-frame", hidden: true });

  show(box: Box | null): void {
    const { node } = this;
    node.hidden = !box;
    if (!box) return;
    const isThin = isThinBox(box);
    node.classList.toggle("rw-thin", isThin);
    const around = isThin ? 2.5 : 1;
    const { left, top, width, height } = box;
    const [across, down] = [width + 2 * around, Math.max(1, height) + 2 * around];
    node.style.cssText = `left:${left - around}px;top:${top - around}px;width:${across}px;height:${down}px`;
  }
}

function isThinBox({ width, height }: Box): boolean {
  return width < THIN || height < THIN;
}
