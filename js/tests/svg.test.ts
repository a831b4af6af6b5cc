import { describe, expect, it } from "vitest";
import { type Measures, SvgContext } from "../src/shared/svg_context.ts";
import { arcPath } from "../src/shared/svg_geometry.ts";
import { xmlText } from "../src/shared/svg_text.ts";

const measures: Measures = {
  text: (font, baseline, text) => ({
    width: text.length * Number.parseFloat(font),
    drop: baseline === "top" ? 9 : 0,
  }),
  colour: (style) => style,
  address: (_, part) => `data:image/png;base64,${part ? part.join("-") : "whole"}`,
};

function drawn(draw: (context: SvgContext) => void): string {
  const context = new SvgContext(100, 50, measures);
  draw(context);
  return context.markup;
}

describe("a context that writes SVG", () => {
  it("draws shapes where the transform puts them, with lines as thick as it makes them", () => {
    const markup = drawn((context) => {
      context.translate(10, 20);
      context.scale(2, 2);
      context.lineWidth = 1.5;
      context.setLineDash([7, 5]);
      context.strokeStyle = "#123456";
      context.beginPath();
      context.moveTo(1, 2);
      context.lineTo(3, 4);
      context.stroke();
    });
    expect(markup).toBe(
      '<path d="M12 24L16 28" stroke="#123456" fill="none" stroke-width="3" stroke-dasharray="14 10"/>',
    );
  });

  it("turns text about its place, and puts it on the line that the baseline names", () => {
    const markup = drawn((context) => {
      context.translate(30, 40);
      context.rotate(-Math.PI / 2);
      context.font = "bold 13px Inter, system-ui";
      context.textAlign = "center";
      context.textBaseline = "top";
      context.fillText("Neuron <7> & more", 0, 0);
    });
    expect(markup).toContain('transform="matrix(0 -1 1 0 30 40)" text-anchor="middle"');
    expect(markup).toContain('y="9" ');
    expect(markup).toContain('font-family="Inter, system-ui, sans-serif" font-size="13" font-weight="bold"');
    expect(markup).toContain(">Neuron &lt;7&gt; &amp; more</text>");
  });

  it("restores what was saved, and keeps a path that a rectangle interrupts", () => {
    const markup = drawn((context) => {
      context.moveTo(0, 0);
      context.save();
      context.globalAlpha = 0.5;
      context.fillStyle = "rgba(1, 2, 3, 0.5)";
      context.fillRect(1, 1, 2, 3);
      context.restore();
      context.lineTo(5, 5);
      context.stroke();
    });
    expect(markup).toContain('d="M1 1L3 1L3 4L1 4ZM1 1" fill="rgb(1,2,3)" fill-opacity="0.25"');
    expect(markup).toContain('d="M0 0L5 5" stroke="#000000"');
  });

  it("clips what is drawn until the clip is restored, one clip within another", () => {
    const markup = drawn((context) => {
      for (const size of [40, 20]) {
        context.save();
        context.beginPath();
        context.rect(0, 0, size, size);
        context.clip();
      }
      context.fillRect(0, 0, 5, 5);
      context.restore();
      context.restore();
      context.fillRect(0, 0, 6, 6);
    });
    const [first, second] = [...markup.matchAll(/<clipPath id="([^"]+)"/g)].map(([, name]) => name);
    expect(markup).toContain(`<clipPath id="${second}" clip-path="url(#${first})">`);
    expect(markup.match(/<g clip-path/g)).toHaveLength(1);
    expect(markup).toContain(`<g clip-path="url(#${second})"><path d="M0 0L5 0`);
  });

  it("embeds a canvas, whole or a part of it, without smoothing where the canvas would not smooth", () => {
    const image = { width: 8, height: 4 } as HTMLCanvasElement;
    const markup = drawn((context) => {
      context.drawImage(image, 1, 2);
      context.imageSmoothingEnabled = false;
      context.drawImage(image, 0, 1, 2, 3, 10, 20, 30, 40);
    });
    expect(markup).toContain('x="1" y="2" width="8" height="4"');
    expect(markup).toContain('x="10" y="20" width="30" height="40"');
    expect(markup).toContain('style="image-rendering:pixelated" href="data:image/png;base64,0-1-2-3"');
  });

  it("forgets everything where the whole picture is cleared", () => {
    const markup = drawn((context) => {
      context.fillRect(0, 0, 5, 5);
      context.clearRect(0, 0, 100, 50);
    });
    expect(markup).toBe("");
  });
});

describe("an arc", () => {
  it.each([
    [0, 2 * Math.PI, false, 4],
    [0, Math.PI / 2, false, 1],
    [0, Math.PI / 2, true, 3],
    [Math.PI, 0.1, false, 3],
  ])("from %f to %f stays on its circle", (start, end, counterclockwise, steps) => {
    const { from, to, curves } = arcPath(3, 4, 10, start, end, counterclockwise);
    expect(curves).toHaveLength(steps);
    expect(from[0]).toBeCloseTo(3 + 10 * Math.cos(start), 9);
    expect(to[1]).toBeCloseTo(4 + 10 * Math.sin(end), 9);
    let [x, y] = from;
    for (const [x1, y1, x2, y2, x3, y3] of curves) {
      const middle = [(x + 3 * x1 + 3 * x2 + x3) / 8, (y + 3 * y1 + 3 * y2 + y3) / 8];
      expect(Math.hypot(middle[0] - 3, middle[1] - 4)).toBeCloseTo(10, 2);
      [x, y] = [x3, y3];
    }
  });
});

describe("text in XML", () => {
  it("holds no control character and no half of a pair", () => {
    expect(xmlText("a\u0000\u001b\ud800b\u{1f433}\n")).toBe("a\ufffd\ufffd\ufffdb\u{1f433}\n");
  });
});
