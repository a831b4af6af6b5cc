import type { Limits } from "./cell_layer.ts";
import { lutFor } from "./colour.ts";
import { element, setOptions } from "./dom.ts";
import { Legend, signalLabel } from "./legend.ts";
import { OwnChoices } from "./own_choices.ts";
import { formatNumber } from "./ticks.ts";
import type { Context, Scene } from "./view.ts";

const NAMES = ["rows", "order", "columns", "scale"] as const;
type Name = (typeof NAMES)[number];

/** Title, choices and colour scales above the heat map. */
export class HeatmapControls {
  readonly node: HTMLElement;
  readonly #choices: OwnChoices<Name>;
  readonly #fields: Record<Name, HTMLElement>;
  readonly #title = element("h3", { class: "rw-title" });
  readonly #activation = new Legend();
  readonly #relevance = new Legend();
  #isLimited = false;

  constructor(context: Context) {
    this.#choices = new OwnChoices(context, NAMES);
    this.#fields = {
      rows: this.#choices.control("rows", "Neurons", rowOptions(false)),
      order: this.#choices.control("order", "sorted by", orderOptions(null)),
      columns: this.#choices.control("columns", "Tokens", [
        { value: "feature", label: "with the feature" },
        { value: "all", label: "all" },
      ]),
      scale: this.#choices.control("scale", "Colours", [
        { value: "signal", label: "whole range of the signal" },
        { value: "shown", label: "range of what is shown" },
        { value: "neuron", label: "own range of each row" },
      ]),
    };
    this.node = element(
      "div",
      {},
      element(
        "div",
        { class: "rw-header" },
        this.#title,
        element("div", { class: "rw-controls" }, ...NAMES.map((name) => this.#fields[name])),
      ),
      element("div", { class: "rw-legends" }, this.#activation.node, this.#relevance.node),
    );
  }

  get chosen(): Readonly<Record<Name, string>> {
    return this.#choices.shown;
  }

  /** Whether the place of a row is the index of its neuron. */
  get isByIndex(): boolean {
    return this.chosen.rows === "all" && this.chosen.order === "index" && !this.#isLimited;
  }

  /** `limits` null: each row has its own. */
  update(scene: Scene, limits: Limits): void {
    const { choice, info } = scene;
    const { rows, order, scale } = this.chosen;
    this.#isLimited = scene.limit !== null;
    const title = `Activations of ${signalLabel(info.signal, info.layer)}`;
    if (this.#title.textContent !== title) this.#title.textContent = title;
    const lut = lutFor(info.two_sided, scene);
    if (scale === "neuron") {
      this.#activation.update("Activation, each row:", lut, "its lowest", "its highest");
    } else {
      const [low, high] = limits ?? [info.low, info.high];
      this.#activation.update(scale === "shown" ? "Activation, as shown:" : "Activation", lut, low, high);
    }
    this.#relevance.update("Relevance", lutFor(false, scene), 0, 1);
    this.#relevance.node.hidden = choice.feature === null;
    const isAllOfFew = this.#isLimited && rows === "all";
    this.#set("rows", rowOptions(this.#isLimited), isAllOfFew ? "proposed" : rows);
    this.#set("order", orderOptions(choice.band), order);
  }

  #set(name: Name, options: { value: string; label: string }[], value: string): void {
    const select = this.#fields[name].querySelector("select");
    if (select) setOptions(select, options, value);
  }
}

function rowOptions(isLimited: boolean): { value: string; label: string }[] {
  const pinned = { value: "pinned", label: "pinned" };
  if (isLimited) return [{ value: "proposed", label: "those given" }, pinned];
  return [{ value: "proposed", label: "proposed, with neighbours" }, pinned, { value: "all", label: "all" }];
}

function orderOptions(band: readonly [number, number] | null): { value: string; label: string }[] {
  const where = band ? `${formatNumber(band[0])}\u2013${formatNumber(band[1])}` : "any frequency";
  return [
    { value: "index", label: "index" },
    { value: "relevance", label: "relevance" },
    { value: "amplitude", label: `amplitude at ${where}` },
    { value: "cluster", label: "cluster" },
  ];
}
