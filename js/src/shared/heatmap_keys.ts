import type { HeatmapContent } from "./heatmap_picture.ts";
import type { Choice, Selection } from "./selection.ts";
import { arrowPan, type ZoomActions, zoomKey } from "./zoom_bar.ts";

export interface KeyActions {
  content(): HeatmapContent | null;
  selection: Selection;
  zoom: ZoomActions;
}

/** Keys on the heat map: arrows choose, with shift they pan; P pins; +, - and 0 zoom. */
export function listenToKeys(canvas: HTMLCanvasElement, actions: KeyActions, signal: AbortSignal): void {
  const { selection, zoom } = actions;
  const act = (event: KeyboardEvent): boolean => {
    const content = actions.content();
    if (!content || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (zoomKey(event, zoom)) return true;
    if (event.shiftKey && arrowPan(event, zoom)) return true;
    const { choice } = selection;
    if (event.key.toLowerCase() === "p" && choice.neuron !== null) {
      selection.togglePinned(choice.neuron);
      return true;
    }
    const next = moved(event.key, content, choice);
    if (next) selection.choose(next);
    return next !== null;
  };
  canvas.addEventListener(
    "keydown",
    (event) => {
      if (act(event)) event.preventDefault();
    },
    { signal },
  );
}

/** The cell beside the chosen one; the first where none is chosen. Null if the key is no arrow. */
export function moved(
  key: string,
  { rows, columns }: HeatmapContent,
  choice: Pick<Choice, "neuron" | "token">,
): Partial<Choice> | null {
  const row = choice.neuron === null ? -1 : rows.neurons.indexOf(choice.neuron);
  const column = columns.columnOf(choice.token);
  const near = (index: number, step: number, count: number) =>
    index < 0 ? 0 : Math.max(0, Math.min(count - 1, index + step));
  if (rows.neurons.length && (key === "ArrowUp" || key === "ArrowDown")) {
    return { neuron: rows.neurons[near(row, key === "ArrowUp" ? -1 : 1, rows.neurons.length)] };
  }
  if (columns.count && (key === "ArrowLeft" || key === "ArrowRight")) {
    return { token: columns.tokenAt(near(column, key === "ArrowLeft" ? -1 : 1, columns.count)) };
  }
  return null;
}
