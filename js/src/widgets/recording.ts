import { provideMinimaps } from "../shared/minimap.ts";
import { provideVectorPictures } from "../shared/picture_composer.ts";
import { providedGate } from "../shared/provided.ts";
import { provideSolidPictures } from "../shared/surface_picture.ts";
import { textPictures } from "../shared/text_pictures.ts";
import { textSvg } from "../shared/text_svg.ts";

// The one module that every page with views loads: it brings what they share and seldom need.
export default {
  initialize() {
    provideVectorPictures();
    provideSolidPictures();
    textPictures.provide(textSvg);
    provideMinimaps();
    providedGate().open();
  },
};
