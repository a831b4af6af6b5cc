import type { Limits } from "./cell_layer.ts";
import { lutFor } from "./colour.ts";
import { element, type Option, setOptions, setText } from "./dom.ts";
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
      columns: this.#choices.control(
        "columns",
        "Tokens",
        options({ feature: "with the feature", all: "all" }),
      ),
      scale: this.#choices.control(
        "scale",
        "Colour scale",
        options({
          signal: "whole range of the signal",
          shown: "range of what is shown",
          neuron: "own range of each row",
        }),
      ),
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
    setText(this.#title, `Activations of ${signalLabel(info.signal, info.layer)}`);
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

  #set(name: Name, given: Option[], value: string): void {
    const select = this.#fields[name].querySelector("select");
    if (select) setOptions(select, given, value);
  }
}

/** Each value with its label. */
function options(labels: Record<string, string>): Option[] {
  return Object.entries(labels).map(([value, label]) => ({ value, label }));
}

function rowOptions(isLimited: boolean): Option[] {
  const pinned = "pinned";
  if (isLimited) return options({ proposed: "those given", pinned });
  return options({ proposed: "proposed, with neighbours", pinned, all: "all" });
}

function orderOptions(band: Scene["choice"]["band"]): Option[] {
  const where = band ? band.map(formatNumber).join("\u2013") : "any frequency";
  return options({
    index: "index",
    relevance: "relevance",
    amplitude: `amplitude at ${where}`,
    cluster: "cluster",
  });
}
