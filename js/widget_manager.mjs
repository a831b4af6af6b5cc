import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";

const PACKAGES = join(dirname(fileURLToPath(import.meta.url)), "node_modules");
const MANAGER = "@jupyter-widgets/html-manager";
const LOADER = "requirejs";
// Models of ipywidgets 7, and the part that renders a page by itself, which our page does on its own.
const UNUSED = [
  'define("@jupyter-widgets/base7"',
  'define("@jupyter-widgets/controls7"',
  'define("@jupyter-widgets/html-manager/dist/libembed-amd"',
];
/** require.js and Jupyter's html-manager as one script: what shows widgets in a page without a kernel. */
export async function widgetManager() {
  const loader = await readFile(join(PACKAGES, LOADER, "require.js"), "utf8");
  const { code } = await transform(loader, { minify: true, legalComments: "inline" });
  const manager = await readFile(join(PACKAGES, MANAGER, "dist", "embed-amd.js"), "utf8");
  const modules = manager.split(/\n(?=define\("@jupyter-widgets\/)/);
  const used = modules.filter((text) => !UNUSED.some((start) => text.startsWith(start)));
  if (modules.length - used.length !== UNUSED.length || used.length < 4) {
    throw new Error(
      `${MANAGER} is not laid out as expected: look at its embed-amd.js and widget_manager.mjs.`,
    );
  }
  const script = used.join("\n").replace(/^\/\/# sourceMappingURL=.*$/gm, "");
  return `${code}\n${await withFonts(script)}`;
}

/** The script with its fonts inside, each in the one format that every browser reads. */
async function withFonts(script) {
  const address = /[\w$]+\.p ?\+ ?"([0-9a-f]{20}\.(\w+))"/g;
  const fonts = new Map();
  for (const [, file, kind] of script.matchAll(address)) {
    const font = kind === "woff2" ? await readFile(join(PACKAGES, MANAGER, "dist", file), "base64") : "";
    fonts.set(file, font ? `data:font/woff2;base64,${font}` : "data:,");
  }
  return script.replace(address, (_, file) => JSON.stringify(fonts.get(file)));
}

/** Name, version and licence of every package in that script, with the text of each licence. */
export async function licences() {
  const found = new Map();
  await collect(LOADER, PACKAGES, found);
  await collect(MANAGER, PACKAGES, found);
  const parts = [...found.values()].sort((one, other) => (one < other ? -1 : 1));
  return `${parts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

async function collect(name, from, found) {
  const folder = resolve(name, from);
  const {
    version,
    license,
    author,
    dependencies = {},
  } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const key = `${name} ${version}`;
  if (found.has(key)) return;
  const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const by = typeof author === "string" ? author : author?.name;
  const text = file ? await readFile(join(folder, file), "utf8") : by ? `Author: ${by}` : "";
  found.set(key, `${key}\nLicence: ${license}\n\n${text.trim()}`.trim());
  for (const dependency of Object.keys(dependencies)) await collect(dependency, folder, found);
}

/** The folder of a package as Node finds it from another one. */
function resolve(name, from) {
  for (let at = from; ; at = dirname(at)) {
    for (const folder of [join(at, "node_modules", name), join(at, name)]) {
      if (existsSync(join(folder, "package.json"))) return folder;
    }
    if (at === dirname(at)) throw new Error(`${name}, needed in ${from}, is not installed.`);
  }
}
