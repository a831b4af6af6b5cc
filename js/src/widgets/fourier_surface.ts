import { fitCanvas, Picture } from "../shared/canvas.ts";
import { lutFor } from "../shared/colour.ts";
import { element, setAttribute, setText } from "../shared/dom.ts";
import { Kept } from "../shared/kept.ts";
import { Legend, signalLabel } from "../shared/legend.ts";
import { OwnChoices } from "../shared/own_choices.ts";
import { proposals, rhythmic, withNeighbours } from "../shared/proposals.ts";
import type { Groups } from "../shared/rows.ts";
import { makeSolid } from "../shared/solids.ts";
import { PeakChoice } from "../shared/spectrum_choice.ts";
import { ContentMaker, type SpectrumContent } from "../shared/spectrum_content.ts";
import { BandFields } from "../shared/spectrum_fields.ts";
import { BandHandles } from "../shared/spectrum_handles.ts";
import { type Marks, SpectrumPicture } from "../shared/spectrum_picture.ts";
import { DECADES } from "../shared/spectrum_scale.ts";
import { type Spectra, SpectrumSource } from "../shared/spectrum_source.ts";
import { spectrumTable } from "../shared/spectrum_table.ts";
import { cellLines, spokenPicture } from "../shared/spectrum_words.ts";
import { SurfaceInput } from "../shared/surface_input.ts";
import { PeakList } from "../shared/surface_list.ts";
import { Motion } from "../shared/surface_motion.ts";
import { SurfaceStatus } from "../shared/surface_status.ts";
import type { Peak } from "../shared/types.ts";
import { type Context, defineView, type Scene } from "../shared/view.ts";
import { WatchedWidth } from "../shared/watched_width.ts";

const LISTED = 5;

