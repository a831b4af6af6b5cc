import { listen } from "./listen.ts";

export { quoted, visible } from "./signs.ts";

type Attributes = Record<string, string | number | boolean>;
type Child = Node | string;

/** An element; strings become text, never markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false) made.setAttribute(name, String(value));
  }
  made.append(...children);
  return made;
}

/** Writes a text only where it is another one: the page is laid out anew after each that is written. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Writes an attribute only where it is another one. */
export function setAttribute(node: Element, name: string, value: string | number | boolean): void {
  if (node.getAttribute(name) !== `${value}`) node.setAttribute(name, `${value}`);
}

export interface Option {
  value: string;
  label: string;
  disabled?: boolean;
}

/** Makes the options of a select equal to `options`, leaving the element alone where they are equal already. */
export function setOptions(select: HTMLSelectElement, options: readonly Option[], value: string): void {
  const key = JSON.stringify(options);
  if (select.dataset.options !== key) {
    select.dataset.options = key;
    select.replaceChildren(
      ...options.map(({ value, label, disabled = false }) => element("option", { value, disabled }, label)),
    );
  }
  if (select.value !== value) select.value = value;
}

/** A labelled select for a choice that belongs to the view alone. */
export function choice(
  label: string,
  options: readonly Option[],
  value: string,
  signal: AbortSignal,
  chosen: (value: string) => void,
): { field: HTMLLabelElement; select: HTMLSelectElement } {
  const select = element("select", { class: "rw-select" });
  setOptions(select, options, value);
  listen(select, "change", signal, () => chosen(select.value));
  return { field: element("label", { class: "rw-field" }, element("span", {}, label), select), select };
}

/** A box near the pointer with a few lines of text. */
export class Tooltip {
  readonly #box: HTMLDivElement;
  readonly #root: HTMLElement;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#box = element("div", { class: "rw-tooltip", role: "presentation", hidden: true });
    root.append(this.#box);
  }

  show(event: MouseEvent, lines: readonly (string | Node)[]): void {
    this.#box.replaceChildren(...lines.map((line) => element("div", {}, line)));
    this.#box.hidden = false;
    const frame = this.#root.getBoundingClientRect();
    const size = this.#box.getBoundingClientRect();
    const x = event.clientX - frame.left + 14;
    const y = event.clientY - frame.top + 16;
    const left = x + size.width > frame.width - 4 ? x - size.width - 26 : x;
    const top = y + size.height > frame.height - 4 ? y - size.height - 30 : y;
    this.#box.style.left = `${Math.max(4, left)}px`;
    this.#box.style.top = `${Math.max(4, top)}px`;
  }

  hide(): void {
    this.#box.hidden = true;
  }
}
