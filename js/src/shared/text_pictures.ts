import { Provided } from "./provided.ts";
import type { TextPicture } from "./text_svg.ts";

/** Makes the SVG document of a text. */
export const textPictures = new Provided<(picture: TextPicture) => string>("text_pictures.1");
