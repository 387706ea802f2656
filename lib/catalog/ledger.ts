import type { LedgerEntry } from './compiled';
import { formatDuration } from './duration';

/** Marks the table's place in README.md. */
export const LEDGER_MARKERS = { start: '<!-- ledger -->', end: '<!-- /ledger -->' } as const;

const OUTCOMES: Readonly<Record<LedgerEntry['outcome'], string>> = {
  translated: 'alarm',
  'replaced by an event': 'event rule',
  absent: 'nothing',
  'switched off': 'switched off',
};

/** The ledger as a table of Markdown: what became of every rule, and where that differs from Prometheus. */
export function ledgerMarkdown(ledger: readonly LedgerEntry[]): string {
  const rows = ledger.map((entry) => [
    entry.alert,
    entry.severity,
    entry.forSeconds === 0 ? '-' : formatDuration(entry.forSeconds),
    becomes(entry),
    entry.note,
  ]);
  const cells = [['rule', 'severity', 'for', 'becomes', 'how, and where it differs from Prometheus'], ...rows].map((row) =>
    row.map((cell) => cell.replaceAll('|', '\\|')),
  );
  const widths = cells[0]!.map((_, column) => Math.max(3, ...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [head, ...body] = cells;
  return [line(head!), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
} // prettier-ignore

function becomes({ outcome, becomes: names }: LedgerEntry): string {
  const what = OUTCOMES[outcome];
  return names.length > 1 ? `${names.length} ${what}s` : what;
}

/**
 * A README with the table between its markers.
 * @throws Error where the markers are missing
 */
export function withLedger(readme: string, ledger: readonly LedgerEntry[]): string {
  const { start, end } = LEDGER_MARKERS;
  const from = readme.indexOf(start);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the file lacks the markers ${start} and ${end}, in this order`);
  return `${readme.slice(0, from + start.length)}\n\n${ledgerMarkdown(ledger)}\n\n${readme.slice(to)}`;
}
