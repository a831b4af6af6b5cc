import { build } from "esbuild";
import { bundles } from "./bundles.mjs";

await build({ ...bundles, logLevel: "info" });
