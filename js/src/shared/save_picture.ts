import { drawnAsVectors } from "./canvas.ts";
import { providedGate } from "./provided.ts";
import { vectors } from "./vectors.ts";
import type { Context, Scene, Shown } from "./view.ts";

/** Offers the picture of a view as a file, once what makes it is here: not every host loads a recording's module. */
export function offerPicture(context: Context, shown: Shown, sceneNow: () => Scene | null): void {
  const { root, signal } = context;
  if (!shown.svg && !root.querySelector("canvas")) return;
  const pictureNow = () => {
    const scene = sceneNow();
    if (!scene) return null;
    const own = shown.svg?.(scene);
    return (
      own ??
      vectors().composed(
        root,
        drawnAsVectors(() => shown.draw(scene)),
      )
    );
  };
  void providedGate().passed.then(() => {
    if (!signal.aborted) vectors().offer(context, pictureNow);
  });
}
