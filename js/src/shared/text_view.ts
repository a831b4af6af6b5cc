import { Brush, proposedName } from "./brush.ts";
import type { BrushForm } from "./brush_form.ts";
import { inkOf } from "./canvas.ts";
import { element, setAttribute, setOptions, setText } from "./dom.ts";
import { Kept } from "./kept.ts";
import { Legend, signalLabel } from "./legend.ts";
import { type Lines, layoutLines, lineOf, measureTokens } from "./line_layout.ts";
import type { OwnChoices } from "./own_choices.ts";
import { hasPredictions, hasSurprisal } from "./predictions.ts";
import { type Arrangement, columnsFor, TextBlocks } from "./text_blocks.ts";
import { bandWords, type ColourBy, type Colouring, Colourings } from "./text_colours.ts";
import { TextPanel } from "./text_panel.ts";
import { textPictures } from "./text_pictures.ts";
import { measuredCells } from "./text_widths.ts";
import { Readout, spokenWords, type TokenFacts, tokenFacts } from "./token_facts.ts";
import type { Context, Scene } from "./view.ts";

const GUTTER = 108;
const PADDING = 12;

export type TextChoices = OwnChoices<"colour" | "arrangement">;

/** The text as it is drawn: header, lines, what is marked, and the numbers of the chosen token. */
export class TextView {
  readonly panel: TextPanel;
  readonly brush = new Brush();
  readonly form: BrushForm;
  readonly pin = element("button", { class: "rw-button", type: "button" });
  /** While it is pressed, taps mark from one token to another: a finger that drags scrolls. */
  readonly mark = element(
    "button",
    {
      class: "rw-button",
      type: "button",
      "aria-pressed": "false",
      title: "Mark a stretch by a click on its first and on its last token, as with a finger",
    },
    "Mark",
  );
  readonly #context: Context;
  readonly #choices: TextChoices;
  readonly #fields: { colour: HTMLLabelElement; arrangement: HTMLLabelElement };
  readonly #title = element("h3", { class: "rw-title" });
  readonly #legend = new Legend();
  readonly #message = element("p", { class: "rw-message", role: "status", hidden: true });
  readonly #readout = new Readout();
  readonly #colourings: Colourings;
  readonly #measured = new Kept<ReturnType<typeof measureTokens>>();
  readonly #laidOut = new Kept<Lines>();
  readonly #arranged = new Kept<TextBlocks>();
  #scene: Scene | null = null;
  #colouring: Colouring | null = null;
  #blocks: readonly (number | null)[] = [];
  #lines: Lines | null = null;
  #revealed: number | null | undefined = null;
  #told: number | null = null;

