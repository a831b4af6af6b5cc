import { block, textBlock } from "./blocks.ts";
import { type PageState, restored } from "./state.ts";

interface Manager {
  set_state(state: unknown): Promise<{ model_id: string }[]>;
  create_view(model: unknown): Promise<unknown>;
  display_view(view: unknown, place: HTMLElement): Promise<void>;
}

interface Page {
  requirejs(names: string[], found: (...modules: never[]) => void, failed: (error: Error) => void): void;
}

type Loader = (name: string) => Promise<unknown>;

const TOO_OLD =
  "This browser is too old to open the page: Chrome or Edge 116, Firefox 124, Safari 17.4 or a newer one is needed.";

function isNewEnough(): boolean {
  return "DecompressionStream" in globalThis && "any" in AbortSignal;
}

/** Runs a script in the page. Every module that it defines without a name gets `name`. */
function run(source: string, name: string | null): void {
  const script = document.createElement("script");
  script.textContent =
    name === null
      ? source
      : `(() => { const define = (...parts) => window.define(${JSON.stringify(name)}, ...parts); define.amd = window.define.amd;\n${source}\n})();`;
  document.head.append(script);
  script.remove();
}

/** A module of the page; nothing is fetched from elsewhere. */
const load: Loader = (name) =>
  new Promise((resolve, reject) => {
    const { requirejs } = globalThis as unknown as Page;
    requirejs([name], (found) => resolve(found), reject);
  });

async function open(place: HTMLElement): Promise<void> {
  const scripts = JSON.parse(await textBlock("scripts")) as [name: string | null, source: string][];
  const state = JSON.parse(await textBlock("state")) as PageState;
  const arrays = await block("arrays");
  for (const [name, source] of scripts) run(source, name);
  const { HTMLManager } = (await load("@jupyter-widgets/html-manager")) as {
    HTMLManager: new (options: { loader: Loader }) => Manager;
  };
  const manager = new HTMLManager({ loader: load });
  const models = await manager.set_state(restored(state, arrays));
  const model = models.find(({ model_id }) => model_id === state.view);
  const view = await manager.create_view(model);
  place.replaceChildren();
  await manager.display_view(view, place);
}

/** Says as Jupyter does which theme there is, for views that ask. */
function followTheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const tell = () => {
    document.body.dataset.jpThemeLight = String(!dark.matches);
  };
  dark.addEventListener("change", tell);
  tell();
}

function showLicences(): void {
  const licences = document.querySelector<HTMLDetailsElement>("details.licences");
  licences?.addEventListener(
    "toggle",
    () => void textBlock("licences").then((text) => licences.querySelector("pre")?.append(text)),
    { once: true },
  );
}

const place = document.querySelector<HTMLElement>("main");
if (place) {
  const say = (text: string) => {
    const message = document.createElement("p");
    message.setAttribute("role", "alert");
    message.textContent = text;
    place.replaceChildren(message);
  };
  if (!isNewEnough()) say(TOO_OLD);
  else {
    showLicences();
    followTheme();
    open(place).then(
      () => place.setAttribute("aria-busy", "false"),
      (error: unknown) => {
        say(`The page could not be opened: ${error instanceof Error ? error.message : error}`);
        throw error;
      },
    );
  }
}
