/** A row of a table by the heads of its columns. */
export type Row = Readonly<Record<string, string>>;

/** The rows of the tables in a Markdown text, by the heading above them. A cell contains no pipe. */
export function markdownTables(markdown: string): Record<string, Row[]> {
  return Object.fromEntries(
    markdown
      .split(/^#+ /m)
      .slice(1)
      .map((section) => {
        const [title = '', ...lines] = section.split('\n');
        const [head = [], , ...rows] = lines.filter((line) => line.startsWith('|')).map(cells);
        return [title, rows.map((row) => Object.fromEntries(head.map((name, column) => [name, row[column] ?? ''])))];
      }),
  );
}

function cells(line: string): string[] {
  return line
    .slice(1, line.lastIndexOf('|'))
    .split('|')
    .map((cell) => cell.trim());
}