  constructor(context: Context, choices: TextChoices, form: (view: TextView) => BrushForm) {
    const { root, signal, schedule, recording } = context;
    this.#context = context;
    this.#choices = choices;
    this.#colourings = new Colourings(recording);
    this.panel = new TextPanel(signal, schedule);
    this.form = form(this);
    this.#fields = {
      colour: choices.control("colour", "Colour by", this.#colourOptions(null)),
      arrangement: choices.control("arrangement", "Neurons", [
        { value: "stacked", label: "one below the other" },
        { value: "side by side", label: "side by side" },
      ]),
    };
    const { colour, arrangement } = this.#fields;
    const header = element(
      "div",
      { class: "rw-header" },
      this.#title,
      this.pin,
      this.mark,
      colour,
      arrangement,
    );
    header.append(this.#legend.node);
    root.prepend(header, this.#message, this.panel.scroller, this.form.node, this.#readout.node);
  }

  get scene(): Scene | null {
    return this.#scene;
  }

  get lines(): Lines | null {
    return this.#lines;
  }

  /** The neuron of each block of text. */
  get blocks(): readonly (number | null)[] {
    return this.#blocks;
  }

  facts(token: number, neuron: number | null): TokenFacts | null {
    const { recording } = this.#context;
    if (!this.#scene || !this.#colouring || token >= recording.tokens.length) return null;
    return tokenFacts(recording, this.#scene, this.#colouring, token, neuron);
  }

  draw(scene: Scene): void {
    const { recording, root } = this.#context;
    const { choice, info } = scene;
    this.#scene = scene;
    const by = this.#choices.shown.colour as ColourBy;
    const all = neuronsOf(scene);
    const colouring = this.#colourings.of(scene, by, all);
    this.#colouring = colouring;
    // Surprisal belongs to the token alone: one text says it all.
    this.#blocks = colouring.perNeuron ? (all.length ? all : [null]) : [choice.neuron];
    this.#drawHeader(scene, by, colouring);
    if (!this.#arrange()) return;
    const mask = recording.mask(choice.feature);
    const everything = recording.matches(choice.feature).length === recording.tokens.length;
    this.panel.draw({
      blocks: this.#blocks,
      colouring,
      mask: everything ? null : mask,
      token: choice.token,
      neuron: choice.neuron,
      brushed: this.brush.spans,
    });
    setAttribute(root, "data-colour", colouring.by);
    setAttribute(root, "data-arrangement", this.#choices.shown.arrangement);
    setAttribute(root, "data-blocks", JSON.stringify(this.#blocks));
    setAttribute(root, "data-brushed", JSON.stringify(this.brush.spans));
    setAttribute(root, "data-lines", this.#lines?.count ?? 0);
    setAttribute(root, "data-scale", JSON.stringify([colouring.low, colouring.high]));
    this.#drawFoot(choice.token, info.neurons > (choice.neuron ?? 0) ? choice.neuron : null);
  }

  #drawHeader({ choice, info, limit }: Scene, by: ColourBy, colouring: Colouring): void {
    const place = signalLabel(info.signal, info.layer);
    const neuron = choice.neuron === null ? "No neuron" : `Neuron ${choice.neuron}`;
    setText(this.#title, colouring.perNeuron ? `${neuron} \u00b7 ${place}` : "Surprisal of each token");
    this.#legend.update(colouring.title, colouring.lut, colouring.low, colouring.high);
    const pinned = choice.neuron !== null && choice.neurons.includes(choice.neuron);
    setText(this.pin, pinned ? "Unpin" : "Pin");
    this.pin.title = pinned
      ? "Take the text of this neuron away when another one is chosen"
      : "Keep a text of its own for this neuron, to compare";
    this.pin.hidden = choice.neuron === null || limit !== null || !colouring.perNeuron;
    this.#fields.arrangement.hidden = this.#blocks.length < 2;
    const select = this.#fields.colour.querySelector("select") as HTMLSelectElement;
    setOptions(select, this.#colourOptions(choice.band), by);
    const absent = by === "surprisal" && colouring.by !== "surprisal";
    setText(this.#message, absent ? "No surprisal was recorded, so the activation is shown." : "");
    this.#message.hidden = !absent;
  }

  #colourOptions(band: Scene["choice"]["band"]) {
    const isOffered = hasSurprisal(this.#context.recording);
    return [
      { value: "activation", label: "activation" },
      {
        value: "band",
        label: band
          ? `in the band ${bandWords(band).replace(" cycles per token", "")}`
          : "in the band (none chosen: all)",
      },
      {
        value: "surprisal",
        label: isOffered ? "surprisal" : "surprisal (none recorded)",
        disabled: !isOffered,
      },
    ];
  }

  /** Lays the text out for the width there is; false while there is none, as in a hidden tab. */
  #arrange(): boolean {
    const { recording, model } = this.#context;
    const { panel } = this;
    if (panel.size.width === 0) panel.measure();
    const { width, cell } = panel.size;
    if (width === 0 || !this.#scene) return false;
    const arrangement = this.#choices.shown.arrangement as Arrangement;
    const count = this.#blocks.length;
    const gutter = count > 1 && arrangement === "stacked" ? GUTTER : 0;
    const room = Math.floor((width - 2 * PADDING - gutter) / cell + 0.01);
    const measured = this.#measured.of([cell], () => {
      const { fontSize, fontFamily } = getComputedStyle(panel.scroller);
      const { tokens, documents, joiner } = recording;
      return measureTokens(tokens, documents, joiner, measuredCells(`${fontSize} ${fontFamily}`, cell));
    });
    const { columns, stride } = columnsFor(arrangement, count, room);
    const lines = this.#laidOut.of([measured, columns], () => layoutLines(measured, columns));
    const blocks = this.#arranged.of(
      [arrangement, count, lines, stride, cell],
      () => new TextBlocks(arrangement, count, lines.count, stride * cell),
    );
    const before = this.#lines;
    const [seen] = panel.ranges;
    panel.arrange(lines, blocks, gutter, this.#largest(model.get("height") as number));
    this.#lines = lines;
    if (before && before !== lines && seen && seen.start > 0 && seen.start < before.count)
      panel.show(Math.min(seen.block, count - 1), lineOf(lines, before.tokens[seen.start]));
    const { token, neuron } = this.#scene.choice;
    if (token === this.#revealed) return true;
    this.#revealed = token;
    if (token !== null && token < recording.tokens.length)
      panel.reveal(Math.max(0, this.#blocks.indexOf(neuron)), lineOf(lines, token));
    return true;
  }

  /** A window lower than the text would hide its last lines; a frame, though, is often as high as what it holds. */
  #largest(height: number): number {
    if (window.top !== window) return height;
    return Math.min(height, Math.max(120, 0.8 * innerHeight));
  }

  #drawFoot(token: number | null, neuron: number | null): void {
    const { recording, root, announce } = this.#context;
    const { spans, tokens } = this.brush;
    const names = recording.features.map(({ name }) => name);
    this.form.update(tokens, spans.length, proposedName(recording.tokens, recording.joiner, spans, names));
    const facts = token === null ? null : this.facts(token, neuron);
    this.#readout.update(facts, hasPredictions(recording));
    if (token === this.#told) return;
    this.#told = token;
    if (facts && root.contains(document.activeElement)) announce(spokenWords(facts));
  }

  get isMarking(): boolean {
    return this.mark.ariaPressed === "true";
  }

  /** Brings the chosen token into sight with the next picture, also where it was chosen before. */
  follow(): void {
    this.#revealed = undefined;
  }

  /** Puts the keyboard into the field where what is marked gets its name. */
  showForm(): void {
    if (this.#scene) this.draw(this.#scene);
    this.form.focus();
  }

  svg(scene: Scene): string | null {
    const [lines, colouring] = [this.#lines, this.#colouring];
    const { panel } = this;
    const { ranges, blocks } = panel;
    if (!lines || !colouring || !blocks || ranges.length === 0) return null;
    const { root, recording } = this.#context;
    const ink = inkOf(root);
    const picture = textPictures.now?.({
      title: this.#title.textContent ?? "",
      lines,
      blocks,
      ranges,
      neurons: this.#blocks,
      chosen: scene.choice.neuron,
      colouring,
      mask: recording.mask(scene.choice.feature),
      token: scene.choice.token,
      cell: panel.size.cell,
      gutter: blocks.count > 1 && blocks.arrangement === "stacked" ? GUTTER : 0,
      ink,
      fonts: { text: getComputedStyle(panel.scroller).fontFamily, labels: ink.font },
    });
    return picture ?? null;
  }
}

/** Pinned neurons in their order, before them the chosen one where it is not pinned; or those of a limited view. */
export function neuronsOf({ choice, limit }: Scene): readonly number[] {
  if (limit) return limit;
  const { neuron, neurons } = choice;
  return neuron === null || neurons.includes(neuron) ? neurons : [neuron, ...neurons];
}
