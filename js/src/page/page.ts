import { PICTURE_EVENT, type PictureRequest } from "../shared/picture_request.ts";
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

/** What Python opens the page for, where it is not there to be read. */
interface Task {
  format: "svg" | "png";
  scale: number;
  theme: "light" | "dark";
  width: number;
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

/** Draws the picture that `data-task` on the body asks for. */
async function drawPicture(place: HTMLElement, task: Task): Promise<void> {
  const view = await settled(place);
  const request: PictureRequest = { format: task.format, scale: task.scale, answer: null };
  view.dispatchEvent(new CustomEvent(PICTURE_EVENT, { detail: request }));
  if (!request.answer) throw new Error("This widget has no picture.");
  await answer(await request.answer);
}

/** Sends what Python waits for back to where the page came from. */
function answer(text: string, query = ""): Promise<unknown> {
  return fetch(location.pathname + query, { method: "POST", body: text });
}

/** The view, when it has drawn all that it shows. */
async function settled(place: HTMLElement): Promise<HTMLElement> {
  for (;;) {
    const view = place.querySelector<HTMLElement>(".rw-view[aria-busy]");
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (view && (view.ariaBusy === "false" || !view.querySelector(".rw-notice")?.hasAttribute("hidden"))) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      return view;
    }
  }
}

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
function followTheme(asked: Task["theme"] | null): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const tell = () => {
    const theme = asked ?? (dark.matches ? "dark" : "light");
    document.documentElement.dataset.theme = theme;
    document.body.dataset.jpThemeLight = String(theme === "light");
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
  const task = document.body.dataset.task ? (JSON.parse(document.body.dataset.task) as Task) : null;
  const say = (text: string) => {
    const message = document.createElement("p");
    message.setAttribute("role", "alert");
    message.textContent = text;
    place.replaceChildren(message);
    place.setAttribute("aria-busy", "false");
  };
  if (!isNewEnough()) say(TOO_OLD);
  else {
    showLicences();
    followTheme(task?.theme ?? null);
    if (task) place.style.width = `${task.width}px`;
    open(place)
      .then(() => {
        place.setAttribute("aria-busy", "false");
        return task && drawPicture(place, task);
      })
      .catch((error: unknown) => {
        const told = error instanceof Error ? error.message : String(error);
        say(`The page could not be opened: ${told}`);
        if (task) void answer(told, "?failed");
        throw error;
      });
  }
}
