import type { Theme } from "./colour.ts";
import { atEnd } from "./listen.ts";

/** What hosts write on their pages: first where it is dark, then where it is light. */
const MARKS: readonly (readonly [dark: string, light: string])[] = [
  // JupyterLab, Notebook and voila
  ['body[data-jp-theme-light="false"]', "body[data-jp-theme-light]"],
  // VS Code
  [
    "body:is(.vscode-dark, .vscode-high-contrast:not(.vscode-high-contrast-light))",
    "body:is(.vscode-light, .vscode-high-contrast-light)",
  ],
  // Colab
  ['html[theme="dark"]', 'html[theme="light"]'],
  // marimo
  [
    ':is(html, body):is(.dark, .dark-theme, [data-theme="dark"])',
    ':is(html, body):is(.light, .light-theme, [data-theme="light"])',
  ],
];
const ATTRIBUTES = ["class", "style", "theme", "data-theme", "data-jp-theme-light", "data-vscode-theme-kind"];

const systemIsDark = () => matchMedia("(prefers-color-scheme: dark)");
const hasForcedColours = () => matchMedia("(forced-colors: active)");

/** Dark or light, as the host says, else from what stands behind the element, else from the system's preference. */
export function themeOf(element: HTMLElement): Theme {
  // The system's colours replace those of the host, so the host's word means nothing then.
  if (hasForcedColours().matches) return systemIsDark().matches ? "dark" : "light";
  for (const [dark, light] of MARKS) {
    if (document.querySelector(dark)) return "dark";
    if (document.querySelector(light)) return "light";
  }
  for (let at = above(element); at; at = above(at)) {
    const found = brightness(getComputedStyle(at).backgroundColor);
    if (found !== null) return found < 128 ? "dark" : "light";
  }
  const schemes = getComputedStyle(document.documentElement).colorScheme.split(" ");
  const [isDark, isLight] = ["dark", "light"].map((scheme) => schemes.includes(scheme));
  if (isDark !== isLight) return isDark ? "dark" : "light";
  return systemIsDark().matches ? "dark" : "light";
}

/** Calls back when the host may have changed its theme. */
export function onThemeChange(signal: AbortSignal, changed: () => void): void {
  const observer = new MutationObserver(changed);
  for (const marked of [document.documentElement, document.body]) {
    observer.observe(marked, { attributeFilter: ATTRIBUTES });
  }
  for (const query of [systemIsDark(), hasForcedColours()]) {
    query.addEventListener("change", changed, { signal });
  }
  atEnd(signal, () => observer.disconnect());
}

/** The element around this one, out of a shadow tree too. */
function above(element: Element): Element | null {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

let pixel: OffscreenCanvasRenderingContext2D | null = null;
const known = new Map<string, number | null>();

/** 0..255, or null where one sees through. A canvas reads every notation that CSS has. */
function brightness(colour: string): number | null {
  const found = known.get(colour);
  if (found !== undefined) return found;
  pixel ??= new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (!pixel) return null;
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = colour;
  pixel.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pixel.getImageData(0, 0, 1, 1).data;
  const answer = alpha < 128 ? null : 0.299 * red + 0.587 * green + 0.114 * blue;
  known.set(colour, answer);
  return answer;
}
