/** A decoded array of rows x columns, as plain data: modules of several widgets share it. */
export interface Matrix {
  rows: number;
  columns: number;
  /** Tokens or frequencies that one column stands for; 0 where each column is one. */
  block: number;
  data: Float32Array | Uint8Array;
  /** Lowest and highest value of each row, in turn, where `data` holds bytes. */
  ranges: Float32Array | null;
}

const HEADER_BYTES = 16;
export const FLOAT32 = 0;
export const FLOAT16 = 1;
export const BYTES = 2;

/** The value of IEEE 754 binary16 `bits`. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

let halves: Float32Array | null = null;

function fromHalves(source: Uint16Array): Float32Array {
  halves ??= Float32Array.from({ length: 65536 }, (_, bits) => halfToNumber(bits));
  const values = new Float32Array(source.length);
  for (let index = 0; index < source.length; index++) values[index] = halves[source[index]];
  return values;
}

/**
 * Reads what `rnn_widgets.widgets.encoding.encode` writes: four little-endian uint32 (encoding, rows, columns, block),
 * for bytes each row's range as two float32, and the values row by row.
 */
export function decode(view: DataView): Matrix {
  const encoding = view.getUint32(0, true);
  const rows = view.getUint32(4, true);
  const columns = view.getUint32(8, true);
  const block = view.getUint32(12, true);
  // A view may start at any byte of its buffer, typed arrays only at multiples of their own size: take a copy.
  const body = view.buffer.slice(view.byteOffset + HEADER_BYTES, view.byteOffset + view.byteLength);
  const cells = rows * columns;
  if (encoding === BYTES) {
    const ranges = new Float32Array(body, 0, 2 * rows);
    return { rows, columns, block, data: new Uint8Array(body, 8 * rows, cells), ranges };
  }
  const data =
    encoding === FLOAT16 ? fromHalves(new Uint16Array(body, 0, cells)) : new Float32Array(body, 0, cells);
  return { rows, columns, block, data, ranges: null };
}

export function valueAt(matrix: Matrix, row: number, column: number): number {
  const stored = matrix.data[row * matrix.columns + column];
  if (!matrix.ranges) return stored;
  const low = matrix.ranges[2 * row];
  return low + (stored / 255) * (matrix.ranges[2 * row + 1] - low);
}

/** One row as numbers. */
export function rowOf(matrix: Matrix, row: number): Float32Array {
  const start = row * matrix.columns;
  if (matrix.data instanceof Float32Array) return matrix.data.subarray(start, start + matrix.columns);
  return Float32Array.from({ length: matrix.columns }, (_, column) => valueAt(matrix, row, column));
}

/** The mean of each row. */
export function meansOf(matrix: Matrix): Float32Array {
  return Float32Array.from({ length: matrix.rows }, (_, row) => {
    const values = rowOf(matrix, row);
    let sum = 0;
    for (let column = 0; column < values.length; column++) sum += values[column];
    return sum / Math.max(1, values.length);
  });
}
