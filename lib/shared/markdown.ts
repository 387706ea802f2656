import { markdownTable as formatTable } from 'markdown-table';

/** How a table is laid out. */
export interface TableOptions {
  /** Pads every cell to the width of its column. Default true. Without, one long cell does not widen the whole file. */
  readonly aligned?: boolean;
}

/** A Markdown table. A `|` in a cell is escaped. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { aligned = true }: TableOptions = {},
): string {
  // prettier wants at least three hyphens below each heading.
  const cells = [head.map((cell) => (aligned ? cell.padEnd(3) : cell)), ...rows];
  return formatTable(
    cells.map((row) => row.map((cell) => cell.replaceAll('|', '\\|'))),
    { alignDelimiters: aligned },
  );
}

/**
 * Replaces the text between the markers of a section, such as `<!-- ledger -->` and `<!-- /ledger -->`, in a Markdown file.
 * @param file the text of the whole file
 * @throws Error where a marker is missing, or the closing one comes first
 */
export function withSection(file: string, section: string, text: string): string {
  const [start, end] = [`<!-- ${section} -->`, `<!-- /${section} -->`];
  const from = file.indexOf(start);
  const to = file.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the file needs the markers ${start} and ${end}, in this order`);
  return `${file.slice(0, from + start.length)}\n\n${text}\n\n${file.slice(to)}`;
}
