import { textOf } from "../shared/brush.ts";
import { BrushForm } from "../shared/brush_form.ts";
import { brushByPointer, tokenOf } from "../shared/brushing.ts";
import { copyText } from "../shared/clipboard.ts";
import { tokenAt } from "../shared/line_layout.ts";
import { selectedText } from "../shared/native_selection.ts";
import { addSpans } from "../shared/new_features.ts";
import { OwnChoices } from "../shared/own_choices.ts";
import { keyAction } from "../shared/text_keys.ts";
import { textTable } from "../shared/text_table.ts";
import { TextView } from "../shared/text_view.ts";
import { tooltipLines } from "../shared/token_facts.ts";
import { type Context, defineView, type Shown } from "../shared/view.ts";

const KEYS =
  "Text. Arrow keys, Page Up, Page Down, Home and End move from token to token; with Shift they mark a stretch, " +
  "with Control and Shift a further one. Enter names what is marked, Control C copies it, Escape clears it. " +
  "Alt with Up or Down goes to another neuron's text.";

function create(context: Context): Shown {
  const { recording, selection, tooltip, signal, schedule, announce } = context;
  const { tokens, joiner } = recording;
  const choices = new OwnChoices(context, ["colour", "arrangement"]);
  const marked = () => textOf(tokens, joiner, view.brush.spans);
  const clear = () => {
    view.brush.clear();
    schedule();
    scroller.focus({ preventScroll: true });
  };
  const form = () =>
    new BrushForm(
      {
        make(name) {
          const told = addSpans(recording, name.trim(), view.brush.spans);
          if (told !== null) return told;
          selection.choose({ feature: name.trim() });
          announce(`Feature ${name.trim()} made of ${view.brush.tokens} tokens, and chosen.`);
          view.mark.ariaPressed = "false";
          clear();
          return null;
        },
        async copy() {
          const done = await copyText(marked());
          const told = done ? "Copied." : "The browser did not allow copying.";
          view.form.tell(told);
          announce(told);
        },
        clear,
      },
      signal,
    );
  const view: TextView = new TextView(context, choices, form);
  const { panel, brush } = view;
  const { scroller } = panel;
  scroller.setAttribute("aria-label", KEYS);

  const neuronOf = (event: Event): number | null => {
    const { neuron } = (event.target as Element).closest<HTMLElement>(".rw-line")?.dataset ?? {};
    return neuron ? Number(neuron) : null;
  };

  brushByPointer(
    {
      panel,
      brush,
      tokenAt(x, y) {
        const place = panel.at(x, y);
        return place && view.lines ? tokenAt(view.lines, place.line, place.column) : null;
      },
      changed: schedule,
      done: () => announce(`${brush.tokens} tokens marked. Press Enter to name them.`),
      chosen(token, event) {
        const { token: before } = selection.choice;
        if (view.isMarking) {
          if (brush.head === null) brush.begin(token, false);
          brush.extend(token);
          announce(`${brush.tokens} tokens marked.`);
        } else if (event.shiftKey && before !== null) {
          brush.begin(before, event.ctrlKey);
          brush.extend(token);
        } else if (event.ctrlKey || event.metaKey) brush.begin(token, true);
        else brush.clear();
        const neuron = neuronOf(event) ?? blockAt(event);
        selection.choose({ token, ...(neuron === null ? {} : { neuron }) });
        schedule();
      },
    },
    signal,
  );

  const blockAt = (event: MouseEvent): number | null => {
    const place = panel.at(event.clientX, event.clientY);
    return place ? (view.blocks[place.block] ?? null) : null;
  };

  scroller.addEventListener(
    "pointermove",
    (event) => {
      const token = tokenOf(event);
      const facts = token === null ? null : view.facts(token, neuronOf(event));
      if (facts) tooltip.show(event, tooltipLines(facts));
      else tooltip.hide();
    },
    { signal },
  );
  scroller.addEventListener("pointerleave", () => tooltip.hide(), { signal });
  scroller.addEventListener("scroll", () => tooltip.hide(), { signal, passive: true });

  const step = (token: number, extend: boolean, keep: boolean) => {
    const from = selection.choice.token ?? 0;
    if (extend) {
      if (brush.head !== from) brush.begin(from, keep);
      brush.extend(token);
    } else if (keep) brush.rest();
    else brush.clear();
    selection.choose({ token });
    view.follow();
    schedule();
  };
  const goToBlock = (steps: number) => {
    const { blocks } = view;
    const at = blocks.indexOf(selection.choice.neuron);
    const neuron = blocks[Math.max(0, Math.min(blocks.length - 1, at + steps))];
    if (neuron !== null && neuron !== undefined) selection.choose({ neuron });
  };
  const leave = () => {
    if (brush.tokens > 0) clear();
    else selection.choose({ token: null });
  };
  const name = () => {
    const { token } = selection.choice;
    if (brush.tokens === 0 && token !== null) brush.begin(token, false);
    if (brush.tokens === 0) return;
    view.showForm();
  };
  const markAll = () => {
    brush.begin(0, false);
    brush.extend(tokens.length - 1);
    schedule();
  };

  scroller.addEventListener(
    "keydown",
    (event) => {
      if (!view.lines || event.target !== scroller) return;
      const action = keyAction(event, selection.choice.token, view.lines, panel.page);
      if (!action) return;
      event.preventDefault();
      event.stopPropagation();
      if (action.kind === "move") step(action.token, action.extend, action.keep);
      else if (action.kind === "block") goToBlock(action.step);
      else if (action.kind === "all") markAll();
      else if (action.kind === "name") name();
      else leave();
    },
    { signal },
  );
  document.addEventListener(
    "copy",
    (event) => {
      const own = selectedText(scroller, tokens, joiner);
      const text = own ?? (document.activeElement === scroller && brush.tokens > 0 ? marked() : null);
      if (text === null) return;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      view.form.tell("Copied.");
    },
    { signal },
  );
  view.mark.addEventListener(
    "click",
    () => {
      view.mark.ariaPressed = String(!view.isMarking);
      announce(view.isMarking ? "Choose the first and the last token of a stretch." : "Marking is off.");
    },
    { signal },
  );
  view.pin.addEventListener(
    "click",
    () => {
      const { neuron } = selection.choice;
      if (neuron !== null) selection.togglePinned(neuron);
    },
    { signal },
  );
  return {
    draw: (scene) => view.draw(scene),
    table: (scene) => textTable(recording, scene),
    svg: (scene) => view.svg(scene),
  };
}

export default defineView("rw-text-highlighter", create);
