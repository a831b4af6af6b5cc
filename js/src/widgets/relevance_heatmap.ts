import { lutFor } from "../shared/colour.ts";
import { element, setText } from "../shared/dom.ts";
import { type Cells, HeatmapCells } from "../shared/heatmap_cells.ts";
import { HeatmapColumns } from "../shared/heatmap_columns.ts";
import { HeatmapControls } from "../shared/heatmap_controls.ts";
import { listenToKeys } from "../shared/heatmap_keys.ts";
import { type HeatmapContent, HeatmapPicture } from "../shared/heatmap_picture.ts";
import { listenToPointer } from "../shared/heatmap_pointer.ts";
import { HeatmapRows } from "../shared/heatmap_rows.ts";
import { HeatmapState } from "../shared/heatmap_state.ts";
import { heatmapTable } from "../shared/heatmap_table.ts";
import { cellLines, poolingWords, readoutOf, spokenOf, viewWords } from "../shared/heatmap_words.ts";
import { signalLabel } from "../shared/legend.ts";
import { listen } from "../shared/listen.ts";
import type { MinimapContent } from "../shared/minimaps.ts";
import { type Context, defineView, type Scene } from "../shared/view.ts";
import { Viewport } from "../shared/viewport.ts";
import { WatchedWidth } from "../shared/watched_width.ts";
import { ZoomBar } from "../shared/zoom_bar.ts";

const ALL_ROWS_HEIGHT = 440;
const KEYS =
  "Arrow keys choose a cell, P pins its neuron, plus and minus zoom, shift with arrows moves the view, 0 shows all.";

