import { element } from "../shared/dom.ts";
import { FigureClicks, type PlotClick } from "../shared/figure_clicks.ts";
import { FigureNames } from "../shared/figure_names.ts";
import { Kept } from "../shared/kept.ts";
import { signalLabel } from "../shared/legend.ts";
import { curve } from "../shared/marks.ts";
import { decode, type Matrix, rowOf } from "../shared/matrix.ts";
import { otherSignal } from "../shared/shown_signal.ts";
import type { Model } from "../shared/types.ts";
import { type Context, defineView, type Scene, type TableContent } from "../shared/view.ts";

const NEAREST = 3;

interface Groups {
  /** The neurons that change, as they stand in the picture. */
  order: readonly number[];
  labels: Float32Array;
  count: number;
  sizes: readonly number[];
  /** Neurons that never change. */
  still: number;
  nearest: Matrix;
}

interface Parts {
  down: Model;
  across: Model;
}

function read([order, labels, nearest]: readonly DataView[]): Groups {
  const groupOf = rowOf(decode(labels), 0);
  const neurons = Array.from(rowOf(decode(order), 0));
  const moving = neurons.filter((neuron) => groupOf[neuron] >= 0);
  const count = moving.length ? groupOf[moving[moving.length - 1]] + 1 : 0;
  const sizes = new Array<number>(count).fill(0);
  for (const neuron of moving) sizes[groupOf[neuron]]++;
  const still = neurons.length - moving.length;
  return { order: moving, labels: groupOf, count, sizes, still, nearest: decode(nearest) };
}

function likeliest({ nearest }: Groups, neuron: number): string {
  const row = rowOf(nearest, neuron);
  return Array.from(row.subarray(0, NEAREST))
    .map((other, place) => ({ other, r: row[NEAREST + place] }))
    .filter(({ other }) => other >= 0)
    .map(({ other, r }) => `${other} (r = ${r.toFixed(2).replace("-", "\u2212")})`)
    .join(", ");
}

function counted(neurons: number): string {
  return neurons === 1 ? "1 neuron" : `${neurons} neurons`;
}

function create(context: Context) {
  const { model, host, selection, root, signal, schedule } = context;
  const title = element("h3", { class: "rw-title" });
  const detail = element("div", { class: "rw-subtitle" });
  const bar = element("span", { class: "rw-legend-bar" });
  bar.style.backgroundImage = `linear-gradient(to right, ${(model.get("key") as string[]).join(", ")})`;
  const said = element("span", { class: "rw-legend-title" }, "One rises as the other falls: r =");
  const legend = element(
    "span",
    { class: "rw-legend" },
    said,
    "\u22121",
    bar,
    "+1: they rise and fall together",
  );
  root.prepend(title, detail, legend);
  const pictureNames = new FigureNames(root, signal);
  const decoded = new Kept<Groups | null>();
  const marked = new Kept<void>();
  let parts: Parts | null = null;

  const marks = ["down_mark", "across_mark"].map((name) => host.getModel(model.get(name) as string));
  void Promise.all(marks).then(([down, across]) => {
    if (signal.aborted) return;
    parts = { down, across };
    schedule();
  });

  const groups = () => {
    const arrays = ["order", "labels", "nearest"].map((name) => model.get(name) as DataView);
    return decoded.of(arrays, () => (arrays.every((array) => array.byteLength) ? read(arrays) : null));
  };
  const choose = ({ across }: PlotClick) => {
    const order = groups()?.order;
    if (!order?.length || otherSignal(model, selection.choice)) return;
    selection.choose({ neuron: order[Math.min(order.length - 1, Math.floor(across * order.length))] });
  };
  const clicks = new FigureClicks(root, signal, choose);

  const mark = ({ order }: Groups, neuron: number | null) => {
    const drawn = parts;
    if (!drawn) return;
    marked.of([order, neuron, drawn], () => {
      const place = neuron === null ? -1 : order.indexOf(neuron);
      const { length } = order;
      const isThere = place >= 0;
      curve(drawn.down, isThere ? [place + 0.5, place + 0.5] : [], isThere ? [0, length] : []);
      const up = length - place - 0.5;
      curve(drawn.across, isThere ? [0, length] : [], isThere ? [up, up] : []);
    });
  };

  const words = (found: Groups, neuron: number | null): [string, string] => {
    if (neuron === null || neuron >= found.labels.length) return ["No neuron is selected", ""];
    const group = found.labels[neuron];
    if (group < 0) return [`Neuron ${neuron}`, "It never changes, so it is in no group."];
    const alike = likeliest(found, neuron);
    const size = `${counted(found.sizes[group])} in its group`;
    return [
      `Neuron ${neuron} · group ${group} of 0\u2013${found.count - 1}`,
      alike ? `${size}. Most like it: ${alike}.` : `${size}.`,
    ];
  };

  const draw = ({ choice }: Scene) => {
    clicks.attach();
    const found = groups();
    if (!found) return;
    const other = otherSignal(model, choice);
    const neuron = other ? null : choice.neuron;
    const [who, what] = words(found, neuron);
    const label = signalLabel(model.get("shown_signal") as string, model.get("shown_layer") as number);
    const still = found.still ? ` Not shown, because never changing: ${counted(found.still)}.` : "";
    title.textContent = `${who} · ${label}`;
    detail.textContent = other ?? what + still;
    mark(found, neuron);
    pictureNames.update([
      `Correlations of ${counted(found.order.length)} in ${found.count} groups. ${title.textContent}. ${detail.textContent}`,
    ]);
  };

  const table = (): TableContent | null => {
    const found = groups();
    if (!found) return null;
    return {
      caption: "Neurons as they stand in the picture, with their groups",
      headers: ["Neuron", "Group", "Most like it"],
      rows: found.order.map((neuron) => [neuron, found.labels[neuron], likeliest(found, neuron)]),
      total: found.order.length,
    };
  };
  return { draw, table };
}

export default defineView("rw-groups", create);
