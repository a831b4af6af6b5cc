import { lutFor } from "../shared/colour.ts";
import { element, quoted } from "../shared/dom.ts";
import { cellLines, type HeatmapContent, HeatmapPicture, type Hit } from "../shared/heatmap_picture.ts";
import { Legend, signalLabel } from "../shared/legend.ts";
import { rowOf } from "../shared/matrix.ts";
import { OwnChoices } from "../shared/own_choices.ts";
import { proposals } from "../shared/proposals.ts";
import { bestFirst, type Groups } from "../shared/rows.ts";
import { formatNumber } from "../shared/ticks.ts";
import { type Context, defineView, type Scene } from "../shared/view.ts";

const ALL_ROWS_HEIGHT = 440;

function create(context: Context) {
  const { model, recording, selection, root, tooltip, signal } = context;
  const choices = new OwnChoices(context, ["rows", "order", "columns"]);
  const { shown } = choices;
  const rows = choices.control("rows", "Neurons", [
    { value: "proposed", label: "proposed, with neighbours" },
    { value: "all", label: "all" },
  ]);
  const order = choices.control("order", "sorted by", [
    { value: "index", label: "index" },
    { value: "relevance", label: "relevance" },
  ]);
  const columns = choices.control("columns", "Tokens", [
    { value: "feature", label: "with the feature" },
    { value: "all", label: "all" },
  ]);
  const title = element("h3", { class: "rw-title" });
  const activation = new Legend();
  const relevance = new Legend();
  const message = element("p", { class: "rw-message", hidden: true });
  const canvas = element("canvas", { class: "rw-canvas", tabindex: 0, role: "img" });
  const readout = element("p", { class: "rw-readout", "aria-live": "polite" });
  root.prepend(
    element(
      "div",
      { class: "rw-header" },
      title,
      element("div", { class: "rw-controls" }, rows, order, columns),
    ),
    element("div", { class: "rw-legends" }, activation.node, relevance.node),
    message,
    element("div", { class: "rw-plot" }, canvas),
    readout,
  );

  const picture = new HeatmapPicture(canvas, root);
  let content: HeatmapContent | null = null;
  let scene: Scene | null = null;

  const contentOf = (now: Scene): HeatmapContent | null => {
    const { choice, info } = now;
    const values = recording.values(info.signal, info.layer);
    const proposed = proposals(recording, now, model.get("top") as number, model.get("radius") as number);
    root.dataset.proposed = JSON.stringify(proposed.neurons);
    const all = shown.rows === "all" || (now.limit !== null && shown.order === "relevance");
    const groups: Groups = all ? [inOrder(now, proposed.scores, shown.order)] : proposed.groups;
    const flat = groups.flat();
    const featured = shown.columns === "feature" && choice.feature !== null;
    const tokens = featured ? recording.matches(choice.feature) : recording.tokens.map((_, token) => token);
    if (!values) return null;
    const rowHeight = Math.min(40, Math.max(27, 220 / Math.max(1, flat.length)));
    const fitting = all ? ALL_ROWS_HEIGHT : Math.min(900, flat.length * rowHeight + 14 * (groups.length - 1));
    return {
      groups,
      rows: flat,
      columns: tokens,
      values,
      relevance: proposed.scores,
      tokens: recording.tokens,
      columnsTitle: featured ? `Token (feature: ${choice.feature})` : "Token (all)",
      height: (model.get("height") as number) || fitting,
    };
  };

  const draw = (now: Scene) => {
    scene = now;
    const { choice, info } = now;
    title.textContent = `Activations of ${signalLabel(info.signal, info.layer)}`;
    activation.update("Activation", lutFor(info.two_sided, now), info.low, info.high);
    relevance.update("Relevance", lutFor(false, now), 0, 1);
    rows.hidden = now.limit !== null;
    order.hidden = now.limit === null && shown.rows !== "all";
    const feature = recording.features[recording.featureIndex(choice.feature)];
    message.textContent =
      feature?.message ?? (feature ? "" : "No feature is chosen: there is no relevance to show.");
    message.hidden = message.textContent === "";
    content = contentOf(now);
    root.dataset.rows = JSON.stringify(content?.rows ?? []);
    root.dataset.columns = String(content?.columns.length ?? 0);
    if (!content) return;
    picture.draw(content, now);
    const { box, layout } = picture;
    root.dataset.geometry = JSON.stringify({
      ...box,
      centres:
        content.rows.length <= 400
          ? Array.from(layout.tops, (top) => box.top + top + layout.rowHeight / 2)
          : [],
    });
    const text = readoutOf(content, now);
    if (readout.textContent !== text) readout.textContent = text;
    canvas.setAttribute(
      "aria-label",
      `Heat map of ${content.rows.length} neurons and ${content.columns.length} tokens. ${text}`,
    );
  };

  const hitOf = (event: MouseEvent): Hit | null => {
    if (!content) return null;
    const frame = canvas.getBoundingClientRect();
    return picture.hit(event.clientX - frame.left, event.clientY - frame.top, content.columns.length);
  };
  canvas.addEventListener(
    "pointermove",
    (event) => {
      const hit = hitOf(event);
      if (hit && content && scene) tooltip.show(event, cellLines(content, scene, hit));
      else tooltip.hide();
    },
    { signal },
  );
  canvas.addEventListener("pointerleave", () => tooltip.hide(), { signal });
  canvas.addEventListener(
    "click",
    (event) => {
      const hit = hitOf(event);
      if (!hit || !content) return;
      const token = hit.column === null ? {} : { token: content.columns[hit.column] };
      selection.choose({ neuron: content.rows[hit.row], ...token });
    },
    { signal },
  );
  canvas.addEventListener(
    "keydown",
    (event) => {
      const next = content && moved(event.key, content, selection.choice);
      if (!next) return;
      event.preventDefault();
      selection.choose(next);
    },
    { signal },
  );
  return { draw };
}

