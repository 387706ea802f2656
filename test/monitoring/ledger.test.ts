import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadAlerts } from '../../lib/monitoring/alerts';
import type { LedgerEntry } from '../../lib/monitoring/compiler/compiled';
import { compile } from '../../lib/monitoring/compiler/compile';
import { compileContext } from '../../lib/monitoring/context';
import { ledgerMarkdown, withLedger } from '../../lib/monitoring/ledger';
import { METRIC_SOURCES } from '../../lib/monitoring/sources/metric-sources';
import { loadEnvironment } from '../../lib/config';

const { ledger } = compile(loadAlerts(), METRIC_SOURCES, compileContext(loadEnvironment('production')));

const entry: LedgerEntry = {
  alert: 'Known',
  group: 'g',
  severity: 'info',
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

test('it goes between the markers, and only there', () => {
  const written = withLedger('# A\n\n<!-- ledger -->\nold\n<!-- /ledger -->\n\nend\n', [entry]);
  expect(written).toBe(`# A\n\n<!-- ledger -->\n\n${ledgerMarkdown([entry])}\n\n<!-- /ledger -->\n\nend\n`);
  expect(withLedger(written, [entry])).toBe(written);
  expect(() => withLedger('# A\n', [entry])).toThrow('needs the markers <!-- ledger --> and <!-- /ledger -->');
});

test('README.md has the ledger of production (npm run ledger -- --write README.md)', () => {
  const readme = readFileSync(resolve(__dirname, '../../README.md'), 'utf8');
  expect(readme).toBe(withLedger(readme, ledger));
});
