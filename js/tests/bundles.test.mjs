import { basename } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { bundles } from "../bundles.mjs";

// anywidget sends the module along with every widget instance.
const MOST_BYTES = 60 * 1024;

const { outputFiles } = await build({ ...bundles, write: false, logLevel: "silent" });

describe("the bundles", () => {
  it("are one module per widget and one style sheet", () => {
    expect(outputFiles.map(({ path }) => basename(path)).sort()).toEqual([
      "companion_driver.js",
      "fourier_surface.js",
      "groups_driver.js",
      "projection_driver.js",
      "recording.js",
      "relevance_heatmap.js",
      "selection.js",
      "text_highlighter.js",
      "toolbar.js",
      "widgets.css",
    ]);
  });

  it.each(outputFiles.map((file) => [basename(file.path), file]))(
    "%s is small and stands alone",
    (_, file) => {
      expect(file.contents.byteLength).toBeLessThanOrEqual(MOST_BYTES);
      expect(file.text).not.toMatch(/^import|[;}]import[ {"*]/);
    },
  );

  it("obey a page policy without eval, and need nothing of JupyterLab's page", () => {
    for (const { text } of outputFiles)
      expect(text).not.toMatch(/\beval\(|new Function\b|jupyterapp|jupyterlab/i);
  });

  it("never writes markup", () => {
    for (const { text } of outputFiles) expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML/);
  });
});
