import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const widgets = (await readdir(here("src/widgets"))).filter((name) => name.endsWith(".ts"));

const common = {
  outdir: here("../rnn_widgets/widgets/static"),
  entryNames: "[name]",
  bundle: true,
  minify: true,
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
};

/** How esbuild makes one module per widget. */
export const bundles = {
  ...common,
  entryPoints: [...widgets.map((name) => here(`src/widgets/${name}`)), here("src/widgets.css")],
  // Splitting stays off: anywidget imports a module from a blob address, where relative imports do not resolve.
  splitting: false,
  format: "esm",
};

/** How esbuild makes the script and the style of an exported page. */
export const pageBundles = {
  ...common,
  entryPoints: [here("src/page/page.ts"), here("src/page/page.css")],
  format: "iife",
};
