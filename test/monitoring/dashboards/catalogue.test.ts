import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAlerts, parseAlerts } from '../../../lib/monitoring/alerts';
import { compile } from '../../../lib/monitoring/compiler/compile';
import { compileContext } from '../../../lib/monitoring/context';
import { BOARDS } from '../../../lib/monitoring/dashboards/boards';
import type { MetricProperties } from '../../../lib/monitoring/dashboards/body';
import type { DashboardContext } from '../../../lib/monitoring/dashboards/context';
import { buildDashboards, type Dashboard } from '../../../lib/monitoring/dashboards/dashboards';
import { METRIC_SOURCES } from '../../../lib/monitoring/sources/metric-sources';
import { ENVIRONMENT_NAMES, type EnvironmentName, loadEnvironment } from '../../../lib/config';
import { dashboardBodySchema, holes } from '../../support/monitoring/dashboard-schema';
import { draws } from '../../support/monitoring/dashboards';
import { drawnOn, nameInTests, resourceIdInTests } from '../../support/monitoring/drawn';

function dashboardsOf(name: EnvironmentName, alerts = loadAlerts()) {
  const config = loadEnvironment(name);
  const { region } = config;
  const environment = compileContext(config);
  const compilation = compile(alerts, METRIC_SOURCES, environment);
  const context: DashboardContext = {
    ...environment,
    region,
    sources: METRIC_SOURCES,
    nameOf: nameInTests,
    resourceIdOf: resourceIdInTests,
    alarmArn: (alarm) => `arn:aws:cloudwatch:${region}:111111111111:alarm:${alarm}`,
  };
  return { compilation, dashboards: buildDashboards(compilation, context) };
}

function metricWidgets(dashboards: readonly Dashboard[]): MetricProperties[] {
  return dashboards.flatMap(({ body }) =>
    body.widgets.flatMap((widget) => (widget.type === 'metric' ? [widget.properties] : [])),
  );
}

const environments = ENVIRONMENT_NAMES.map((name) => ({ name, ...dashboardsOf(name) }));

test.each(environments)(
  '$name draws every alarm with its threshold on exactly one dashboard',
  ({ compilation, dashboards }) => {
    expect(compilation.alarms.length).toBeGreaterThan(30);
    const wrong = compilation.alarms
      .map((alarm) => [alarm.alarmName, drawnOn(alarm, dashboards)] as const)
      .filter(([, titles]) => titles.length !== 1);
    expect(wrong).toEqual([]);
  },
);

test.each(environments)('$name draws no threshold twice, and none without an alarm', ({ compilation, dashboards }) => {
  const labels = metricWidgets(dashboards)
    .filter(({ view }) => view === 'timeSeries')
    .flatMap(({ title, annotations }) =>
      (annotations?.horizontal ?? [])
        .filter(({ fill }) => fill !== undefined)
        // The matches of event rules have a graph of their own; an alert may also have alarms on metrics.
        .map(({ label, value }) => `${label.split(': ')[0]} ${value} ${title === 'Events' ? 'events' : 'metrics'}`),
    );
  expect(new Set(labels).size).toBe(labels.length);
  const alerts = new Set(labels.map((label) => label.split(' ')[0]));
  const watched = [...compilation.alarms, ...compilation.events.filter(({ severity }) => severity === 'critical')];
  expect([...alerts].sort()).toEqual([...new Set(watched.map(({ alert }) => alert))].sort());
});

test.each(environments)('$name shows the state of every alarm once, and every event', ({ compilation, dashboards }) => {
  const states = dashboards.flatMap(({ body }) =>
    body.widgets.flatMap((widget) => (widget.type === 'alarm' ? widget.properties.alarms : [])),
  );
  expect(states.map((arn) => arn.split(':alarm:')[1]).sort()).toEqual(
    [
      ...compilation.alarms.map(({ alarmName }) => alarmName),
      ...compilation.events.filter(({ severity }) => severity === 'critical').map(({ ruleName }) => ruleName),
    ].sort(),
  );
  const rules = metricWidgets(dashboards)
    .flatMap(({ metrics }) => metrics)
    .filter(([namespace]) => namespace === 'AWS/Events')
    .map((entry) => entry[3] as unknown);
  expect(rules.sort()).toEqual(compilation.events.map(({ ruleName }) => ruleName).sort());
});

test.each(environments)('$name has bodies that CloudWatch accepts, without overlap or hole', ({ dashboards }) => {
  for (const { body } of dashboards) {
    expect(dashboardBodySchema.safeParse(body).error).toBeUndefined();
    expect(holes(body.widgets)).toBe(0);
  }
});

test.each(environments)(
  '$name shows as much time as its slowest alarm must stay bad',
  ({ compilation, dashboards }) => {
    const RANGES: Readonly<Record<string, number>> = { '-PT3H': 10_800, '-P1D': 86_400, '-P7D': 604_800 };
    for (const dashboard of dashboards) {
      for (const { alert, periodSeconds, evaluationPeriods, ...alarm } of compilation.alarms) {
        if (!drawnOn({ alert, periodSeconds, evaluationPeriods, ...alarm }, dashboards).includes(dashboard.title))
          continue;
        const graphs = metricWidgets([dashboard]).filter((properties) => draws(properties, alert));
        expect(graphs.length).toBeGreaterThan(0);
        for (const { start = dashboard.body.start } of graphs) {
          // From the first bad value to the last.
          expect(RANGES[start]).toBeGreaterThanOrEqual(periodSeconds * (evaluationPeriods - 1));
        }
      }
    }
  },
);

test.each(environments)('$name draws metrics that only dashboards read', ({ dashboards }) => {
  const shown = metricWidgets(dashboards).map(({ metrics }) => new Set(metrics.map((entry) => entry[1])));
  for (const name of [
    'bookings_total_count',
    'messages_total_count',
    'message_cost_total_cost',
    'active_conversations_count',
    'webhook_events_count',
  ]) {
    expect(shown.filter((names) => names.has(name))).toHaveLength(1);
  }
});

test('every group that a dashboard names exists in alerts.yml', () => {
  const groups = new Set(loadAlerts().map(({ group }) => group));
  expect(BOARDS.flatMap((board) => board.groups).filter((group) => !groups.has(group))).toEqual([]);
});

test('a new entry of alerts.yml gets its line, whatever its group', () => {
  const alerts = readFileSync(join(__dirname, '../../../lib/monitoring/alerts.yml'), 'utf8');
  const entry = `
  - name: brand_new
    rules:
      - alert: TooManyReplicas
        expr: pg_replicas_connected > 12
        labels: { severity: info, component: replication }
        annotations: { summary: Many replicas, description: More than planned. }
`;
  const { compilation, dashboards } = dashboardsOf('production', parseAlerts(alerts.trimEnd() + entry));
  const [added] = compilation.alarms.filter(({ alert }) => alert === 'TooManyReplicas');
  expect(drawnOn(added!, dashboards)).toEqual(['PostgreSQL Overview']);
  expect(drawnOn(added!, dashboardsOf('production').dashboards)).toEqual([]);
});
