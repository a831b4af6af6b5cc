import type { TextPicture } from "./text_svg.ts";

type Draw = (picture: TextPicture) => string;

const KEY = Symbol.for("rnn_widgets.text_pictures.1");
const page = globalThis as unknown as Record<symbol, Draw | undefined>;

/** Makes the SVG of texts known to the page's views; it comes with the recording's module, not with each view's. */
export function provideTextPictures(draw: Draw): void {
  page[KEY] ??= draw;
}

/** The SVG document of a text; null where the recording's module is not loaded. */
export function textPicture(picture: TextPicture): string | null {
  return page[KEY]?.(picture) ?? null;
}
