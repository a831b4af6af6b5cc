import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { bundles, pageBundles } from "./bundles.mjs";
import { licences, widgetManager } from "./widget_manager.mjs";

await build({ ...bundles, logLevel: "info" });
await build({ ...pageBundles, logLevel: "info" });
await mkdir(bundles.outdir, { recursive: true });
await writeFile(join(bundles.outdir, "widget_manager.js"), await widgetManager());
await writeFile(join(bundles.outdir, "widget_manager_licences.txt"), await licences());
