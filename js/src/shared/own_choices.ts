import { choice, type Option } from "./dom.ts";
import type { Context } from "./view.ts";

/** Choices that belong to one view alone: they start as Python says, change with its selects, and follow Python. */
export class OwnChoices<Name extends string> {
  readonly shown: Record<Name, string>;
  readonly #context: Context;

  constructor(context: Context, names: readonly Name[]) {
    this.#context = context;
    this.shown = Object.fromEntries(names.map((name) => [name, context.model.get(name)])) as Record<
      Name,
      string
    >;
  }

  /** A labelled select for one of them; each option is a value and its label. */
  control(name: Name, label: string, options: readonly Option[]): HTMLLabelElement {
    const { model, signal, schedule } = this.#context;
    const { field, select } = choice(label, options, this.shown[name], signal, (value) => {
      this.shown[name] = value;
      schedule();
    });
    select.name = name;
    const fromPython = () => {
      this.shown[name] = model.get(name) as string;
      select.value = this.shown[name];
    };
    model.on(`change:${name}`, fromPython);
    signal.addEventListener("abort", () => model.off(`change:${name}`, fromPython));
    return field;
  }
}
