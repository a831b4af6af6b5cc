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
  if (kernel === "gone") {
    return isMissing
      ? "The kernel has stopped, and had not sent these data yet. Other choices go on."
      : "The kernel has stopped. Choosing goes on; new patterns need it.";
  }
  if (kernel === "silent") {
    return isMissing
      ? "The kernel does not answer (busy or stopped), so these data cannot be shown yet. Other choices go on."
      : "The kernel does not answer (busy or stopped). Choosing goes on; new patterns need it.";
  }
  return kernel === "none" && isMissing ? "These data are not in this page. Other choices go on." : "";
}

/** Calls back when the kernel may have stopped or come back. */
export function onKernelChange(element: HTMLElement, signal: AbortSignal, changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(element, { attributeFilter: ["class"] });
  signal.addEventListener("abort", () => observer.disconnect());
}
