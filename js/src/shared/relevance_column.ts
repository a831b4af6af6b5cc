import { type Box, type Ink, label } from "./canvas.ts";
import { CellLayer } from "./cell_layer.ts";
import { colourAt, type Lut, lutIndex, textOn } from "./colour.ts";
import type { Rows } from "./heatmap_rows.ts";
import type { RowLayout } from "./layout.ts";
import { drawPartings, LABELLED_ROW, rowsShown } from "./neuron_axis.ts";
import { type Spans, spansOf } from "./spans.ts";
import { formatNumber } from "./ticks.ts";

const NUMBERED_ROW = 17;

/** How relevant the neuron of each row is, as colours and, where there is room, as numbers. */
export class RelevanceColumn {
  readonly #layer = new CellLayer();

  /** `names`: the neurons, where they are to stand beside the column once more. */
  draw(
    context: CanvasRenderingContext2D,
    box: Box,
    layout: RowLayout,
    { neurons }: Rows,
    scores: Float32Array,
    lut: Lut,
    names: readonly number[] | null,
    ink: Ink,
  ): void {
    let spans: Spans | null = null;
    // All pixels of a row are alike, so one of them is taken.
    this.#layer.pool(
      { ...box, width: 0 },
      {
        layout,
        neurons,
        key: [scores],
        stripOf: (neuron, width) => {
          spans ??= spansOf(width, { start: 0, stop: 1 }, 1, null);
          return { data: scores, offset: neuron, low: 0, step: 1, mean: 0, spans };
        },
      },
    );
    this.#layer.draw(context, box, lut, [0, 1], box.width);
    drawPartings(context, box, layout, ink);
    context.font = `13px ${ink.font}`;
    for (const row of layout.rowHeight >= LABELLED_ROW ? rowsShown(layout) : []) {
      const y = box.top + layout.tops[row] + layout.rowHeight / 2;
      if (names) {
        context.fillStyle = ink.text;
        label(context, String(names[row]), box.left - 8, y, { align: "right" });
      }
      if (layout.rowHeight < NUMBERED_ROW) continue;
      const score = scores[neurons[row]];
      context.fillStyle = textOn(colourAt(lut, lutIndex(score, 0, 1)));
      label(context, formatNumber(score), box.left + box.width / 2, y);
    }
    const size = box.width < 60 ? 12 : 14;
    context.font = `${size}px ${ink.font}`;
    context.fillStyle = ink.text;
    const half = context.measureText("Relevance").width / 2;
    const middle = Math.min(box.left + box.width / 2, box.left + box.width + 5 - half);
    label(context, "Relevance", middle, box.top + box.height + 9, { baseline: "top" });
  }
}