function inOrder({ limit, info }: Scene, scores: ArrayLike<number> | null, order: string): number[] {
  const among = limit ?? Array.from({ length: info.neurons }, (_, neuron) => neuron);
  if (order === "index" || !scores) return [...among];
  const place = new Map(bestFirst(scores).map((neuron, rank) => [neuron, rank]));
  return [...among].sort((one, other) => (place.get(one) ?? 0) - (place.get(other) ?? 0));
}

function moved(key: string, { rows, columns }: HeatmapContent, choice: Scene["choice"]) {
  const row = choice.neuron === null ? -1 : rows.indexOf(choice.neuron);
  const column = choice.token === null ? -1 : columns.indexOf(choice.token);
  const within = (index: number, count: number) => Math.max(0, Math.min(count - 1, index));
  if (key === "ArrowUp" || key === "ArrowDown") {
    return { neuron: rows[within(row < 0 ? 0 : row + (key === "ArrowUp" ? -1 : 1), rows.length)] };
  }
  if (columns.length && (key === "ArrowLeft" || key === "ArrowRight")) {
    return {
      token: columns[within(column < 0 ? 0 : column + (key === "ArrowLeft" ? -1 : 1), columns.length)],
    };
  }
  return null;
}

function readoutOf({ values, relevance, tokens, columns }: HeatmapContent, { choice, info }: Scene): string {
  const { neuron, token } = choice;
  const parts: string[] = [];
  if (neuron !== null && neuron < values.rows) {
    const score = relevance ? `, relevance ${formatNumber(relevance[neuron])}` : "";
    parts.push(`Neuron ${neuron}${score}`);
  }
  if (token !== null && token < tokens.length) {
    const value =
      neuron !== null && neuron < values.rows
        ? `, ${info.signal} ${formatNumber(rowOf(values, neuron)[token])}`
        : "";
    const absent = columns.includes(token) ? "" : " (not among the tokens shown)";
    parts.push(`token ${token} ${quoted(tokens[token])}${value}${absent}`);
  }
  return parts.join(" · ");
}

export default defineView("rw-relevance-heatmap", create);
