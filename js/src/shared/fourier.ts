import type { Band } from "./types.ts";

/** Real and imaginary parts, changed in place. */
type Complex = readonly [Float64Array, Float64Array];

const complex = (length: number): Complex => [new Float64Array(length), new Float64Array(length)];

/** cos and -sin of 2 pi k / length for the first half of the circle. */
function twiddles(length: number): Complex {
  const [cosine, sine] = complex(length >> 1);
  for (let index = 0; index < cosine.length; index++) {
    const angle = (2 * Math.PI * index) / length;
    cosine[index] = Math.cos(angle);
    sine[index] = -Math.sin(angle);
  }
  return [cosine, sine];
}

/** Transform of a power-of-two length that leaves its result in bit-reversed order. */
function forward([re, im]: Complex, [cosine, sine]: Complex): void {
  const length = re.length;
  for (let half = length >> 1, stride = 1; half >= 1; half >>= 1, stride <<= 1) {
    for (let start = 0; start < length; start += 2 * half) {
      for (let at = start, turn = 0; at < start + half; at++, turn += stride) {
        const other = at + half;
        const x = re[at] - re[other];
        const y = im[at] - im[other];
        re[at] += re[other];
        im[at] += im[other];
        re[other] = x * cosine[turn] - y * sine[turn];
        im[other] = x * sine[turn] + y * cosine[turn];
      }
    }
  }
}

/** Undoes `forward`, but for a factor of the length: takes bit-reversed order, gives natural order. */
function backward([re, im]: Complex, [cosine, sine]: Complex): void {
  const length = re.length;
  for (let half = 1, stride = length >> 1; half < length; half <<= 1, stride >>= 1) {
    for (let start = 0; start < length; start += 2 * half) {
      for (let at = start, turn = 0; at < start + half; at++, turn += stride) {
        const other = at + half;
        const x = re[other] * cosine[turn] + im[other] * sine[turn];
        const y = im[other] * cosine[turn] - re[other] * sine[turn];
        re[other] = re[at] - x;
        im[other] = im[at] - y;
        re[at] += x;
        im[at] += y;
      }
    }
  }
}

/**
 * Discrete Fourier transform of any length T, by Bluestein's algorithm (IEEE Trans. Audio Electroacoust. 18, 1970): a
 * convolution with a chirp, done over a power of two.
 */
export class Fourier {
  readonly length: number;
  readonly #chirp: Complex;
  readonly #kernel: Complex;
  readonly #work: Complex;
  readonly #twiddles: Complex;

  constructor(length: number) {
    this.length = length;
    let size = 1;
    while (size < 2 * length - 1) size *= 2;
    this.#twiddles = twiddles(size);
    this.#work = complex(size);
    this.#chirp = complex(length);
    this.#kernel = complex(size);
    const [cosine, sine] = this.#chirp;
    const [re, im] = this.#kernel;
    for (let index = 0; index < length; index++) {
      // The square is reduced as a whole number, since a large angle would lose digits.
      const angle = (Math.PI * ((index * index) % (2 * length))) / length;
      cosine[index] = Math.cos(angle);
      sine[index] = -Math.sin(angle);
      re[index] = cosine[index] / size;
      im[index] = -sine[index] / size;
      if (index > 0) {
        re[size - index] = re[index];
        im[size - index] = im[index];
      }
    }
    forward(this.#kernel, this.#twiddles);
  }

  /** X[k] = sum of x[t] exp(-2 pi i k t / T), in place. */
  transform([re, im]: Complex): void {
    const [cosine, sine] = this.#chirp;
    const [workRe, workIm] = this.#work;
    const [kernelRe, kernelIm] = this.#kernel;
    for (let index = 0; index < this.length; index++) {
      workRe[index] = re[index] * cosine[index] - im[index] * sine[index];
      workIm[index] = re[index] * sine[index] + im[index] * cosine[index];
    }
    workRe.fill(0, this.length);
    workIm.fill(0, this.length);
    forward(this.#work, this.#twiddles);
    for (let index = 0; index < workRe.length; index++) {
      const real = workRe[index];
      workRe[index] = real * kernelRe[index] - workIm[index] * kernelIm[index];
      workIm[index] = real * kernelIm[index] + workIm[index] * kernelRe[index];
    }
    backward(this.#work, this.#twiddles);
    for (let index = 0; index < this.length; index++) {
      re[index] = workRe[index] * cosine[index] - workIm[index] * sine[index];
      im[index] = workRe[index] * sine[index] + workIm[index] * cosine[index];
    }
  }

  /** Undoes `transform`, in place. */
  inverse([re, im]: Complex): void {
    this.transform([im, re]);
    for (let index = 0; index < this.length; index++) {
      re[index] /= this.length;
      im[index] /= this.length;
    }
  }
}

let latest: Fourier | null = null;

/**
 * The part of each row (T values) that lies in the band: of all frequencies k / T those with low <= k / T <= high are
 * kept, both ends included, frequency 0 (the mean) only where low is 0.
 */
export function bandFiltered(rows: readonly Float32Array[], [low, high]: Band): Float32Array[] {
  const filtered: Float32Array[] = [];
  for (let index = 0; index < rows.length; index += 2) {
    const tokens = rows[index].length;
    if (latest?.length !== tokens) latest = new Fourier(tokens);
    // The filter is real, so that a second row passes through it unmixed as the imaginary part.
    const pair: Complex = [
      Float64Array.from(rows[index]),
      rows[index + 1] ? Float64Array.from(rows[index + 1]) : new Float64Array(tokens),
    ];
    latest.transform(pair);
    for (let bin = 0; 2 * bin <= tokens; bin++) {
      if (bin / tokens >= low && bin / tokens <= high) continue;
      for (const part of pair) {
        part[bin] = 0;
        part[(tokens - bin) % tokens] = 0;
      }
    }
    latest.inverse(pair);
    filtered.push(Float32Array.from(pair[0]));
    if (rows[index + 1]) filtered.push(Float32Array.from(pair[1]));
  }
  return filtered;
}
