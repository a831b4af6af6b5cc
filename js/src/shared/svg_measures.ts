import type { Measures } from "./svg_context.ts";

let known: Measures | null = null;

/** Sizes, colours and images as this browser's canvas has them. */
export function browserMeasures(): Measures {
  if (known) return known;
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) throw new Error("This browser offers no 2-D canvas.");
  known = {
    text(font, baseline, text) {
      pen.font = font;
      pen.textBaseline = "alphabetic";
      const { width, fontBoundingBoxAscent: alphabetic } = pen.measureText(text);
      pen.textBaseline = baseline;
      return { width, drop: alphabetic - pen.measureText(text).fontBoundingBoxAscent };
    },
    colour(style) {
      pen.fillStyle = "#000";
      pen.fillStyle = style;
      return pen.fillStyle;
    },
    address(image, part) {
      const [left, top, width, height] = part ?? [0, 0, ...sizeOf(image as HTMLCanvasElement)];
      const copy = document.createElement("canvas");
      copy.width = Math.max(1, Math.round(width));
      copy.height = Math.max(1, Math.round(height));
      copy.getContext("2d")?.drawImage(image, left, top, width, height, 0, 0, copy.width, copy.height);
      return copy.toDataURL("image/png");
    },
  };
  return known;
}

function sizeOf({ width, height }: HTMLCanvasElement): [number, number] {
  return [width, height];
}
