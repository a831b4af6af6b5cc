import { arcPath, type Matrix2d, multiply, numberText, place, sizeOf } from "./svg_geometry.ts";
import { attributes, fontAttributes, paintAttributes, xmlText } from "./svg_text.ts";

/** Width of a text, and how far its alphabetic line lies below the line that `baseline` names, in CSS pixels. */
export interface Measured {
  width: number;
  drop: number;
}

/** What only a browser knows: sizes of text, colours as #rrggbb or rgba(), a canvas as an address. */
export interface Measures {
  text(font: string, baseline: CanvasTextBaseline, text: string): Measured;
  colour(style: string): string;
  address(image: CanvasImageSource, part: readonly [number, number, number, number] | null): string;
}

interface State {
  transform: Matrix2d;
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  lineCap: CanvasLineCap;
  lineJoin: CanvasLineJoin;
  dash: readonly number[];
  lineDashOffset: number;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  imageSmoothingEnabled: boolean;
  clip: string;
}

const START: State = {
  transform: [1, 0, 0, 1, 0, 0],
  fillStyle: "#000000",
  strokeStyle: "#000000",
  lineWidth: 1,
  lineCap: "butt",
  lineJoin: "miter",
  dash: [],
  lineDashOffset: 0,
  globalAlpha: 1,
  font: "10px sans-serif",
  textAlign: "start",
  textBaseline: "alphabetic",
  imageSmoothingEnabled: true,
  clip: "",
};

const ANCHORS: Record<CanvasTextAlign, string> = {
  left: "start",
  start: "start",
  center: "middle",
  right: "end",
  end: "end",
};

let made = 0;

/**
 * The part of CanvasRenderingContext2D that our pictures use, writing SVG: shapes and text stay shapes and text, a
 * drawn canvas becomes an image. What it does not have fails loudly, as a method that is not there.
 */
export class SvgContext {
  #state: State = { ...START };
  #saved: State[] = [];
  #path: string[] = [];
  #pen: readonly [number, number] | null = null;
  #definitions: string[] = [];
  #elements: string[] = [];
  // Names must differ between all pictures that may stand in one document.
  readonly #prefix = `rw${++made}-${Math.random().toString(36).slice(2, 8)}`;

  constructor(
    readonly width: number,
    readonly height: number,
    readonly measures: Measures,
  ) {}

  /** The elements drawn so far, in CSS pixels from the upper left corner. */
  get markup(): string {
    const definitions = this.#definitions.length ? `<defs>${this.#definitions.join("")}</defs>` : "";
    return definitions + this.#elements.join("");
  }

  get fillStyle(): string {
    return this.#state.fillStyle;
  }
  set fillStyle(style: string) {
    this.#state.fillStyle = style;
  }
  get strokeStyle(): string {
    return this.#state.strokeStyle;
  }
  set strokeStyle(style: string) {
    this.#state.strokeStyle = style;
  }
  get lineWidth(): number {
    return this.#state.lineWidth;
  }
  set lineWidth(width: number) {
    this.#state.lineWidth = width;
  }
  get lineCap(): CanvasLineCap {
    return this.#state.lineCap;
  }
  set lineCap(cap: CanvasLineCap) {
    this.#state.lineCap = cap;
  }
  get lineJoin(): CanvasLineJoin {
    return this.#state.lineJoin;
  }
  set lineJoin(join: CanvasLineJoin) {
    this.#state.lineJoin = join;
  }
  get lineDashOffset(): number {
    return this.#state.lineDashOffset;
  }
  set lineDashOffset(offset: number) {
    this.#state.lineDashOffset = offset;
  }
  get globalAlpha(): number {
    return this.#state.globalAlpha;
  }
  set globalAlpha(alpha: number) {
    this.#state.globalAlpha = alpha;
  }
  get font(): string {
    return this.#state.font;
  }
  set font(font: string) {
    this.#state.font = font;
  }
  get textAlign(): CanvasTextAlign {
    return this.#state.textAlign;
  }
  set textAlign(align: CanvasTextAlign) {
    this.#state.textAlign = align;
  }
  get textBaseline(): CanvasTextBaseline {
    return this.#state.textBaseline;
  }
  set textBaseline(baseline: CanvasTextBaseline) {
    this.#state.textBaseline = baseline;
  }
  get imageSmoothingEnabled(): boolean {
    return this.#state.imageSmoothingEnabled;
  }
  set imageSmoothingEnabled(smooth: boolean) {
    this.#state.imageSmoothingEnabled = smooth;
  }

