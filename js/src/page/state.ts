import { type Placed, unshuffled } from "./blocks.ts";

export interface ModelState {
  model_name: string;
  model_module: string;
  model_module_version?: string;
  state: Record<string, unknown>;
}

/** What Python wrote about the widgets: long texts that several models have stand once. */
export interface PageState {
  manager: { version_major: number; version_minor: number; state: Record<string, ModelState> };
  texts: string[];
  texts_at: [model: string, trait: string, text: number][];
  arrays: Placed[];
  view: string;
}

/** The state as the widget manager wants it, with texts and arrays where they belong. */
export function restored(page: PageState, arrays: Uint8Array): PageState["manager"] {
  const models = page.manager.state;
  for (const [model, trait, text] of page.texts_at) models[model].state[trait] = page.texts[text];
  for (const placed of page.arrays) put(models[placed.model].state, placed.path, unshuffled(arrays, placed));
  return page.manager;
}

function put(state: Record<string, unknown>, path: (string | number)[], value: DataView): void {
  let at = state as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
  at[path[path.length - 1]] = value;
}
