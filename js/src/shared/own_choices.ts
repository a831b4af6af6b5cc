import { choice, type Option } from "./dom.ts";
import { follow, write } from "./synced.ts";
import type { Context } from "./view.ts";

/** Choices of one widget alone, the same in all its displays: its selects write them, and Python may too. */
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
      write(model, { [name]: value });
      schedule();
    });
    select.name = name;
    const fromPython = () => {
      this.shown[name] = model.get(name) as string;
      select.value = this.shown[name];
    };
    follow(model, `change:${name}`, signal, fromPython);
    return field;
  }
}
