import { type Ink, inkOf } from "./canvas.ts";
import type { Theme } from "./colour.ts";
import { element, setAttribute, setText, Tooltip } from "./dom.ts";
import { kernelOf, noticeOf, onKernelChange } from "./kernel.ts";
import { atEnd } from "./listen.ts";
import { providedOrNot } from "./provided.ts";
import { Recording } from "./recording.ts";
import { offerPicture } from "./save_picture.ts";
import { type Choice, Selection } from "./selection.ts";
import { follow } from "./synced.ts";
import { DataTable, type TableContent } from "./table.ts";
import { onThemeChange, themeOf } from "./theme.ts";
import type { Host, Model, RenderProps, SignalInfo } from "./types.ts";

export type { TableContent };

/** What a view needs; everything in it ends with `signal`. */
export interface Context {
  model: Model;
  host: Host;
  recording: Recording;
  selection: Selection;
  root: HTMLElement;
  tooltip: Tooltip;
  /** Buttons that every view may have stand here, at its foot. */
  tools: HTMLElement;
  signal: AbortSignal;
  /** Tells a screen reader, when it has time. */
  announce(text: string): void;
  /** Asks for a new picture in the next frame, however often it is called before. */
  schedule(): void;
}

/** What is chosen, as far as this recording has it. */
export interface Scene {
  choice: Choice;
  info: SignalInfo;
  theme: Theme;
  ink: Ink;
  palette: string;
  /** The neurons of this layer that the view is limited to, or null. */
  limit: readonly number[] | null;
}

/** What a view can do, beside what all of them do. */
export interface Shown {
  /** Called at most once a frame, after anything that the view shows has changed. */
  draw(scene: Scene): void;
  table?(scene: Scene): TableContent | null;
  /** The picture as an SVG document. */
  svg?(scene: Scene): string | null;
}

/** An anywidget module whose view is drawn anew, at most once a frame, after anything that it shows has changed. */
export function defineView(className: string, create: (context: Context) => Shown) {
  return {
    render({ model, el, host, signal }: RenderProps) {
      let current = new AbortController();
      const mount = () => {
        current.abort();
        current = new AbortController();
        const mounted = AbortSignal.any([signal, current.signal]);
        connect(model, host).then(
          (found) => {
            if (!mounted.aborted) show(className, create, model, el, host, mounted, found);
          },
          (error: unknown) => {
            if (!mounted.aborted) apologise(className, el, mounted);
            console.error(error);
          },
        );
      };
      follow(model, "change:selection", signal, mount);
      mount();
    },
  };
}

type Connected = { recording: Model; selection: Model; reference: string };

async function connect(model: Model, host: Host): Promise<Connected> {
  const reference = model.get("recording") as string;
  const [recording, selection] = await Promise.all([
    host.getModel(reference),
    host.getModel(model.get("selection") as string),
    providedOrNot(),
  ]);
  return { recording, selection, reference };
}

/** What stands in a view's place where it cannot be shown; the error itself goes to the console. */
function apologise(className: string, el: HTMLElement, signal: AbortSignal): void {
  const text =
    "This view cannot be shown: its recording or its selection was closed or is not in this page. Run the cell again.";
  const root = element(
    "section",
    { class: `rw-view ${className}`, "data-failed": "true" },
    element("div", { class: "rw-notice", role: "status" }, text),
  );
  el.replaceChildren(root);
  root.dataset.theme = themeOf(root);
  atEnd(signal, () => root.remove());
}

function show(
  className: string,
  create: (context: Context) => Shown,
  model: Model,
  el: HTMLElement,
  host: Host,
  signal: AbortSignal,
  found: Connected,
): void {
  const notice = element("div", { class: "rw-notice", role: "status", hidden: true });
  const spoken = element("div", { class: "rw-spoken", role: "status", "aria-live": "polite" });
  const tools = element("div", { class: "rw-tools" });
  const name = className.replace("rw-", "").replaceAll("-", " ");
  const root = element(
    "section",
    { class: `rw-view ${className}`, role: "group", "aria-label": name },
    tools,
    notice,
    spoken,
  );
  el.replaceChildren(root);
  atEnd(signal, () => root.remove());

  let frame = 0;
  let quiet = 0;
  const schedule = () => {
    if (frame) return;
    frame = requestAnimationFrame(picture);
    recording.askInFrame();
  };
  const recording = new Recording(found.recording, found.reference, signal, schedule);
  const selection = new Selection(found.selection, signal, schedule);
  const tooltip = new Tooltip(root);
  const announce = (text: string) => {
    setText(spoken, text);
  };
  const context = { model, host, recording, selection, root, tooltip, tools, signal, announce, schedule };
  const shown = create(context);
  const table = shown.table ? new DataTable(signal, schedule) : null;
  if (table) {
    tools.append(table.button);
    tools.after(table.node);
  }
  let drawn: Scene | null = null;
  offerPicture(context, shown, () => drawn);

  const say = (text: string) => {
    setText(notice, text);
    notice.hidden = text === "";
  };

  // Colours and font are read when they may have changed and when there is time: each reading lays the page out.
  let ink: Ink | null = null;
  const look = (): Ink => {
    setAttribute(root, "data-theme", themeOf(root));
    const read = inkOf(root);
    return ink && JSON.stringify(ink) === JSON.stringify(read) ? ink : read;
  };

  const picture = () => {
    frame = 0;
    if (signal.aborted) return;
    const choice = selection.choice;
    const info = recording.signalInfo(choice.signal, choice.layer);
    ink ??= look();
    for (const name of ["neuron", "feature", "signal", "layer", "token"] as const)
      setAttribute(root, `data-${name}`, choice[name] ?? "");
    if (!info) {
      say(`This recording has no ${choice.signal} of layer ${choice.layer}.`);
      return;
    }
    recording.startPicture();
    const limit = model.get("limit") as number[] | null;
    const scene: Scene = {
      choice,
      info,
      theme: root.dataset.theme as Theme,
      ink,
      palette: model.get("palette") as string,
      limit: limit?.filter((neuron) => neuron < info.neurons) ?? null,
    };
    shown.draw(scene);
    drawn = scene;
    if (table?.isOpen) table.update(shown.table?.(scene) ?? null);
    const isMissing = recording.missing.size > 0;
    setAttribute(root, "aria-busy", isMissing);
    const kernel = kernelOf(el, () => recording.isKernelSilent());
    setAttribute(root, "data-kernel", kernel);
    say(noticeOf(kernel, isMissing));
    clearTimeout(quiet);
    quiet = window.setTimeout(() => {
      const seen = look();
      if (seen !== ink) schedule();
      ink = seen;
      if (!isMissing) setAttribute(root, "data-complete", recording.prefetch());
    }, 300);
  };

  onThemeChange(signal, () => {
    ink = null;
    schedule();
  });
  onKernelChange(el, signal, schedule);
  // A canvas is drawn in device pixels, so a change of size, of tab or of zoom asks for a new picture.
  const resized = new ResizeObserver(schedule);
  resized.observe(root);
  window.addEventListener("resize", schedule, { signal });
  follow(model, "change", signal, schedule);
  atEnd(signal, () => {
    resized.disconnect();
    cancelAnimationFrame(frame);
    clearTimeout(quiet);
  });
  schedule();
}
