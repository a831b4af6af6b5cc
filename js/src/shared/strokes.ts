/** A path through points x, y, x, y, ... */
export function path(context: CanvasRenderingContext2D, ...points: number[]): void {
  context.beginPath();
  for (let place = 0; place < points.length; place += 2) context.lineTo(points[place], points[place + 1]);
}

/** A straight line. */
export function line(context: CanvasRenderingContext2D, ...ends: [number, number, number, number]): void {
  path(context, ...ends);
  context.stroke();
}

/** A filled triangle. */
export function wedge(
  context: CanvasRenderingContext2D,
  colour: string,
  ...corners: [number, number, number, number, number, number]
): void {
  path(context, ...corners);
  context.fillStyle = colour;
  context.fill();
}
