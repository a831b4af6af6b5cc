import type { Theme } from "./colour.ts";

function brightness(colour: string): number | null {
  const numbers = colour.match(/[\d.]+/g)?.map(Number);
  if (!numbers || numbers.length < 3 || numbers[3] === 0) return null;
  return 0.299 * numbers[0] + 0.587 * numbers[1] + 0.114 * numbers[2];
}

/** Dark or light, from the background that stands behind the element, else from the system's preference. */
export function themeOf(element: HTMLElement): Theme {
  const { jpThemeLight } = document.body.dataset;
  if (jpThemeLight !== undefined) return jpThemeLight === "false" ? "dark" : "light";
  for (let at: HTMLElement | null = element.parentElement; at; at = at.parentElement) {
    const found = brightness(getComputedStyle(at).backgroundColor);
    if (found !== null) return found < 128 ? "dark" : "light";
  }
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Calls back when the host may have changed its theme. */
export function onThemeChange(signal: AbortSignal, changed: () => void): void {
  const observer = new MutationObserver(changed);
  const filter = {
    attributeFilter: ["class", "style", "data-jp-theme-light", "data-jp-theme-name", "data-theme"],
  };
  observer.observe(document.documentElement, filter);
  observer.observe(document.body, filter);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed, { signal });
  signal.addEventListener("abort", () => observer.disconnect());
}