function create(context: Context) {
  const { model, recording, selection, root, tooltip, signal, announce, schedule } = context;
  const controls = new HeatmapControls(context);
  const rowsOf = new HeatmapRows(recording);
  const columnsOf = new HeatmapColumns();
  const cells = new HeatmapCells(recording);
  const viewport = new Viewport();
  const canvas = element("canvas", {
    class: "rw-canvas",
    tabindex: 0,
    role: "application",
    "aria-roledescription": "heat map",
  });
  const picture = new HeatmapPicture(canvas, new WatchedWidth(canvas, signal, schedule), viewport);
  const state = new HeatmapState(root);
  const readout = element("p", { class: "rw-readout" });
  const message = element("p", { class: "rw-message", hidden: true });
  let content: HeatmapContent | null = null;
  let scene: Scene | null = null;

  const moved = (isSpoken: boolean) => {
    schedule();
    if (isSpoken && content) announce(viewWords(viewport, content, controls.isByIndex));
  };
  const zoom = {
    zoom(factor: number) {
      const { neuron, token } = selection.choice;
      const row = content && neuron !== null ? content.rows.neurons.indexOf(neuron) : -1;
      const column = content ? content.columns.columnOf(token) : -1;
      if (viewport.zoomAtCell(factor, row, column)) moved(true);
    },
    panBy(down: number, right: number) {
      if (viewport.panBy(down, right)) moved(true);
    },
    centre(down: number, right: number) {
      viewport.centre(down, right);
      moved(false);
    },
    reset() {
      viewport.reset();
      moved(true);
    },
  };
  const bar = new ZoomBar(viewport, zoom, signal);
  root.prepend(
    controls.node,
    message,
    element("div", { class: "rw-plot" }, canvas, ...picture.overlays),
    readout,
    bar.node,
  );

  const contentOf = (now: Scene): HeatmapContent => {
    const { choice, info } = now;
    const chosen = controls.chosen;
    const sizes = { top: model.get("top") as number, radius: model.get("radius") as number };
    const rowChoices = { rows: chosen.rows, order: chosen.order, ...sizes };
    const proposed = rowsOf.proposals(now, rowChoices);
    const rows = rowsOf.rows(now, rowChoices, proposed);
    const columns = columnsOf.of(recording, choice.feature, chosen.columns);
    const count = rows.neurons.length;
    viewport.fit(count, `${chosen.rows} ${info.signal} ${info.layer}`, columns.count, columns.title);
    state.show("proposed", proposed.neurons);
    const rowHeight = Math.min(40, Math.max(27, 220 / Math.max(1, count)));
    const isLong = chosen.rows === "all" && !now.limit;
    const fitting = isLong
      ? ALL_ROWS_HEIGHT
      : Math.max(60, Math.min(900, count * rowHeight + 14 * (rows.groups.length - 1)));
    const [first, last] = viewport.rowsInView;
    return {
      rows,
      columns,
      relevance: recording.featureIndex(choice.feature) < 0 ? null : (proposed.scores as Float32Array | null),
      tokens: recording.tokens,
      height: (model.get("height") as number) || fitting,
      scale: chosen.scale,
      cells: (width) =>
        cells.find(info, {
          neurons: rows.neurons,
          first,
          last,
          columns,
          stretch: viewport.columns,
          chosen: choice.neuron,
          width,
        }),
    };
  };
  const cellValue = (neuron: number, token: number) => scene && cells.cellValue(scene.info, neuron, token);

  const mapOf = (found: Cells, { rows, columns }: HeatmapContent, now: Scene): MinimapContent => ({
    cells: found,
    rows,
    columnCount: columns.count,
    lut: lutFor(now.info.two_sided, now),
    limits: picture.limits,
    ink: now.ink,
  });

  const say = ({ choice }: Scene, { rows }: HeatmapContent) => {
    const feature = recording.features[recording.featureIndex(choice.feature)];
    const noRelevance =
      feature?.message ?? (feature ? "" : "No feature is chosen: there is no relevance to show.");
    const text = [rows.message, noRelevance].filter(Boolean).join(" ");
    setText(message, text);
    message.hidden = text === "";
  };

  const draw = (now: Scene) => {
    const before = scene?.choice;
    scene = now;
    const { choice } = now;
    content = contentOf(now);
    if (before && (before.neuron !== choice.neuron || before.token !== choice.token)) {
      const row = choice.neuron === before.neuron ? -1 : content.rows.neurons.indexOf(choice.neuron ?? -1);
      viewport.follow(row, choice.token === before.token ? -1 : content.columns.columnOf(choice.token));
      content = contentOf(now);
    }
    picture.draw(content, now);
    const words = viewWords(viewport, content, controls.isByIndex);
    const { pooling } = picture;
    const hasMap = pooling.rows > 1 || pooling.columns > 1 || !viewport.isWhole;
    const map = picture.cells && mapOf(picture.cells, content, now);
    const told = [words, poolingWords(pooling)].filter(Boolean).join(" \u00b7 ");
    if (bar.update(told, viewport.isWhole, hasMap, map)) canvas.focus({ preventScroll: true });
    controls.update(now, picture.limits);
    say(now, content);
    setText(readout, readoutOf(content, now, cellValue));
    canvas.style.touchAction = viewport.isWhole ? "pan-y" : "none";
    state.describe(canvas, content, picture, words, KEYS);
    if (before && root.contains(document.activeElement) && isOther(before, choice)) {
      announce(spokenOf(content, now, cellValue));
    }
  };

  listenToPointer(
    picture,
    {
      content: () => content,
      pinned: () => selection.choice.neurons,
      over(event, hit) {
        const hovered = hit && content ? content.rows.neurons[hit.row] : null;
        if (hovered !== picture.hovered) schedule();
        picture.hovered = hovered;
        canvas.classList.toggle("rw-over-pin", hit?.isPin ?? false);
        if (hit && content && scene) tooltip.show(event, cellLines(content, scene, hit, cellValue));
        else tooltip.hide();
      },
      click({ row, column, isPin }, isShifted) {
        if (!content) return;
        const neuron = content.rows.neurons[row];
        if (isPin || isShifted) selection.togglePinned(neuron);
        else
          selection.choose({
            neuron,
            ...(column === null ? {} : { token: content.columns.tokenAt(column) }),
          });
      },
      hint: () => bar.hint(),
      reset: zoom.reset,
      changed: () => moved(false),
    },
    signal,
  );
  listen(canvas, "keydown", signal, () => tooltip.hide());
  listenToKeys(canvas, { content: () => content, selection, zoom }, signal);

  return {
    draw,
    table: (now: Scene) => {
      const title = `Activations of ${signalLabel(now.info.signal, now.info.layer)}`;
      return (
        content && heatmapTable(content, now, recording, title, (neuron) => cells.rowOf(now.info, neuron))
      );
    },
  };
}

function isOther(one: Scene["choice"], other: Scene["choice"]): boolean {
  return one.neuron !== other.neuron || one.token !== other.token || one.neurons !== other.neurons;
}

export default defineView("rw-relevance-heatmap", create);
