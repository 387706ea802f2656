import type { Severity } from '../../../lib/shared/severities';
import type { CompiledEvent } from '../../../lib/monitoring/compiler/compiled';
import { METRIC_SOURCES } from '../../../lib/monitoring/sources/metric-sources';
import { FULL } from '../../support/monitoring/alerts';
import { alarm, compilationOf, metric } from '../../support/monitoring/compilation';
import { alarmsOnServers, build, dashboardContext, graph } from '../../support/monitoring/dashboards';

function event(alert: string, severity: Severity): CompiledEvent {
  const { group, component, summary, description } = alarm({ alert });
  const details = { alert, severity, group, component, summary, description };
  return { ...details, kind: 'event', ruleName: `production-${alert}`, pattern: { source: [], detailType: [] } };
}

test('a graph has a line for each server and one threshold in the colour of the severity', () => {
  const properties = graph(build(compilationOf(alarmsOnServers('primary', 'replica-1'))), 'PostgreSQLDown');
  expect(properties.metrics).toEqual([
    [
      'WhatsAppSaaS/PostgreSQL',
      'pg_up',
      'Environment',
      'production',
      'Server',
      'primary',
      expect.objectContaining({ label: 'primary', stat: 'Maximum', period: 60 }),
    ],
    [
      'WhatsAppSaaS/PostgreSQL',
      'pg_up',
      'Environment',
      'production',
      'Server',
      'replica-1',
      expect.objectContaining({ label: 'replica-1' }),
    ],
  ]);
  expect(properties.annotations?.horizontal).toEqual([
    { value: 1, label: 'PostgreSQLDown', color: '#d62728', fill: 'below' },
  ]);
  expect(properties.yAxis?.left.label).toBe(METRIC_SOURCES.pg_up.meaning.split(';')[0]);
});

test('a graph has a threshold for each distinct value, named for its servers', () => {
  const [first, second, third] = alarmsOnServers('primary', 'replica-1', 'replica-2');
  const dashboards = build(compilationOf([{ ...first!, threshold: 160 }, second!, third!]));
  expect(graph(dashboards, 'PostgreSQLDown').annotations?.horizontal).toMatchObject([
    { value: 160, label: 'PostgreSQLDown: primary' },
    { value: 1, label: 'PostgreSQLDown: replica-1, replica-2' },
  ]);
});

test('a graph is shared by rules with the same lines', () => {
  const low = alarm({ alert: 'Low', comparisonOperator: 'LessThanThreshold', threshold: 20 });
  const critical = alarm({
    ...low,
    alert: 'Critical',
    alarmName: 'production-Critical',
    severity: 'critical',
    threshold: 10,
  });
  const slower = alarm({ ...low, alert: 'Slower', alarmName: 'production-Slower', periodSeconds: 300 });
  const dashboards = build(compilationOf([low, critical, slower]));
  const shared = graph(dashboards, 'Low', 'Critical');
  expect(shared.metrics).toHaveLength(1);
  expect(shared.annotations?.horizontal.map(({ value, color }) => [value, color])).toEqual([
    [20, '#ff7f0e'],
    [10, '#d62728'],
  ]);
  expect(graph(dashboards, 'Slower').metrics[0]!.at(-1)).toMatchObject({ period: 300 });
});

test('a graph of metric math shows the result and hides its inputs, with different ids for each alarm', () => {
  const ratio = (server: string) =>
    alarm({
      alert: 'Ratio',
      alarmName: `production-Ratio-${server}`,
      metrics: [
        metric({ id: 'm1', dimensions: { Server: server }, source: 'a' }),
        metric({ id: 'm2', dimensions: { DBInstanceIdentifier: { kind: 'server', name: server } }, source: 'b' }),
      ],
      expression: 'm1 / (m1 + FILL(m2, 0))',
    });
  const { metrics } = graph(build(compilationOf([ratio('primary'), ratio('replica-1')])), 'Ratio');
  expect(metrics.map((entry) => entry.at(-1))).toMatchObject([
    { expression: 'l1m1 / (l1m1 + FILL(l1m2, 0))', label: 'primary', period: 60 },
    { id: 'l1m1', visible: false },
    { id: 'l1m2', visible: false },
    { expression: 'l2m1 / (l2m1 + FILL(l2m2, 0))', label: 'replica-1' },
    { id: 'l2m1' },
    { id: 'l2m2' },
  ]);
  expect(metrics[2]).toContain('the-server-primary');
});

test('a graph of metric math without a server is named by its metrics', () => {
  const single = alarm({
    alert: 'Ratio',
    metrics: [metric({ source: 'used' }), metric({ id: 'm2', source: 'all' })],
    expression: 'm1 / m2',
  });
  expect(graph(build(compilationOf([single])), 'Ratio').metrics[0]).toMatchObject([{ label: 'used / all' }]);
});

test('a graph of a span shows the metric between its ends, with rules on the same metric', () => {
  const lag = metric({ source: 'replication_lag_lag_seconds', metricName: 'lag' });
  const span = alarm({ alert: 'Lag', metrics: [lag], expression: '(m1 > 60) * (m1 < 300)', threshold: 0 });
  const beyond = alarm({ alert: 'LagCritical', metrics: [lag], threshold: 300, severity: 'critical' });
  const { metrics, annotations, yAxis } = graph(build(compilationOf([span, beyond])), 'Lag', 'LagCritical');
  expect(metrics).toHaveLength(1);
  expect(metrics[0]![1]).toBe('lag');
  expect(annotations?.horizontal).toEqual([
    { value: 60, fill: 'above', label: 'Lag', color: '#ff7f0e' },
    { value: 300, label: 'Lag', color: '#ff7f0e' },
    { value: 300, fill: 'above', label: 'LagCritical', color: '#d62728' },
  ]);
  expect(yAxis?.left.label).toMatch(/^how far a replica/);
});

test('a graph shows how often an event rule matched', () => {
  const warning = event('PostgreSQLFailover', 'warning');
  const critical = event('PostgreSQLStorageCannotGrow', 'critical');
  const dashboards = build(compilationOf([], [warning, critical]));
  const { metrics, annotations } = graph(dashboards, critical.alert);
  expect(metrics).toEqual([
    ['AWS/Events', 'TriggeredRules', 'RuleName', warning.ruleName, { label: warning.alert, stat: 'Sum', period: 60 }],
    ['AWS/Events', 'TriggeredRules', 'RuleName', critical.ruleName, { label: critical.alert, stat: 'Sum', period: 60 }],
  ]);
  expect(annotations?.horizontal).toEqual([{ value: 0, fill: 'above', label: critical.alert, color: '#d62728' }]);
  const states = dashboards[0]!.body.widgets.flatMap((w) => (w.type === 'alarm' ? w.properties.alarms : []));
  expect(states).toEqual([dashboardContext(FULL).alarmArn(critical.ruleName)]);
});
