import { shownParts } from "./signs.ts";

/** The exact characters of what the browser's own selection holds of the text, or null where it holds other things. */
export function selectedText(within: HTMLElement, tokens: readonly string[], joiner: string): string | null {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!within.contains(range.startContainer) || !within.contains(range.endContainer)) return null;
  const spans = [...within.querySelectorAll<HTMLElement>("[data-token]")].filter((span) =>
    range.intersectsNode(span),
  );
  if (spans.length === 0) return null;
  const indices = spans.map((span) => Number(span.dataset.token));
  const [first, last] = [Math.min(...indices), Math.max(...indices)];
  const [from, to] = [cut(range, "start", spans, tokens), cut(range, "end", spans, tokens)];
  if (first === last) return tokens[first].slice(from ?? 0, to ?? undefined);
  const whole = tokens.slice(first, last + 1);
  whole[0] = whole[0].slice(from ?? 0);
  whole[whole.length - 1] = whole[whole.length - 1].slice(0, to ?? undefined);
  return whole.join(joiner);
}

/** Where the selection cuts the token at its end; null where it takes all of it, or cuts a sign. */
function cut(
  range: Range,
  side: "start" | "end",
  spans: readonly HTMLElement[],
  tokens: readonly string[],
): number | null {
  const node = side === "start" ? range.startContainer : range.endContainer;
  const offset = side === "start" ? range.startOffset : range.endOffset;
  const span = spans.find((candidate) => candidate.contains(node));
  if (!span || node.nodeType !== Node.TEXT_NODE) return null;
  const token = tokens[Number(span.dataset.token)];
  const shownAsIs = shownParts(token).every(({ of }) => of === null) && span.textContent === token;
  return shownAsIs ? offset : null;
}
