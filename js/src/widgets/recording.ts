import { provideVectorPictures } from "../shared/picture_composer.ts";
import { providedGate } from "../shared/provided.ts";
import { provideSolidPictures } from "../shared/surface_picture.ts";

// The one module that every page with views loads: it brings what they share and seldom need.
export default {
  initialize() {
    provideVectorPictures();
    provideSolidPictures();
    providedGate().open();
  },
};
