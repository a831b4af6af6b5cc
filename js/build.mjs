import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const widgets = (await readdir(here("src/widgets"))).filter((name) => name.endsWith(".ts"));

// Splitting stays off: anywidget imports a module from a blob address, where relative imports do not resolve.
await build({
  entryPoints: [...widgets.map((name) => here(`src/widgets/${name}`)), here("src/widgets.css")],
  outdir: here("../rnn_widgets/widgets/static"),
  entryNames: "[name]",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "info",
});
