/** Round numbers within [low, high], at most about `count` of them. */
export function niceTicks(low: number, high: number, count: number): number[] {
  if (!(high > low) || count < 1) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step =
    [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999) ?? power;
  const ticks: number[] = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index++) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

/** Every n-th of `count` places, so that about `room` labels fit. */
export function tickPlaces(count: number, room: number): number[] {
  if (count <= 0) return [];
  const rough = count / Math.max(1, room);
  const power = 10 ** Math.max(0, Math.floor(Math.log10(rough)));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 1);
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step);
}

/** A number for a label or a tooltip: up to three decimals, a real minus sign. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return "not a number";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 0.001 || size >= 1e5)
      ? value.toExponential(2)
      : String(Number(value.toFixed(size < 1 ? 3 : size < 100 ? 2 : 0)));
  return text.replaceAll("-", "\u2212");
}
