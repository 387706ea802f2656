import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadAlerts } from '../../lib/monitoring/alerts';
import type { LedgerEntry } from '../../lib/monitoring/compiler/compiled';
import { ledgerFile, ledgerMarkdown } from '../../lib/monitoring/ledger';

const entry: LedgerEntry = {
  alert: 'Known',
  group: 'g',
  severity: 'info',
  component: 'c',
  expression: 'a > 1',
  forSeconds: 300,
  outcome: 'translated',
  becomes: ['production-Known-primary', 'production-Known-replica-1'],
  note: 'a | b',
};

test('the table has a row for each rule', () => {
  expect(ledgerMarkdown([entry, { ...entry, alert: 'Off', outcome: 'switched off', becomes: [], forSeconds: 0 }])).toBe(
    [
      '| rule  | severity | for   | becomes      | how, and where it differs from Prometheus |',
      '| ----- | -------- | ----- | ------------ | ----------------------------------------- |',
      '| Known | info     | 5 min | 2 alarms     | a \\| b                                    |',
      '| Off   | info     | -     | switched off | a \\| b                                    |',
    ].join('\n'),
  );
});

test('LEDGER.md is up to date (npm run update)', () => {
  expect(readFileSync(resolve(__dirname, '../../lib/monitoring/LEDGER.md'), 'utf8')).toBe(ledgerFile());
});

test('the file has its command, its environment and a row for each rule', () => {
  const lines = ledgerFile('staging').split('\n');
  expect(lines[0]).toContain('npm run update');
  expect(lines).toContain('# Translation ledger: staging');
  for (const { name } of loadAlerts()) {
    expect(lines.filter((line) => line.startsWith(`| ${name} `))).toHaveLength(1);
  }
});