function create(context: Context) {
  const { model, recording, selection, root, tooltip, signal, announce, schedule } = context;
  const choices = new OwnChoices(context, ["mode", "amplitude", "rows"]);
  const { shown } = choices;
  const mode = choices.control("mode", "View", [
    { value: "2d", label: "flat" },
    { value: "3d", label: "3-D" },
  ]);
  const rows = choices.control("rows", "Neurons", [
    { value: "feature", label: "proposed for the feature" },
    { value: "band", label: "strongest in the band" },
    { value: "all", label: "all" },
  ]);
  const scale = choices.control("amplitude", "Scale", [
    { value: "linear", label: "linear" },
    { value: "log", label: "log" },
  ]);
  const title = element("h3", { class: "rw-title" });
  const legend = new Legend();
  const canvas = element("canvas", { class: "rw-canvas", tabindex: 0, role: "img" });
  const flat = new SpectrumPicture(canvas);
  const width = new WatchedWidth(canvas, signal, schedule);
  const motion = new Motion(signal, schedule);
  const solid = makeSolid(canvas, fitCanvas, signal, schedule);
  const choice = new PeakChoice(selection, announce);
  const fields = new BandFields(signal, (band) => choice.band(band));
  const list = new PeakList(choice, signal);
  const status = new SurfaceStatus();
  const source = new SpectrumSource(recording);
  const maker = new ContentMaker();
  const everyNeuron = new Kept<Groups>();
  const onCanvas = new Picture();
  let content: SpectrumContent | null = null;
  let own: Peak | null = null;
  let isSolid = false;

  const input = new SurfaceInput(canvas, flat, solid, signal, {
    neuron: (neuron) => {
      selection.choose({ neuron });
      announce(`Neuron ${neuron}`);
    },
    peak: (peak) => choice.toggle(peak),
    band: (band) => choice.band(band),
    ownPeak: () => own && choice.toggle(own),
    hover: (event, cell) => {
      if (cell && content) tooltip.show(event, cellLines(content, cell.neuron, cell.bin));
      else tooltip.hide();
    },
    turned: () => {
      motion.moved();
      schedule();
    },
    changed: schedule,
  });
  const handles = new BandHandles(
    flat,
    signal,
    (band) => {
      input.dragged = band ?? [0, 0.5];
      schedule();
    },
    (band) => {
      input.dragged = null;
      choice.band(band);
    },
  );
  const zoom = zoomButtons(input, signal);
  root.prepend(
    element("div", { class: "rw-header" }, title, legend.node),
    element("div", { class: "rw-controls rw-spaced" }, mode, rows, scale, fields.node, zoom.node),
    status.node,
    element(
      "div",
      { class: "rw-beside" },
      element("div", { class: "rw-plot" }, canvas, ...handles.nodes),
      list.node,
    ),
  );

  const proposedIn = (now: Scene): { neurons: readonly number[]; groups: Groups } => {
    const [top, radius] = [model.get("top") as number, model.get("radius") as number];
    if (!now.limit && shown.rows === "band") {
      const neurons = rhythmic(recording, now, top);
      return { neurons, groups: withNeighbours(neurons, now, radius) };
    }
    const { neurons, groups } = proposals(recording, now, top, radius);
    if (now.limit || shown.rows === "feature") return { neurons, groups };
    const count = now.info.neurons;
    const all = everyNeuron.of([count], () => [Array.from({ length: count }, (_, neuron) => neuron)]);
    return { neurons, groups: all };
  };

  /** Strongest peaks, and that of the chosen neuron. */
  const peaksOf = (now: Scene, spectra: Spectra): { found: Peak[]; own: Peak | null } => {
    const { signal: name, layer } = now.info;
    const { neuron, band } = now.choice;
    const found = recording.strongest(name, layer, band, LISTED, now.limit);
    if (neuron === null || neuron >= spectra.neurons) return { found, own: null };
    const known = found.find((peak) => peak.neuron === neuron);
    return { found, own: known ?? recording.strongest(name, layer, band, 1, [neuron])[0] ?? null };
  };

  const picture = (now: Scene, shape: SpectrumContent, marks: Marks) => {
    const { turn, view } = input;
    const { peaks, proposed, band, width, height } = marks;
    const { neuron } = now.choice;
    const is3d = shown.mode === "3d";
    const way = is3d
      ? [motion.isMoving, solid.isLost, turn.yaw, turn.pitch, proposed.join()]
      : [view.start, view.stop];
    const marked = [neuron, JSON.stringify([band, peaks])];
    // Graphics that were not there are asked for with every picture.
    const missed = is3d && !isSolid ? {} : null;
    onCanvas.draw([shape, is3d, ...way, ...marked, width, height, now.ink, now.palette, missed], () => {
      isSolid = is3d && solid.draw(shape, now, marks, turn, motion.isMoving);
      if (!isSolid) flat.draw(shape, now, marks, view);
    });
    input.shown = { content: shape, isSolid, chosen: neuron };
  };

  const draw = (actual: Scene) => {
    const { info } = actual;
    const band = input.dragged ?? actual.choice.band;
    const now: Scene = { ...actual, choice: { ...actual.choice, band } };
    const { neuron } = now.choice;
    setText(title, `Fourier amplitude spectra of ${signalLabel(info.signal, info.layer)}`);
    rows.hidden = now.limit !== null;
    const tokens = recording.tokens.length;
    fields.update(band, tokens);
    const spectra = source.of(info);
    status.progress(spectra, info);
    if (!spectra) return;
    choice.spectra = spectra;
    const peaks = peaksOf(now, spectra);
    own = peaks.own;
    const before = content;
    const { neurons: proposed, groups } = proposedIn(now);
    content = maker.of(spectra, groups, shown.amplitude === "log");
    const { rowOf, scale: amplitudes } = content;
    const marked = [...peaks.found.filter((peak) => peak !== own), ...(own ? [own] : [])];
    const marks: Marks = {
      peaks: marked.filter((peak) => rowOf(peak.neuron) >= 0),
      proposed,
      band,
      width: width.now,
      height: model.get("height") as number,
    };
    if (content !== before || shown.mode !== root.dataset.mode) motion.moved();
    input.focus = own && own.frequency * tokens + 0.5;
    const least = amplitudes.isLog ? amplitudes.most / 10 ** DECADES : 0;
    legend.update("Amplitude |F|", lutFor(false, now), least, amplitudes.most);
    picture(now, content, marks);
    motion.drawn();
    status.graphics(shown.mode === "3d" && !isSolid, solid.isLost);
    handles.update(band, tokens, !isSolid);
    zoom.update(!isSolid, input.isZoomed);
    canvas.classList.toggle("rw-turns", isSolid);
    setAttribute(canvas, "aria-label", spokenPicture(content, own, isSolid));
    list.update(peaks.found, band, neuron, tokens, (peak) => spectra.exact(peak.neuron) !== null);
    tell(content, peaks.found);
  };

  /** What browser tests read. */
  const told = new Kept<void>();
  const tell = (now: SpectrumContent, found: readonly Peak[]) => {
    const { box, layout, view } = flat;
    const say = (name: string, value: string | number) => setAttribute(root, `data-${name}`, value);
    say("mode", shown.mode);
    say("band", selectionBand());
    say("detail", isSolid ? solid.detail.join("x") : "");
    say("done", now.spectra.done);
    say("marks", JSON.stringify((isSolid ? solid : flat).places));
    told.of([now, found, layout, isSolid, box.left, box.width, view.start, view.stop], () => {
      say("peaks", JSON.stringify(found));
      say("rows", JSON.stringify(now.rows));
      const centres = Array.from(layout.tops.subarray(0, 400), (top) => box.top + top + layout.rowHeight / 2);
      say("geometry", isSolid ? "" : JSON.stringify({ ...box, centres }));
      say("view", JSON.stringify([view.start, view.stop]));
    });
  };
  const selectionBand = () => {
    const band = input.dragged ?? selection.choice.band;
    return band ? JSON.stringify(band) : "";
  };

  return {
    draw,
    table: (now: Scene) => {
      const spectra = source.of(now.info);
      return spectra && spectrumTable(spectra, peaksOf(now, spectra).found, now);
    },
  };
}

/** Buttons that zoom the flat picture along the frequencies. */
function zoomButtons(input: SurfaceInput, signal: AbortSignal) {
  const button = (text: string, title: string, clicked: () => void) => {
    const made = element("button", { class: "rw-button", type: "button", title, "aria-label": title }, text);
    made.addEventListener("click", clicked, { signal });
    return made;
  };
  const farther = button("\u2212", "Zoom out (key \u2212)", () => input.zoom(1 / 2));
  const closer = button("+", "Zoom in (key +, or Ctrl and wheel)", () => input.zoom(2));
  const all = button("Show all", "Show all (key 0)", () => input.showAll());
  const node = element("span", { class: "rw-field" }, element("span", {}, "Zoom"), farther, closer, all);
  return {
    node,
    update(isShown: boolean, isZoomed: boolean) {
      node.hidden = !isShown;
      farther.disabled = !isZoomed;
      all.disabled = !isZoomed;
    },
  };
}

export default defineView("rw-fourier-surface", create);
