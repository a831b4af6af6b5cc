/** Has something done when the signal ends what it is given to. */
export function atEnd(signal: AbortSignal, act: () => void): void {
  signal.addEventListener("abort", act);
}

/** Has an element's event handled until the signal. */
export function listen<Name extends keyof HTMLElementEventMap>(
  node: HTMLElement,
  name: Name,
  signal: AbortSignal,
  act: (event: HTMLElementEventMap[Name]) => void,
): void {
  // Not passive: what a wheel or a key does to the picture, it must not do to the page.
  node.addEventListener(name, act, { signal, passive: false });
}
