const NAMED = new Map([
  ["\n", { sign: "\u00b6", name: "newline" }],
  ["\t", { sign: "\u21e5", name: "tab" }],
  [" ", { sign: "\u2423", name: "space" }],
  ["\u00a0", { sign: "\u237d", name: "no-break space" }],
]);
// Control and format characters, halves of a pair, line and paragraph separators. The joiners U+200C and U+200D and
// the tags of flags are not among them: with their neighbours they make one visible sign.
const UNSEEN =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00a0\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/u;
const PLAIN = /^[!-~]+$/;
const EMPTY = "\u2205";
const DOTTED_CIRCLE = "\u25cc";

/** A part of a token as it is shown: its own characters, or a sign in place of one that would not be seen. */
export interface ShownPart {
  text: string;
  /** The character that the sign stands for, "" for a token without any; null where the text is its own. */
  of: string | null;
}

function signFor(character: string): string {
  const known = NAMED.get(character);
  if (known) return known.sign;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 2 ? `\\u${hex.padStart(4, "0")}` : `\\x${hex.padStart(2, "0")}`;
}

/**
 * A token as it is shown: a newline as a pilcrow, a tab as an arrow, spaces that end a token as open boxes, other unseen
 * characters in hexadecimal, no character at all as an empty set. A mark without its letter stands on a dotted circle.
 */
export function shownParts(token: string): ShownPart[] {
  if (PLAIN.test(token)) return [{ text: token, of: null }];
  if (token === "") return [{ text: EMPTY, of: "" }];
  const tail = token.search(/\s+$/);
  const parts: ShownPart[] = [];
  let at = 0;
  for (const character of token) {
    const last = parts.at(-1);
    if (UNSEEN.test(character) || (character === " " && tail >= 0 && at >= tail)) {
      parts.push({ text: signFor(character), of: character });
    } else if (last && last.of === null) last.text += character;
    else if (/^[\p{M}\u200c\u200d]/u.test(character))
      parts.push({ text: DOTTED_CIRCLE + character, of: null });
    else parts.push({ text: character, of: null });
    at += character.length;
  }
  return parts;
}

/** A token as it is shown, in one piece. */
export function visible(token: string): string {
  return shownParts(token)
    .map(({ text }) => text)
    .join("");
}

/** A token between quotation marks, for labels. */
export function quoted(token: string): string {
  return `\u201c${visible(token)}\u201d`;
}

/** What the signs in a token mean, such as "newline"; "" for a token that shows itself. */
export function signNames(token: string): string {
  if (token === "") return "no characters";
  const named = shownParts(token).flatMap(({ of }) => (of ? [NAMED.get(of)?.name ?? "control"] : []));
  const counted = new Map<string, number>();
  for (const name of named) counted.set(name, (counted.get(name) ?? 0) + 1);
  return [...counted].map(([name, count]) => (count > 1 ? `${count} ${name}s` : name)).join(", ");
}
