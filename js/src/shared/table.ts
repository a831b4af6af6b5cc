import { element } from "./dom.ts";
import { listen } from "./listen.ts";
import { formatNumber } from "./ticks.ts";

/** What a view shows, as words and numbers; `total` says how many rows there are where fewer are given. */
export interface TableContent {
  caption: string;
  headers: string[];
  rows: (string | number)[][];
  total: number;
}

const MOST_ROWS = 200;
let made = 0;

/** A picture as a table, for those who do not see it: a button, and a box that scrolls by keyboard. */
export class DataTable {
  readonly button: HTMLButtonElement;
  readonly node: HTMLElement;
  readonly #table = element("table", { class: "rw-table" });
  #shown = "";

  /** `changed` is called when the table was opened, and so needs its content. */
  constructor(signal: AbortSignal, changed: () => void) {
    // Several modules share a page, each with a counter of its own.
    const id = `rw-table-${Math.random().toString(36).slice(2)}-${made++}`;
    this.button = element(
      "button",
      { class: "rw-button", type: "button", "aria-expanded": "false", "aria-controls": id },
      "Show as table",
    );
    this.node = element(
      "div",
      { class: "rw-table-box", id, role: "region", tabindex: 0, "aria-label": "Table", hidden: true },
      this.#table,
    );
    listen(this.button, "click", signal, () => {
      this.#open(!this.isOpen);
      if (this.isOpen) changed();
    });
    listen(this.node, "keydown", signal, (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.#open(false);
      this.button.focus();
    });
  }

  get isOpen(): boolean {
    return !this.node.hidden;
  }

  /** Shows the content; nothing is done while the table is closed, or shows it already. */
  update(content: TableContent | null): void {
    if (!this.isOpen) return;
    const key = JSON.stringify(content);
    if (key === this.#shown) return;
    this.#shown = key;
    const caption = content ? captionOf(content) : "There is nothing to show yet.";
    this.node.setAttribute("aria-label", `Table: ${caption}`);
    this.#table.replaceChildren(element("caption", {}, caption));
    if (!content) return;
    const headers = content.headers.map((text) => element("th", { scope: "col" }, text));
    this.#table.append(
      element("thead", {}, element("tr", {}, ...headers)),
      element("tbody", {}, ...content.rows.slice(0, MOST_ROWS).map(rowOf)),
    );
  }

  #open(open: boolean): void {
    this.node.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) return;
    this.#table.replaceChildren();
    this.#shown = "";
  }
}

function captionOf({ caption, rows, total }: TableContent): string {
  const given = Math.min(rows.length, MOST_ROWS);
  return given < total ? `${caption} (${given} of ${total.toLocaleString("en")} rows)` : caption;
}

function rowOf(cells: (string | number)[]): HTMLTableRowElement {
  const [first = "", ...others] = cells.map((cell) => (typeof cell === "number" ? formatNumber(cell) : cell));
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, first),
    ...others.map((text) => element("td", {}, text)),
  );
}
