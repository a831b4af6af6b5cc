import { type Lines, lineOf, piecesOf, tokenAt } from "./line_layout.ts";

/** What a key does in the text. */
export type KeyAction =
  | { kind: "move"; token: number; extend: boolean; keep: boolean }
  | { kind: "block"; step: -1 | 1 }
  | { kind: "all" | "name" | "leave" };

type Key = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">;

/** What the key means where `token` is chosen and `page` lines are seen at once; null for keys that are not ours. */
export function keyAction(event: Key, token: number | null, lines: Lines, page: number): KeyAction | null {
  const control = event.ctrlKey || event.metaKey;
  if (event.altKey) {
    if (event.key === "ArrowUp") return { kind: "block", step: -1 };
    return event.key === "ArrowDown" ? { kind: "block", step: 1 } : null;
  }
  if (event.key === "Escape") return { kind: "leave" };
  if (event.key === "Enter" && !control) return { kind: "name" };
  if (control && event.key.toLowerCase() === "a") return { kind: "all" };
  const to = goal(event.key, control, token, lines, page);
  // Control with an arrow keeps what is marked; control with Home and End goes to the ends of the text.
  const keep = control && event.key.startsWith("Arrow");
  return to === null ? null : { kind: "move", token: to, extend: event.shiftKey, keep };
}

function goal(
  key: string,
  control: boolean,
  token: number | null,
  lines: Lines,
  page: number,
): number | null {
  const last = lines.measured.tokens.length - 1;
  const at = token ?? 0;
  const line = lineOf(lines, at);
  const column = piecesOf(lines, line).find((piece) => piece.token === at)?.column ?? 0;
  const beside = (steps: number) => {
    const wanted = Math.max(0, Math.min(lines.count - 1, line + steps));
    return tokenAt(lines, wanted, column) ?? at;
  };
  switch (key) {
    case "ArrowLeft":
      return Math.max(0, at - 1);
    case "ArrowRight":
      return token === null ? 0 : Math.min(last, at + 1);
    case "ArrowUp":
      return beside(-1);
    case "ArrowDown":
      return beside(1);
    case "PageUp":
      return beside(-page);
    case "PageDown":
      return beside(page);
    case "Home":
      return control ? 0 : (tokenAt(lines, line, 0) ?? at);
    case "End":
      return control ? last : (tokenAt(lines, line, Number.MAX_SAFE_INTEGER) ?? at);
    default:
      return null;
  }
}
