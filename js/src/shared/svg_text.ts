const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as it may stand in XML: what XML 1.0 cannot hold (control characters, halves of a pair) becomes U+FFFD. */
export function xmlText(text: string): string {
  return text
    .replace(/[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[&<>"]/g, (sign) => ESCAPES[sign]);
}

/** Attributes of an element, without those that are empty. */
export function attributes(described: Record<string, string | number>): string {
  return Object.entries(described)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}="${xmlText(String(value))}"`)
    .join(" ");
}

/** A colour, as a canvas reports it (#rrggbb or rgba()), as paint and opacity: many programs know no rgba(). */
export function paintAttributes(
  how: "fill" | "stroke",
  colour: string,
  alpha: number,
): Record<string, string | number> {
  const parts = /^rgba?\(([\d.]+)[, ]+([\d.]+)[, ]+([\d.]+)(?:[,/ ]+([\d.]+))?\)$/.exec(colour);
  const opaque = parts ? `rgb(${parts.slice(1, 4).join(",")})` : colour;
  const opacity = alpha * Number(parts?.[4] ?? 1);
  return { [how]: opaque, [`${how}-opacity`]: opacity === 1 ? "" : Math.round(opacity * 1000) / 1000 };
}

/** The parts of a canvas font such as `italic 600 13px "Some Family", serif`. */
export function fontAttributes(font: string): Record<string, string> {
  const parts = /^(?:(italic|oblique)\s+)?(?:(bold|bolder|lighter|normal|\d+)\s+)?([\d.]+)px\s+(.+)$/.exec(
    font,
  );
  if (!parts) return {};
  const [, style = "", weight = "", size, family] = parts;
  return {
    "font-family": /(^|,)\s*(sans-serif|serif|monospace)\s*$/.test(family) ? family : `${family}, sans-serif`,
    "font-size": size,
    "font-weight": weight === "normal" || weight === "400" ? "" : weight,
    "font-style": style,
  };
}
