import { inkOf } from "./canvas.ts";
import { offer } from "./picture_buttons.ts";
import { SvgContext } from "./svg_context.ts";
import { browserMeasures } from "./svg_measures.ts";
import { attributes, fontAttributes, xmlText } from "./svg_text.ts";
import { type Drawn, vectorPictures } from "./vectors.ts";

const PADDING = 14;
const TITLE_HEIGHT = 26;
const LEGEND_HEIGHT = 24;
const LEGEND_GAP = 30;
const BAR = { width: 150, height: 12 };

/** Gives the views of the page what makes vector pictures. */
export function provideVectorPictures(): void {
  vectorPictures.provide({
    context: (width, height) => new SvgContext(width, height, browserMeasures()),
    composed,
    offer,
    pixels,
  });
}

/** The view's title, its colour bars and its canvases, as one SVG document. */
function composed(root: HTMLElement, drawn: Drawn): string | null {
  const canvases = [...root.querySelectorAll("canvas")].filter((canvas) => canvas.clientWidth > 0);
  if (canvases.length === 0) return null;
  const places = canvases.map((canvas) => canvas.getBoundingClientRect());
  const left = Math.min(...places.map((place) => place.left));
  const top = Math.min(...places.map((place) => place.top));
  const width = Math.max(...places.map((place) => place.right)) - left + 2 * PADDING;
  const head = headOf(root, width);
  const body = canvases.map((canvas, index) => {
    const { left: x, top: y, width: across, height: down } = places[index];
    const picture = drawn.get(canvas);
    const inside =
      picture?.markup ??
      `<image ${attributes({ width: across, height: down, href: browserMeasures().address(canvas, null) })}/>`;
    return `<g transform="translate(${x - left + PADDING} ${y - top + head.height})">${inside}</g>`;
  });
  const height = Math.max(...places.map((place) => place.bottom)) - top + head.height + PADDING;
  const { paper } = inkOf(root);
  const ground = `<rect ${attributes({ width: "100%", height: "100%", fill: browserMeasures().colour(paper) })}/>`;
  const title = `<title>${xmlText(root.querySelector(".rw-title")?.textContent ?? "")}</title>`;
  const size = { width: Math.ceil(width), height: Math.ceil(height) };
  const viewBox = `0 0 ${size.width} ${size.height}`;
  const document = attributes({ xmlns: "http://www.w3.org/2000/svg", ...size, viewBox });
  return `<svg ${document}>${title}${ground}${head.markup}${body.join("")}</svg>`;
}

/** The title above and the colour bars below it, in rows as wide as the picture. */
function headOf(root: HTMLElement, width: number): { markup: string; height: number } {
  const ink = inkOf(root);
  const { text: measure, colour } = browserMeasures();
  const parts: string[] = [];
  const write = (text: string, x: number, y: number, font: string, fill: string) => {
    const at = { x, y, fill: colour(fill), ...fontAttributes(font), "xml:space": "preserve" };
    parts.push(`<text ${attributes(at)}>${xmlText(text)}</text>`);
    return measure(font, "alphabetic", text).width;
  };
  let y = PADDING;
  const title = root.querySelector(".rw-title")?.textContent;
  if (title) write(title, PADDING, y + 14, `600 16px ${ink.font}`, ink.text);
  if (title) y += TITLE_HEIGHT;
  let x = PADDING;
  for (const legend of legendsOf(root)) {
    const font = `13px ${ink.font}`;
    const wide = legend.texts.reduce(
      (sum, text) => sum + measure(font, "alphabetic", text).width + 8,
      BAR.width,
    );
    if (x > PADDING && x + wide > width - PADDING) {
      x = PADDING;
      y += LEGEND_HEIGHT;
    }
    const [name, low, ...rest] = legend.texts;
    for (const text of [name, low]) x += write(text, x, y + 15, font, ink.text) + 8;
    const id = `rw-bar-${Math.random().toString(36).slice(2, 9)}`;
    parts.push(bar(id, legend.colours, x, y + 4, colour(ink.edge)));
    x += BAR.width + 8;
    for (const text of rest) x += write(text, x, y + 15, font, ink.text) + 8;
    x += LEGEND_GAP - 8;
  }
  if (x > PADDING) y += LEGEND_HEIGHT;
  return { markup: parts.join(""), height: y + 8 };
}

interface DrawnLegend {
  texts: string[];
  colours: string[];
}

function legendsOf(root: HTMLElement): DrawnLegend[] {
  return [...root.querySelectorAll<HTMLElement>(".rw-legend")].flatMap((legend) => {
    if (legend.offsetParent === null) return [];
    const spans = [...legend.querySelectorAll<HTMLElement>("span")];
    const painted = spans.find((span) => span.style.backgroundImage.includes("gradient"));
    const colours = painted?.style.backgroundImage.match(/rgba?\([^)]*\)|#[0-9a-f]+/gi) ?? [];
    const texts = spans.filter((span) => span !== painted).map((span) => span.textContent ?? "");
    return texts.length >= 2 && colours.length >= 2 ? [{ texts, colours }] : [];
  });
}

function bar(id: string, colours: readonly string[], x: number, y: number, edge: string): string {
  const stops = colours.map(
    (colour, index) =>
      `<stop ${attributes({ offset: index / (colours.length - 1), "stop-color": colour })}/>`,
  );
  const box = { x, y, ...BAR, fill: `url(#${id})`, stroke: edge };
  return `<defs><linearGradient id="${id}">${stops.join("")}</linearGradient></defs><rect ${attributes(box)}/>`;
}

/** An SVG document as pixels. */
async function pixels(picture: string, scale: number): Promise<HTMLCanvasElement> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.naturalWidth * scale);
  canvas.height = Math.round(image.naturalHeight * scale);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}
