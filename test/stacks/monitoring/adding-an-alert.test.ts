import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { parse, stringify } from 'yaml';
import { parseAlerts } from '../../../lib/monitoring/alerts';
import { find, onlyOne, synthesizeProductionWith } from '../../support/synth';

interface RuleFile {
  groups: { name: string; rules: { alert: string }[] }[];
}

const ALERTS = readFileSync(join(__dirname, '../../../lib/monitoring/alerts.yml'), 'utf8');
/** A copy of the catalogue that lacks an alert whose runbook page is there. */
const NAME = 'PostgreSQLInvalidIndex';
const without = () => {
  const file = parse(ALERTS) as RuleFile;
  for (const group of file.groups) group.rules = group.rules.filter(({ alert }) => alert !== NAME);
  return file;
};
/** What a person writes. */
const ENTRY = {
  alert: NAME,
  expr: 'pg_indexes_invalid > 7',
  for: '2h',
  labels: { severity: 'critical', component: 'maintenance' },
  annotations: { summary: 'Many indexes are invalid', description: 'Somebody added this entry.' },
};

function catalogueWith(entry: object | undefined): string {
  const file = without();
  if (entry) file.groups[2]?.rules.push(entry as RuleFile['groups'][0]['rules'][0]);
  return stringify(file);
}

const monitoringOf = (catalogue: string) => synthesizeProductionWith({}, parseAlerts(catalogue)).monitoring;

interface Widget {
  type: string;
  properties: { title?: string; metrics?: unknown[][]; annotations?: { horizontal: object[] } };
}

/** Everything on the dashboards, with a letter for each name that only AWS knows. */
function widgets(monitoring: Template): Widget[] {
  return Object.values(find(monitoring, 'AWS::CloudWatch::Dashboard')).flatMap(({ DashboardBody }) => {
    const parts = (DashboardBody as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
    const body = parts.map((part) => (typeof part === 'string' ? part : 'X')).join('');
    return (JSON.parse(body) as { widgets: Widget[] }).widgets;
  });
}

test('the copy knows nothing of the alert', () => {
  expect(JSON.stringify(monitoringOf(catalogueWith(undefined)).toJSON())).not.toContain(NAME);
});

test('one entry makes the alarm, its action, its page and its line on a dashboard, and links its runbook', () => {
  const monitoring = monitoringOf(catalogueWith(ENTRY));
  const alarms = find(monitoring, 'AWS::CloudWatch::Alarm', { AlarmName: `production-${NAME}` });
  const alarm = onlyOne(alarms);
  expect(alarm).toMatchObject({
    MetricName: 'pg_indexes_invalid',
    Threshold: 7,
    ComparisonOperator: 'GreaterThanThreshold',
    AlarmActions: [{ Ref: expect.stringMatching(/^TopicsCritical/) as string }],
    OKActions: [{ Ref: expect.stringMatching(/^TopicsCritical/) as string }],
  });
  expect(alarm['AlarmDescription']).toContain('Many indexes are invalid');
  expect(alarm['AlarmDescription']).toContain(`Runbook: lib/runbooks/${NAME}.md`);
  const page = onlyOne(
    find(monitoring, 'AWS::CloudWatch::CompositeAlarm', { AlarmName: 'production-page-maintenance' }),
  );
  expect(JSON.stringify(page['AlarmRule'])).toContain(Object.keys(alarms)[0]);
  const [graph] = widgets(monitoring).filter(
    ({ type, properties }) => type === 'metric' && properties.title === 'Invalid index',
  );
  expect(graph?.properties.metrics?.flat()).toContain('pg_indexes_invalid');
  expect(graph?.properties.annotations?.horizontal).toEqual([expect.objectContaining({ value: 7, label: NAME })]);
});

test('an entry without a runbook page fails the synthesis and names the page to write', () => {
  const entry = { ...ENTRY, alert: 'PostgreSQLNobodyWroteThis' };
  expect(() => monitoringOf(catalogueWith(entry))).toThrow(
    'alert PostgreSQLNobodyWroteThis has no runbook; write lib/runbooks/PostgreSQLNobodyWroteThis.md',
  );
});
