import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const widgets = (await readdir(here("src/widgets"))).filter((name) => name.endsWith(".ts"));

/** How esbuild makes one module per widget. */
export const bundles = {
  entryPoints: [...widgets.map((name) => here(`src/widgets/${name}`)), here("src/widgets.css")],
  outdir: here("../rnn_widgets/widgets/static"),
  entryNames: "[name]",
  bundle: true,
  minify: true,
  // Splitting stays off: anywidget imports a module from a blob address, where relative imports do not resolve.
  splitting: false,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
};
