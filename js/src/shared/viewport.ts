import { cellsIn, holding, isWhole, panned, type Stretch, whole, within, zoomed } from "./zoom.ts";

const FEWEST_ROWS = 2;
const FEWEST_COLUMNS = 4;

/** Which axes a zoom is for. */
export type Axes = "both" | "rows" | "columns";

/** The part of a picture of rows x columns that is in view. It belongs to one view in one page. */
export class Viewport {
  rows: Stretch = whole(0);
  columns: Stretch = whole(0);
  #rowCount = 0;
  #columnCount = 0;
  #rowKind = "";
  #columnKind = "";

  /** Takes the axes as they are now. Another kind of axis is shown whole, a shorter or longer one as far as it goes. */
  fit(rowCount: number, rowKind: string, columnCount: number, columnKind: string): void {
    const wasWhole = isWhole(this.rows, this.#rowCount);
    const isNew = rowKind !== this.#rowKind;
    this.rows = isNew || wasWhole ? whole(rowCount) : within(this.rows, rowCount, FEWEST_ROWS);
    const keepsColumns = columnKind === this.#columnKind && !isWhole(this.columns, this.#columnCount);
    this.columns = keepsColumns ? within(this.columns, columnCount, FEWEST_COLUMNS) : whole(columnCount);
    this.#rowCount = rowCount;
    this.#columnCount = columnCount;
    this.#rowKind = rowKind;
    this.#columnKind = columnKind;
  }

  get isWhole(): boolean {
    return isWhole(this.rows, this.#rowCount) && isWhole(this.columns, this.#columnCount);
  }

  /** Zooms around a place of each axis; false if that changes nothing. */
  zoom(factor: number, row: number, column: number, axes: Axes = "both"): boolean {
    const [rows, columns] = [this.rows, this.columns];
    if (axes !== "columns") this.rows = zoomed(rows, this.#rowCount, row, factor, FEWEST_ROWS);
    if (axes !== "rows") this.columns = zoomed(columns, this.#columnCount, column, factor, FEWEST_COLUMNS);
    return !isSame(rows, this.rows) || !isSame(columns, this.columns);
  }

  /** Zooms around the middle of a cell that is in view, on an axis without one around the middle of the view. */
  zoomAtCell(factor: number, row: number, column: number): boolean {
    const place = ({ start, stop }: Stretch, cell: number) =>
      cell >= 0 && cell + 1 > start && cell < stop ? cell + 0.5 : (start + stop) / 2;
    return this.zoom(factor, place(this.rows, row), place(this.columns, column));
  }

  /** Moves by so many rows and columns; false if that changes nothing. */
  pan(rows: number, columns: number): boolean {
    const before = [this.rows, this.columns] as const;
    this.rows = panned(this.rows, this.#rowCount, rows);
    this.columns = panned(this.columns, this.#columnCount, columns);
    return !isSame(before[0], this.rows) || !isSame(before[1], this.columns);
  }

  /** Moves by shares of what is in view. */
  panBy(down: number, right: number): boolean {
    const size = ({ start, stop }: Stretch) => stop - start;
    return this.pan(down * size(this.rows), right * size(this.columns));
  }

  /** Has the middle of the view at shares 0..1 of both axes. */
  centre(down: number, right: number): void {
    const middle = ({ start, stop }: Stretch) => (start + stop) / 2;
    this.pan(down * this.#rowCount - middle(this.rows), right * this.#columnCount - middle(this.columns));
  }

  /** Moves as little as is needed to have a cell in view; -1 where there is none. */
  follow(row: number, column: number): void {
    this.rows = holding(this.rows, this.#rowCount, row);
    this.columns = holding(this.columns, this.#columnCount, column);
  }

  reset(): void {
    this.rows = whole(this.#rowCount);
    this.columns = whole(this.#columnCount);
  }

  /** First and one past the last row of which a part is in view. */
  get rowsInView(): [number, number] {
    return cellsIn(this.rows, this.#rowCount);
  }

  get columnsInView(): [number, number] {
    return cellsIn(this.columns, this.#columnCount);
  }
}

function isSame(one: Stretch, other: Stretch): boolean {
  return one.start === other.start && one.stop === other.stop;
}
