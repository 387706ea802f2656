import { InvalidAlerts, loadAlerts, parseAlerts } from '../../lib/catalog/alerts';
import { compileAlert } from '../../lib/catalog/compiler';
import { METRIC_SOURCES } from '../../lib/catalog/metric-sources';
import { parseRunbook, readRunbook, RUNBOOK_SECTIONS, runbookLink } from '../../lib/catalog/runbooks';

const context = { environment: 'production', servers: ['primary', 'replica-1'] };

function file(rule: Record<string, unknown>, group: Record<string, unknown> = {}): string {
  const complete = {
    alert: 'Known',
    expr: 'pg_up == 0',
    labels: { severity: 'critical', component: 'database' },
    annotations: { summary: 'S', description: 'D' },
    ...rule,
  };
  return JSON.stringify({ groups: [{ name: 'g', rules: [complete], ...group }] });
}

function compile(rule: Record<string, unknown>) {
  return parseAlerts(file(rule)).flatMap((alert) => compileAlert(alert, METRIC_SOURCES, context));
}

test('PostgreSQLDown becomes one alarm for each server', () => {
  const alarms = loadAlerts()
    .filter(({ name }) => name === 'PostgreSQLDown')
    .flatMap((alert) => compileAlert(alert, METRIC_SOURCES, context));
  expect(alarms.map(({ alarmName }) => alarmName)).toEqual([
    'production-PostgreSQLDown-primary',
    'production-PostgreSQLDown-replica-1',
  ]);
  expect(alarms[0]).toMatchObject({
    severity: 'critical',
    namespace: 'WhatsAppSaaS/PostgreSQL',
    metricName: 'pg_up',
    dimensions: { Environment: 'production', Server: 'primary' },
    statistic: 'Minimum',
    periodSeconds: 60,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    comparisonOperator: 'LessThanThreshold',
    threshold: 1,
    treatMissingData: 'breaching',
  });
});

test('"for" becomes as many periods as fill it', () => {
  expect(compile({ for: '5m' })[0]?.evaluationPeriods).toBe(5);
  expect(compile({ for: '90s' })[0]?.evaluationPeriods).toBe(2);
  expect(compile({})[0]?.evaluationPeriods).toBe(1);
});

test.each([
  ['unknown key', file({ runbook: 'x' }), 'groups.0.rules.0.runbook is not a field'],
  ['unknown severity', file({ labels: { severity: 'bad', component: 'x' } }), 'groups.0.rules.0.labels.severity is "bad"; allowed: "critical", "warning", "info"'],
  ['bad duration', file({ for: '5 minutes' }), 'groups.0.rules.0.for is "5 minutes"; allowed: a Prometheus duration'],
  ['bad interval', file({}, { interval: 'often' }), 'groups.0.interval is "often"; allowed: a Prometheus duration'],
  ['no rules', JSON.stringify({ groups: [{ name: 'g', rules: [] }] }), 'groups.0.rules is []; allowed: at least 1 entries'],
  ['no summary', file({ annotations: { description: 'D' } }), 'groups.0.rules.0.annotations.summary is missing'],
  ['bad name', file({ alert: 'is down' }), 'groups.0.rules.0.alert is "is down"; allowed: a name in PascalCase'],
  ['no YAML', 'groups: [', 'it is no YAML'],
  ['an empty file', '', 'the file is null; allowed: a value of type object'],
])('fails on %s', (_, text, sentence) => {
  expect(() => parseAlerts(text)).toThrow(InvalidAlerts);
  expect(() => parseAlerts(text)).toThrow(sentence);
}); // prettier-ignore

test('fails on a name that is there twice', () => {
  const { groups } = JSON.parse(file({})) as { groups: object[] };
  expect(() => parseAlerts(JSON.stringify({ groups: [...groups, ...groups] }))).toThrow(
    'alert Known of group g exists already',
  );
});

test.each([
  ['an unknown metric', { expr: 'pg_down == 1' }, 'alert Known: nobody publishes the metric pg_down; known: pg_up'],
  ['no PromQL', { expr: 'pg_up ==' }, 'is not valid PromQL'],
  ['a function', { expr: 'rate(pg_up[5m]) > 1' }, 'has more than a metric’s name on its left side'],
  ['a selector', { expr: 'pg_up{job="x"} == 0' }, 'has more than a metric’s name on its left side'],
  ['no comparison', { expr: 'pg_up' }, 'compares nothing'],
  ['arithmetic', { expr: 'pg_up + 1' }, 'is no plain comparison'],
  ['a metric on both sides', { expr: 'pg_up == pg_up' }, 'has no number on its right side'],
  ['an equality that CloudWatch lacks', { expr: 'pg_up == 2' }, 'CloudWatch cannot compare with == 2'],
  ['too long a window', { for: '25h' }, '"for" is 90000 s; allowed: at most 86400 s'],
])('fails on %s', (_, rule, sentence) => {
  expect(() => compile(rule)).toThrow(sentence);
});

test('every alert has a runbook page with all sections', () => {
  for (const { name } of loadAlerts()) {
    expect(Object.keys(readRunbook(name))).toEqual(expect.arrayContaining([...RUNBOOK_SECTIONS]));
  }
});

test('the link is a path here, or below the base URL', () => {
  expect(runbookLink('PostgreSQLDown')).toBe('lib/catalog/runbooks/PostgreSQLDown.md');
  expect(runbookLink('PostgreSQLDown', 'https://wiki.example.com/db/')).toBe(
    'https://wiki.example.com/db/PostgreSQLDown.md',
  );
});

test('fails on a missing page and on a missing section', () => {
  expect(() => readRunbook('Unwritten')).toThrow(
    'alert Unwritten has no runbook; write lib/catalog/runbooks/Unwritten.md',
  );
  expect(() => parseRunbook('Short', '# Short\n\n## Meaning\n\nx\n\n## Fix\n\ny\n')).toThrow('lacks Impact, Check');
});
