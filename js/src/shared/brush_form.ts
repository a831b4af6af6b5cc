import { element } from "./dom.ts";

/** What the form is asked to do. */
export interface BrushActions {
  make(name: string): string | null;
  copy(): void;
  clear(): void;
}

/** A line below the text that names what is marked and makes a feature of it. */
export class BrushForm {
  readonly node: HTMLFormElement;
  readonly #name: HTMLInputElement;
  readonly #count = element("span", { class: "rw-brush-count" });
  readonly #error = element("p", { class: "rw-message", role: "alert", hidden: true });
  #proposed = "";
  #text = "";

  constructor(actions: BrushActions, signal: AbortSignal) {
    this.#name = element("input", {
      class: "rw-input",
      name: "stretch",
      type: "text",
      maxlength: 200,
      spellcheck: "false",
      autocomplete: "off",
    });
    const button = (label: string, type: string) => element("button", { class: "rw-button", type }, label);
    const [make, copy, clear] = [
      button("Make feature", "submit"),
      button("Copy", "button"),
      button("Clear", "button"),
    ];
    this.node = element(
      "form",
      { class: "rw-brush-form", hidden: true, "aria-label": "Marked tokens" },
      this.#count,
      element("label", { class: "rw-field" }, element("span", {}, "Name this stretch"), this.#name),
      make,
      copy,
      clear,
      this.#error,
    );
    const submit = () => this.#say(actions.make(this.#name.value) ?? "");
    this.node.addEventListener(
      "submit",
      (event) => {
        event.preventDefault();
        submit();
      },
      { signal },
    );
    this.#name.addEventListener("input", () => this.#say(""), { signal });
    this.node.addEventListener(
      "keydown",
      (event) => {
        if (event.key === "Escape") {
          event.preventDefault();
          actions.clear();
        }
        if (event.key !== "Enter" || event.target !== this.#name) return;
        // JupyterLab keeps Enter from submitting a form, so the form is not left to the browser.
        event.preventDefault();
        submit();
      },
      { signal },
    );
    copy.addEventListener("click", () => actions.copy(), { signal });
    clear.addEventListener("click", () => actions.clear(), { signal });
  }

  /** Shows how much is marked; the proposed name stands in the field until a person changes it. */
  update(tokens: number, stretches: number, proposed: string): void {
    this.node.hidden = tokens === 0;
    if (tokens === 0) {
      this.#say("");
      this.#name.value = "";
      this.#proposed = "";
      return;
    }
    const many = tokens === 1 ? "1 token" : `${tokens.toLocaleString("en")} tokens`;
    const text = stretches > 1 ? `${many} marked in ${stretches} stretches` : `${many} marked`;
    if (this.#text !== text) this.#count.textContent = text;
    this.#text = text;
    if (this.#name.value === this.#proposed) this.#name.value = proposed;
    this.#proposed = proposed;
  }

  /** Says what became of what is marked, until something else is. */
  tell(text: string): void {
    this.#count.textContent = `${this.#text} \u00b7 ${text}`;
  }

  focus(): void {
    this.#name.focus();
    this.#name.select();
  }

  #say(text: string): void {
    this.#error.textContent = text;
    this.#error.hidden = text === "";
    this.#name.setAttribute("aria-invalid", String(text !== ""));
  }
}
