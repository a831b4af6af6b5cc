import { lutFor } from "../shared/colour.ts";
import { element, quoted } from "../shared/dom.ts";
import { Legend, signalLabel } from "../shared/legend.ts";
import { type Line, layoutLines, linesOfTokens, tokenNear } from "../shared/lines.ts";
import { valueAt } from "../shared/matrix.ts";
import { TextPanel } from "../shared/text_panel.ts";
import { formatNumber } from "../shared/ticks.ts";
import { type Context, defineView, type Scene } from "../shared/view.ts";

const PADDING = 12;

function create({ model, recording, selection, root, tooltip, signal, schedule }: Context) {
  const title = element("h3", { class: "rw-title" });
  const pin = element("button", { class: "rw-button", type: "button" });
  const legend = new Legend();
  const panel = new TextPanel();
  const ruler = element("span", { class: "rw-ruler", "aria-hidden": "true" }, "x".repeat(100));
  panel.scroller.append(ruler);
  panel.scroller.setAttribute("aria-label", "Text. Arrow keys move from token to token.");
  root.prepend(element("div", { class: "rw-header" }, title, pin, legend.node), panel.scroller);

  let lines: Line[] = [];
  let lineOf: Int32Array = new Int32Array();
  let columns = 0;
  let revealed: number | null = null;
  let scene: Scene | null = null;

  const blocksOf = ({ choice, limit }: Scene): readonly number[] => {
    if (limit) return limit;
    const { neuron, neurons } = choice;
    return neuron === null ? neurons : [neuron, ...neurons.filter((pinned) => pinned !== neuron)];
  };

  const draw = (now: Scene) => {
    scene = now;
    const { choice, info } = now;
    const width = ruler.getBoundingClientRect().width / 100;
    const room = Math.max(10, Math.floor((panel.scroller.clientWidth - 2 * PADDING) / (width || 8)));
    if (room !== columns) {
      columns = room;
      lines = layoutLines(recording.tokens, recording.documents, recording.joiner, columns);
      lineOf = linesOfTokens(lines, recording.tokens.length);
      panel.setLines(lines);
    }
    const blocks = blocksOf(now);
    const lut = lutFor(info.two_sided, now);
    const place = signalLabel(info.signal, info.layer);
    title.textContent =
      choice.neuron === null ? `No neuron · ${place}` : `Neuron ${choice.neuron} · ${place}`;
    legend.update("Activation", lut, info.low, info.high);
    const pinned = choice.neuron !== null && choice.neurons.includes(choice.neuron);
    pin.textContent = pinned ? "Unpin" : "Pin";
    pin.title = "Keep a block of text for this neuron";
    pin.hidden = choice.neuron === null || now.limit !== null;
    const values = recording.values(info.signal, info.layer);
    const matching = recording.matches(choice.feature);
    const matches = new Set(matching.length < recording.tokens.length ? matching : []);
    const coloured = { blocks, values, info, lut, matches, token: choice.token, neuron: choice.neuron };
    panel.draw(coloured, model.get("height") as number);
    if (choice.token !== revealed) {
      revealed = choice.token;
      if (revealed !== null && revealed < lineOf.length) panel.reveal(lineOf[revealed], blocks.length);
      panel.draw(coloured, model.get("height") as number);
    }
  };

  const tokenAt = (event: Event): { token: number; neuron: number | null } | null => {
    const span = (event.target as Element).closest<HTMLElement>("[data-token]");
    if (!span) return null;
    const neuron = span.closest<HTMLElement>("[data-neuron]")?.dataset.neuron;
    return { token: Number(span.dataset.token), neuron: neuron ? Number(neuron) : null };
  };

  panel.scroller.addEventListener("scroll", schedule, { signal, passive: true });
  panel.scroller.addEventListener(
    "pointermove",
    (event) => {
      const at = tokenAt(event);
      if (!at || !scene) return tooltip.hide();
      const { info } = scene;
      const values = recording.values(info.signal, info.layer);
      const told = [`Token ${at.token}: ${quoted(recording.tokens[at.token])}`];
      if (at.neuron !== null && values && at.neuron < values.rows) {
        told.push(
          `Neuron ${at.neuron}`,
          `${info.signal}: ${formatNumber(valueAt(values, at.neuron, at.token))}`,
        );
      }
      tooltip.show(event, told);
    },
    { signal },
  );
  panel.scroller.addEventListener("pointerleave", () => tooltip.hide(), { signal });
  panel.scroller.addEventListener(
    "click",
    (event) => {
      const at = tokenAt(event);
      if (at) selection.choose({ token: at.token, ...(at.neuron === null ? {} : { neuron: at.neuron }) });
    },
    { signal },
  );
  panel.scroller.addEventListener(
    "keydown",
    (event) => {
      const next = moved(event, selection.choice.token, lines, lineOf);
      if (next === undefined) return;
      event.preventDefault();
      selection.choose({ token: next });
    },
    { signal },
  );
  pin.addEventListener(
    "click",
    () => {
      const { neuron } = selection.choice;
      if (neuron !== null) selection.togglePinned(neuron);
    },
    { signal },
  );
  return { draw };
}

/** The token that a key leads to; undefined for other keys. */
function moved(
  event: KeyboardEvent,
  token: number | null,
  lines: readonly Line[],
  lineOf: Int32Array,
): number | null | undefined {
  const last = lineOf.length - 1;
  const at = token ?? 0;
  const line = lineOf[at];
  const column = lines[line]?.pieces.find((piece) => piece.token === at)?.column ?? 0;
  switch (event.key) {
    case "ArrowLeft":
      return Math.max(0, at - 1);
    case "ArrowRight":
      return token === null ? 0 : Math.min(last, at + 1);
    case "ArrowUp":
      return tokenNear(lines[line - 1], column) ?? at;
    case "ArrowDown":
      return tokenNear(lines[line + 1], column) ?? at;
    case "Home":
      return event.ctrlKey ? 0 : (tokenNear(lines[line], 0) ?? at);
    case "End":
      return event.ctrlKey ? last : (tokenNear(lines[line], Number.MAX_SAFE_INTEGER) ?? at);
    case "Escape":
      return null;
    default:
      return undefined;
  }
}

export default defineView("rw-text-highlighter", create);
