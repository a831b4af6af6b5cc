import { PALETTE_NAMES } from "../shared/colour.ts";
import { element, type Option, quoted, setOptions, setText } from "../shared/dom.ts";
import { atEnd } from "../shared/listen.ts";
import { type Answer, addFeature, onAnswer } from "../shared/new_features.ts";
import { write } from "../shared/synced.ts";
import { type Context, defineView, type Scene } from "../shared/view.ts";

const PATIENCE_MS = 5000;
const NO_ANSWER =
  "The kernel does not answer (busy or stopped): a new pattern needs it. Choosing goes on without.";

function labelled(label: string, ...controls: HTMLElement[]): HTMLLabelElement {
  return element("label", { class: "rw-field" }, element("span", {}, label), ...controls);
}

function create({ model, recording, selection, root, signal }: Context) {
  const chooser = (name: "feature" | "signal" | "layer" | "palette", changed: (value: string) => void) => {
    const select = element("select", { class: "rw-select", name });
    select.addEventListener("change", () => changed(select.value), { signal });
    return select;
  };
  const feature = chooser("feature", (value) => selection.choose({ feature: value === "" ? null : value }));
  const kind = chooser("signal", (value) => {
    const layers = layersOf(value);
    const { layer } = selection.choice;
    selection.choose({ signal: value, layer: layers.includes(layer) ? layer : layers[layers.length - 1] });
  });
  const layer = chooser("layer", (value) => selection.choose({ layer: Number(value) }));
  const palette = chooser("palette", (value) => write(model, { palette: value }));
  const colours = labelled("Colours", palette);
  const pattern = element("input", {
    class: "rw-input",
    name: "pattern",
    type: "text",
    maxlength: 1000,
    spellcheck: "false",
    autocomplete: "off",
    placeholder: "regular expression, then Enter",
    title: "Tokens that this regular expression matches as a whole become a feature, for example [A-Z].*",
  });
  const add = element("button", { class: "rw-button", type: "submit" }, "Add");
  const form = element("form", { class: "rw-controls" }, labelled("New feature", pattern), add);
  const answer = element("p", { class: "rw-message", role: "status", hidden: true });
  const chosen = element("p", { class: "rw-readout", "aria-live": "polite" });
  root.prepend(
    element(
      "div",
      { class: "rw-controls" },
      labelled("Feature", feature),
      labelled("Signal", kind),
      labelled("Layer", layer),
      colours,
      form,
    ),
    answer,
    chosen,
  );

  const layersOf = (name: string) =>
    recording.signals.filter((info) => info.signal === name).map((info) => info.layer);
  const say = (text: string) => {
    answer.textContent = text;
    answer.hidden = text === "";
    pattern.setAttribute("aria-invalid", String(text !== ""));
  };

  pattern.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Enter") return;
      // JupyterLab keeps Enter from submitting a form, so the form is not left to the browser.
      event.preventDefault();
      form.requestSubmit();
    },
    { signal },
  );

  let waiting = 0;
  atEnd(signal, () => clearTimeout(waiting));
  form.addEventListener(
    "submit",
    (event) => {
      event.preventDefault();
      if (pattern.value === "") return;
      say("");
      clearTimeout(waiting);
      if (!addFeature(recording, pattern.value)) {
        say(NO_ANSWER);
        return;
      }
      waiting = window.setTimeout(() => say(NO_ANSWER), PATIENCE_MS);
    },
    { signal },
  );
  onAnswer(recording, signal, ({ pattern: asked, added, error }: Answer) => {
    if (asked !== pattern.value) return;
    clearTimeout(waiting);
    say(error ?? "");
    if (added === undefined) return;
    pattern.value = "";
    selection.choose({ feature: added });
  });

  const draw = ({ choice, palette: shownPalette }: Scene) => {
    const named = (name: string): Option => ({ value: name, label: name });
    const features = recording.features.map(({ name }) => named(name));
    setOptions(feature, [{ value: "", label: "none" }, ...features], choice.feature ?? "");
    const signals = [...new Set(recording.signals.map((info) => info.signal))];
    setOptions(
      kind,
      signals.map((name) => ({ value: name, label: name.replaceAll("_", " ") })),
      choice.signal,
    );
    setOptions(
      layer,
      layersOf(choice.signal).map((number) => named(String(number))),
      String(choice.layer),
    );
    setOptions(palette, PALETTE_NAMES, shownPalette);
    colours.hidden = model.get("colours") !== true;
    const neuron = choice.neuron === null ? "no neuron" : `neuron ${choice.neuron}`;
    const token =
      choice.token === null
        ? "no token"
        : `token ${choice.token} ${quoted(recording.tokens[choice.token] ?? "")}`;
    const band = choice.band
      ? `, band ${choice.band[0].toFixed(3)} to ${choice.band[1].toFixed(3)} cycles per token`
      : "";
    setText(chosen, `Selected: ${neuron}, ${token}${band}.`);
  };
  return { draw };
}

export default defineView("rw-toolbar", create);
