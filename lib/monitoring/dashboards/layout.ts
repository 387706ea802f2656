import type { Content, Widget } from './body';

/** Columns of a dashboard's grid (CloudWatch API Reference, "Dashboard Body Structure and Syntax"). */
const COLUMNS = 24;

/** Widgets side by side over the whole width: 1, 2, 3 or 4 of them, or widths would be fractions. */
export interface Row {
  /** Grid units. */
  readonly height: number;
  readonly contents: readonly Content[];
}

/** Spreads widgets over as few rows as hold them, the rows as even as can be: 4 at 3 to a row make 2 and 2, not 3 and 1. */
export function rowsOf(contents: readonly Content[], perRow: 1 | 2 | 3 | 4, height: number): Row[] {
  const count = Math.ceil(contents.length / perRow);
  const startOf = (row: number) => Math.ceil((row * contents.length) / count);
  return Array.from({ length: count }, (_, row) => ({
    height,
    contents: contents.slice(startOf(row), startOf(row + 1)),
  }));
}

/** Puts rows below each other; each fills the grid from edge to edge. */
export function place(rows: readonly Row[]): Widget[] {
  let top = 0;
  return rows.flatMap(({ height, contents }) => {
    const y = top;
    top += height;
    const width = COLUMNS / contents.length;
    return contents.map((content, index) => ({ ...content, x: index * width, y, width, height }));
  });
}
