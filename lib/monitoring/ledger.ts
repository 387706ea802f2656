import { markdownTable, withSection } from '../shared/markdown';
import type { LedgerEntry } from './compiler/compiled';
import { formatDuration } from '../shared/duration';

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
  return markdownTable(['rule', 'severity', 'for', 'becomes', 'how, and where it differs from Prometheus'], rows);
}

function becomes({ outcome, becomes: names }: LedgerEntry): string {
  const what = OUTCOMES[outcome];
  return names.length > 1 ? `${names.length} ${what}s` : what;
}

/**
 * A README with the table between its markers.
 * @throws Error where the markers are missing
 */
export function withLedger(readme: string, ledger: readonly LedgerEntry[]): string {
  return withSection(readme, 'ledger', ledgerMarkdown(ledger));
}
