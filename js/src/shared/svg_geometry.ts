/** Affine transform as SVG and canvas write it: x' = a x + c y + e, y' = b x + d y + f. */
export type Matrix2d = readonly [number, number, number, number, number, number];
type Curve = [number, number, number, number, number, number];

/** `inner` first, then `outer`. */
export function multiply(outer: Matrix2d, inner: Matrix2d): Matrix2d {
  const [a, b, c, d, e, f] = outer;
  const [p, q, r, s, t, u] = inner;
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f];
}

export function place([a, b, c, d, e, f]: Matrix2d, x: number, y: number): [number, number] {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** How much longer a transform makes lengths, on average over directions. */
export function sizeOf([a, b, c, d]: Matrix2d): number {
  return Math.sqrt(Math.abs(a * d - b * c));
}

/** A coordinate with at most three places after the point: a thousandth of a pixel. */
export function numberText(value: number): string {
  return String(Math.round(value * 1000) / 1000 || 0);
}

/** A circle's arc as cubic curves of at most a quarter turn each; they leave the circle by less than 0.03 %. */
export function arcPath(
  x: number,
  y: number,
  radius: number,
  start: number,
  end: number,
  counterclockwise: boolean,
): { from: [number, number]; to: [number, number]; curves: Curve[] } {
  const whole = 2 * Math.PI;
  const asked = counterclockwise ? start - end : end - start;
  const turn = asked >= whole ? whole : ((asked % whole) + whole) % whole;
  const steps = Math.ceil(turn / (Math.PI / 2) - 1e-9);
  const step = ((counterclockwise ? -1 : 1) * turn) / Math.max(1, steps);
  const reach = (4 / 3) * Math.tan(step / 4);
  const at = (angle: number): [number, number] => [
    x + radius * Math.cos(angle),
    y + radius * Math.sin(angle),
  ];
  const curves = Array.from({ length: steps }, (_, index): Curve => {
    const [first, last] = [start + index * step, start + (index + 1) * step];
    const [fromX, fromY] = at(first);
    const [toX, toY] = at(last);
    return [
      fromX - reach * radius * Math.sin(first),
      fromY + reach * radius * Math.cos(first),
      toX + reach * radius * Math.sin(last),
      toY - reach * radius * Math.cos(last),
      toX,
      toY,
    ];
  });
  return { from: at(start), to: at(start + steps * step), curves };
}
