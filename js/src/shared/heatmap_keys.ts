import type { HeatmapContent } from "./heatmap_picture.ts";
import { listen } from "./listen.ts";
import type { Choice, Selection } from "./selection.ts";
import { arrowPan, STEPS, type ZoomActions, zoomKey } from "./zoom_bar.ts";

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
  listen(canvas, "keydown", signal, (event) => {
    if (act(event)) event.preventDefault();
  });
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
  const [down, right] = STEPS[key] ?? [0, 0];
  if (down && rows.neurons.length) return { neuron: rows.neurons[near(row, down, rows.neurons.length)] };
  return right && columns.count ? { token: columns.tokenAt(near(column, right, columns.count)) } : null;
}