  save(): void {
    this.#saved.push({ ...this.#state });
  }
  restore(): void {
    this.#state = this.#saved.pop() ?? this.#state;
  }

  setLineDash(dash: readonly number[]): void {
    // As on a canvas: an odd list is read twice.
    this.#state.dash = dash.length % 2 ? [...dash, ...dash] : [...dash];
  }
  getLineDash(): number[] {
    return [...this.#state.dash];
  }

  transform(a: number, b: number, c: number, d: number, e: number, f: number): void {
    this.#state.transform = multiply(this.#state.transform, [a, b, c, d, e, f]);
  }
  setTransform(a: number, b: number, c: number, d: number, e: number, f: number): void {
    this.#state.transform = [a, b, c, d, e, f];
  }
  resetTransform(): void {
    this.#state.transform = START.transform;
  }
  translate(x: number, y: number): void {
    this.transform(1, 0, 0, 1, x, y);
  }
  scale(x: number, y: number): void {
    this.transform(x, 0, 0, y, 0, 0);
  }
  rotate(angle: number): void {
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    this.transform(cosine, sine, -sine, cosine, 0, 0);
  }

  beginPath(): void {
    this.#path = [];
    this.#pen = null;
  }
  moveTo(x: number, y: number): void {
    this.#pen = [x, y];
    this.#path.push(`M${this.#at(x, y)}`);
  }
  lineTo(x: number, y: number): void {
    this.#path.push(`${this.#pen ? "L" : "M"}${this.#at(x, y)}`);
    this.#pen = [x, y];
  }
  quadraticCurveTo(controlX: number, controlY: number, x: number, y: number): void {
    if (!this.#pen) this.moveTo(controlX, controlY);
    this.#pen = [x, y];
    this.#path.push(`Q${this.#at(controlX, controlY)} ${this.#at(x, y)}`);
  }
  bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void {
    if (!this.#pen) this.moveTo(x1, y1);
    this.#pen = [x, y];
    this.#path.push(`C${this.#at(x1, y1)} ${this.#at(x2, y2)} ${this.#at(x, y)}`);
  }
  closePath(): void {
    if (this.#pen) this.#path.push("Z");
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.moveTo(x, y);
    this.lineTo(x + width, y);
    this.lineTo(x + width, y + height);
    this.lineTo(x, y + height);
    this.closePath();
    this.moveTo(x, y);
  }
  roundRect(x: number, y: number, width: number, height: number, radius = 0): void {
    const round = Math.max(0, Math.min(radius, width / 2, height / 2));
    this.moveTo(x + round, y);
    for (const [cornerX, cornerY, turn] of [
      [x + width - round, y + round, -Math.PI / 2],
      [x + width - round, y + height - round, 0],
      [x + round, y + height - round, Math.PI / 2],
      [x + round, y + round, Math.PI],
    ]) {
      this.arc(cornerX, cornerY, round, turn, turn + Math.PI / 2);
    }
    this.closePath();
  }
  arc(x: number, y: number, radius: number, start: number, end: number, counterclockwise = false): void {
    const { from, to, curves } = arcPath(x, y, radius, start, end, counterclockwise);
    this.lineTo(...from);
    for (const curve of curves) this.bezierCurveTo(...curve);
    this.#pen = to;
  }

  fill(rule: CanvasFillRule = "nonzero"): void {
    this.#paintPath("fill", rule === "evenodd" ? { "fill-rule": "evenodd" } : {});
  }
  stroke(): void {
    this.#paintPath("stroke", {});
  }
  clip(rule: CanvasFillRule = "nonzero"): void {
    const name = `${this.#prefix}-${this.#definitions.length}`;
    const within = this.#state.clip;
    const path = `<path ${attributes({ d: this.#path.join(""), "clip-rule": rule === "evenodd" ? rule : "" })}/>`;
    this.#definitions.push(
      `<clipPath ${attributes({ id: name, "clip-path": within && `url(#${within})` })}>${path}</clipPath>`,
    );
    this.#state.clip = name;
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#aside(() => {
      this.rect(x, y, width, height);
      this.fill();
    });
  }
  strokeRect(x: number, y: number, width: number, height: number): void {
    this.#aside(() => {
      this.rect(x, y, width, height);
      this.stroke();
    });
  }
  /** Forgets all that was drawn where the rectangle holds the whole picture; SVG can take back nothing less. */
  clearRect(x: number, y: number, width: number, height: number): void {
    const [left, top] = place(this.#state.transform, x, y);
    const [right, bottom] = place(this.#state.transform, x + width, y + height);
    if (left <= 0 && top <= 0 && right >= this.width && bottom >= this.height) this.#elements = [];
  }

  measureText(text: string): { width: number } {
    const { font, textBaseline } = this.#state;
    return { width: this.measures.text(font, textBaseline, text).width };
  }
  fillText(text: string, x: number, y: number): void {
    this.#write(text, x, y, "fill");
  }
  strokeText(text: string, x: number, y: number): void {
    this.#write(text, x, y, "stroke");
  }

  drawImage(image: CanvasImageSource, ...at: number[]): void {
    const { width, height } = image as HTMLCanvasElement;
    const part = at.length === 8 ? ([at[0], at[1], at[2], at[3]] as const) : null;
    const [left, top, right = width, bottom = height] = part ? at.slice(4) : at;
    if (!(right > 0) || !(bottom > 0)) return;
    const box = { x: left, y: top, width: right, height: bottom, preserveAspectRatio: "none" };
    this.#add("image", {
      ...box,
      transform: this.#matrix(),
      opacity: this.#state.globalAlpha === 1 ? "" : this.#state.globalAlpha,
      style: this.#state.imageSmoothingEnabled ? "" : "image-rendering:pixelated",
      href: this.measures.address(image, part),
    });
  }

