import type { Content, Widget } from './body';

/** Columns of a dashboard's grid (CloudWatch API Reference, "Dashboard Body Structure and Syntax"). */
const COLUMNS = 24;

/** Widgets next to each other that fill the whole width: 1, 2, 3 or 4, so that their widths are whole. */
export interface Row {
  /** Grid units. */
  readonly height: number;
  readonly contents: readonly Content[];
}

/** Spreads widgets evenly over as few rows as possible: with 3 per row, 4 widgets become 2 and 2, not 3 and 1. */
export function rowsOf(contents: readonly Content[], perRow: 1 | 2 | 3 | 4, height: number): Row[] {
  const count = Math.ceil(contents.length / perRow);
  const startOf = (row: number) => Math.ceil((row * contents.length) / count);
  return Array.from({ length: count }, (_, row) => ({
    height,
    contents: contents.slice(startOf(row), startOf(row + 1)),
  }));
}

/** Places rows below each other; each fills the width of the grid. */
export function place(rows: readonly Row[]): Widget[] {
  let top = 0;
  return rows.flatMap(({ height, contents }) => {
    const y = top;
    top += height;
    const width = COLUMNS / contents.length;
    return contents.map((content, index) => ({ ...content, x: index * width, y, width, height }));
  });
}
