import { atEnd } from "./listen.ts";

/** `silent` while it owes an answer, `none` in a page that never had one. */
export type Kernel = "there" | "silent" | "gone" | "none";

// Jupyter's widget library marks the element of a widget whose kernel no longer answers.
const GONE = "jupyter-widgets-disconnected";

/** The kernel of the page in which the element stands; `isSilent` asks it, where there may be one. */
export function kernelOf(element: HTMLElement, isSilent: () => boolean): Kernel {
  if (document.body.dataset.kernel === "none") return "none";
  if (element.closest(`.${GONE}`)) return "gone";
  return isSilent() ? "silent" : "there";
}

/** What a view says of a kernel that is not there; empty where there is nothing to say. */
export function noticeOf(kernel: Kernel, isMissing: boolean): string {
  const others = "Other choices go on.";
  if (kernel === "none" && isMissing) return `These data are not in this page. ${others}`;
  if (kernel === "there" || kernel === "none") return "";
  const [state, missing] =
    kernel === "gone"
      ? ["has stopped", "and had not sent these data yet"]
      : ["does not answer (busy or stopped)", "so these data cannot be shown yet"];
  return isMissing
    ? `The kernel ${state}, ${missing}. ${others}`
    : `The kernel ${state}. Choosing goes on; new patterns need it.`;
}

/** Calls back when the kernel may have stopped or come back. */
export function onKernelChange(element: HTMLElement, signal: AbortSignal, changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(element, { attributeFilter: ["class"] });
  atEnd(signal, () => observer.disconnect());
}
