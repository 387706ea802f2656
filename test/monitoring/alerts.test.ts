import { InvalidAlerts, loadAlerts, parseAlerts } from '../../lib/monitoring/alerts';
import { parseRunbook, readRunbook, RUNBOOK_SECTIONS, runbookLink } from '../../lib/runbooks/pages';
import { ruleFile as file } from '../support/monitoring/alerts';

test.each([
  ['unknown key', file({ runbook: 'x' }), 'groups.0.rules.0.runbook is not a field'],
  [
    'unknown severity',
    file({ labels: { severity: 'bad', component: 'x' } }),
    'groups.0.rules.0.labels.severity is "bad"; allowed: "critical", "warning", "info"',
  ],
  ['bad duration', file({ for: '5 minutes' }), 'groups.0.rules.0.for is "5 minutes"; allowed: a Prometheus duration'],
  ['bad interval', file({}, { interval: 'often' }), 'groups.0.interval is "often"; allowed: a Prometheus duration'],
  [
    'no rules',
    JSON.stringify({ groups: [{ name: 'g', rules: [] }] }),
    'groups.0.rules is []; allowed: at least 1 entries',
  ],
  ['no summary', file({ annotations: { description: 'D' } }), 'groups.0.rules.0.annotations.summary is missing'],
  ['bad name', file({ alert: 'is down' }), 'groups.0.rules.0.alert is "is down"; allowed: a name in PascalCase'],
  ['invalid YAML', 'groups: [', 'it is not valid YAML'],
  ['an empty file', '', 'the file is null; allowed: a value of type object'],
])('fails on %s', (_, text, sentence) => {
  expect(() => parseAlerts(text)).toThrow(InvalidAlerts);
  expect(() => parseAlerts(text)).toThrow(sentence);
});

test('fails on a name that occurs twice', () => {
  const { groups } = JSON.parse(file({})) as { groups: object[] };
  expect(() => parseAlerts(JSON.stringify({ groups: [...groups, ...groups] }))).toThrow(
    'alert Known of group g exists already',
  );
});

test('every alert has a runbook page with all sections', () => {
  for (const { name } of loadAlerts()) {
    expect(Object.keys(readRunbook(name))).toEqual(expect.arrayContaining([...RUNBOOK_SECTIONS]));
  }
});

test('the link is a path here, or below the base URL', () => {
  expect(runbookLink('PostgreSQLDown')).toBe('lib/runbooks/PostgreSQLDown.md');
  expect(runbookLink('PostgreSQLDown', 'https://wiki.example.com/db/')).toBe(
    'https://wiki.example.com/db/PostgreSQLDown.md',
  );
});

test('fails on a missing page and on a missing section', () => {
  expect(() => readRunbook('Unwritten')).toThrow('alert Unwritten has no runbook; write lib/runbooks/Unwritten.md');
  expect(() => parseRunbook('Short', '# Short\n\n## Meaning\n\nx\n\n## Fix\n\ny\n')).toThrow(
    'has no text for Impact, Check',
  );
});
