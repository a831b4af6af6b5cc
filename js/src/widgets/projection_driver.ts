import { element, quoted } from "../shared/dom.ts";
import { FigureClicks, type PlotClick } from "../shared/figure_clicks.ts";
import { FigureNames } from "../shared/figure_names.ts";
import { Kept } from "../shared/kept.ts";
import { signalLabel } from "../shared/legend.ts";
import { put } from "../shared/marks.ts";
import { decode, rowOf } from "../shared/matrix.ts";
import { otherSignal } from "../shared/shown_signal.ts";
import { formatNumber } from "../shared/ticks.ts";
import type { Model } from "../shared/types.ts";
import { type Context, defineView, type Scene, type TableContent } from "../shared/view.ts";

const MOST_ROWS = 200;
/** How far from a dot a click may be, in pixels. */
const REACH = 16;
const BESIDE = 10;
const PARTS = ["tokens_mark", "matches_mark", "chosen_mark", "name_mark"] as const;

type Parts = Record<(typeof PARTS)[number], Model>;

interface Points {
  x: Float32Array;
  y: Float32Array;
  /** The tokens shown, ascending. */
  sample: readonly number[];
}

async function connectParts({ host, model }: Context): Promise<Parts> {
  const models = await Promise.all(PARTS.map((name) => host.getModel(model.get(name) as string)));
  return Object.fromEntries(PARTS.map((name, place) => [name, models[place]])) as Parts;
}

/** The tokens of the feature that are shown: all where they are not more than the sample, else those in it. */
function shownMatches(matches: readonly number[], { sample }: Points): readonly number[] {
  if (matches.length <= sample.length) return matches;
  const sampled = new Set(sample);
  return matches.filter((token) => sampled.has(token));
}

function create(context: Context) {
  const { model, recording, selection, root, signal, schedule } = context;
  const title = element("h3", { class: "rw-title" });
  const detail = element("div", { class: "rw-subtitle" });
  root.prepend(title, detail);
  const pictureNames = new FigureNames(root, signal);
  const decoded = new Kept<Points | null>();
  const shown = new Kept<readonly number[]>();
  const drawn = Object.fromEntries(PARTS.map((name) => [name, new Kept<void>()]));
  let parts: Parts | null = null;

  void connectParts(context).then((found) => {
    if (signal.aborted) return;
    parts = found;
    schedule();
  });

  const points = () => {
    const [coordinates, sample] = ["coordinates", "sample"].map((name) => model.get(name) as DataView);
    return decoded.of([coordinates, sample], () => {
      if (!coordinates.byteLength || !sample.byteLength) return null;
      const places = decode(coordinates);
      return { x: rowOf(places, 0), y: rowOf(places, 1), sample: Array.from(rowOf(decode(sample), 0)) };
    });
  };
  const named = (token: number) => `${quoted(recording.tokens[token])} · token ${token}`;
  const dots = (name: (typeof PARTS)[number], places: Points, tokens: readonly number[]) => {
    if (!parts) return;
    put(parts[name], {
      x: Float64Array.from(tokens, (token) => places.x[token]),
      y: Float64Array.from(tokens, (token) => places.y[token]),
      names: tokens.map(named),
    });
  };
  const across = (value: number) => {
    const [low, high] = model.get("limits") as number[];
    return (value - low) / (high - low);
  };

  const drawMarks = (places: Points, chosen: number | null, matches: readonly number[]) => {
    if (!parts) return;
    const { name_mark } = parts;
    drawn.tokens_mark.of([places, matches], () => {
      const coloured = new Set(matches);
      const others = places.sample.filter((token) => !coloured.has(token));
      dots("tokens_mark", places, others);
      dots("matches_mark", places, matches);
    });
    drawn.chosen_mark.of([places, chosen], () => {
      const tokens = chosen === null ? [] : [chosen];
      dots("chosen_mark", places, tokens);
      const isRight = chosen !== null && across(places.x[chosen]) > 0.7;
      put(name_mark, {
        x: Float64Array.from(tokens, (token) => places.x[token]),
        y: Float64Array.from(tokens, (token) => places.y[token]),
        text: tokens.map((token) => quoted(recording.tokens[token])),
        align: isRight ? "end" : "start",
        x_offset: isRight ? -BESIDE : BESIDE,
      });
    });
  };

  const choose = ({ across, up, width, height }: PlotClick) => {
    const places = points();
    if (!places) return;
    const [left, right, low, high] = model.get("limits") as number[];
    const { token } = selection.choice;
    const candidates = new Set([
      ...places.sample,
      ...(shown.value ?? []),
      ...(token === null ? [] : [token]),
    ]);
    let nearest: number | null = null;
    let least = REACH;
    for (const candidate of candidates) {
      const aside = ((places.x[candidate] - left) / (right - left) - across) * width;
      const above = ((places.y[candidate] - low) / (high - low) - up) * height;
      const distance = Math.hypot(aside, above);
      if (distance <= least) [nearest, least] = [candidate, distance];
    }
    if (nearest !== null) selection.choose({ token: nearest });
  };
  const clicks = new FigureClicks(root, signal, choose);

  const words = (places: Points, matches: readonly number[], all: number, feature: string | null) => {
    const [tokens, shown, coloured, having] = [
      recording.tokens.length,
      places.sample.length,
      matches.length,
      all,
    ].map((count) => count.toLocaleString("en"));
    const some = shown === tokens ? `All ${tokens} tokens` : `${shown} of ${tokens} tokens, drawn at random`;
    if (feature === null) return `${some}.`;
    const which = coloured === having ? `the ${having}` : `${coloured} of the ${having}`;
    return `${some}; orange: ${which} with ${feature}.`;
  };

  const draw = ({ choice }: Scene) => {
    clicks.attach();
    const places = points();
    if (!places) return;
    const token = choice.token !== null && choice.token < recording.tokens.length ? choice.token : null;
    const all = recording.matches(choice.feature);
    const matches = shown.of([all, places], () => shownMatches(all, places));
    const label = signalLabel(model.get("shown_signal") as string, model.get("shown_layer") as number);
    title.textContent = `States of the tokens · ${label}${token === null ? "" : ` · ${named(token)}`}`;
    detail.textContent = otherSignal(model, choice) ?? words(places, matches, all.length, choice.feature);
    drawMarks(places, token, matches);
    const place =
      token === null ? "" : ` at ${formatNumber(places.x[token])}, ${formatNumber(places.y[token])}`;
    pictureNames.update([`${title.textContent}${place}. ${detail.textContent}`]);
  };

  const table = ({ choice }: Scene): TableContent | null => {
    const places = points();
    if (!places) return null;
    const matching = new Set(recording.matches(choice.feature));
    const after = places.sample.findIndex((token) => token >= (choice.token ?? 0));
    const first = Math.max(0, Math.min(after - MOST_ROWS / 2, places.sample.length - MOST_ROWS));
    return {
      caption: "States of the tokens shown, around the selected one",
      headers: ["Token", "Text", "Component 1", "Component 2", "Has the feature"],
      rows: places.sample
        .slice(first, first + MOST_ROWS)
        .map((token) => [
          token,
          quoted(recording.tokens[token]),
          places.x[token],
          places.y[token],
          matching.has(token) ? "yes" : "no",
        ]),
      total: places.sample.length,
    };
  };
  return { draw, table };
}

export default defineView("rw-projection", create);