  #at(x: number, y: number): string {
    const [left, top] = place(this.#state.transform, x, y);
    return `${numberText(left)} ${numberText(top)}`;
  }

  #matrix(): string {
    const { transform } = this.#state;
    return transform.every((part, index) => part === START.transform[index])
      ? ""
      : `matrix(${transform.map(numberText).join(" ")})`;
  }

  /** Draws a path of its own and leaves the one being made as it is. */
  #aside(draw: () => void): void {
    const [path, pen] = [this.#path, this.#pen];
    this.beginPath();
    draw();
    [this.#path, this.#pen] = [path, pen];
  }

  #paintPath(how: "fill" | "stroke", more: Record<string, string>): void {
    if (this.#path.length === 0) return;
    this.#add("path", {
      d: this.#path.join(""),
      ...this.#paint(how, sizeOf(this.#state.transform)),
      ...more,
    });
  }

  #paint(how: "fill" | "stroke", size: number): Record<string, string | number> {
    const state = this.#state;
    const style = this.measures.colour(how === "fill" ? state.fillStyle : state.strokeStyle);
    const painted = paintAttributes(how, style, state.globalAlpha);
    if (how === "fill") return painted;
    return {
      ...painted,
      fill: "none",
      "stroke-width": numberText(state.lineWidth * size),
      "stroke-linecap": state.lineCap === "butt" ? "" : state.lineCap,
      "stroke-linejoin": state.lineJoin === "miter" ? "" : state.lineJoin,
      "stroke-dasharray": state.dash.map((part) => numberText(part * size)).join(" "),
      "stroke-dashoffset": state.lineDashOffset ? numberText(state.lineDashOffset * size) : "",
    };
  }

  #write(text: string, x: number, y: number, how: "fill" | "stroke"): void {
    const { font, textAlign, textBaseline } = this.#state;
    const { drop } = this.measures.text(font, textBaseline, text);
    const anchor = ANCHORS[textAlign];
    this.#add(
      "text",
      {
        x: numberText(x),
        y: numberText(y + drop),
        transform: this.#matrix(),
        "text-anchor": anchor === "start" ? "" : anchor,
        ...fontAttributes(font),
        ...this.#paint(how, 1),
        "xml:space": "preserve",
      },
      xmlText(text),
    );
  }

  #add(tag: string, described: Record<string, string | number>, inside = ""): void {
    const clip = this.#state.clip;
    const one = `<${tag} ${attributes(described)}${inside ? `>${inside}</${tag}>` : "/>"}`;
    this.#elements.push(clip ? `<g clip-path="url(#${clip})">${one}</g>` : one);
  }
}
