import type { Severity } from '../../../lib/shared/severities';
import type { Compilation, CompiledEvent } from '../../../lib/monitoring/compiler/compiled';
import type { MetricProperties } from '../../../lib/monitoring/dashboards/body';
import type { DashboardContext } from '../../../lib/monitoring/dashboards/context';
import { buildDashboards, type Dashboard } from '../../../lib/monitoring/dashboards/dashboards';
import { METRIC_SOURCES } from '../../../lib/monitoring/sources/metric-sources';
import { FULL } from '../../support/monitoring/alerts';
import { alarm, compilationOf, metric } from '../../support/monitoring/compilation';
import { dashboardBodySchema, holes } from '../../support/monitoring/dashboard-schema';
import { drawnOn, nameInTests } from '../../support/monitoring/drawn';

const context: DashboardContext = {
  ...FULL,
  region: 'us-east-1',
  sources: METRIC_SOURCES,
  nameOf: nameInTests,
  alarmArn: (name) => `arn:aws:cloudwatch:us-east-1:111111111111:alarm:${name}`,
};

function build(compilation: Compilation, change: Partial<DashboardContext> = {}): Dashboard[] {
  return buildDashboards(compilation, { ...context, ...change });
}

function graphs(dashboards: readonly Dashboard[], title?: string): MetricProperties[] {
  return dashboards
    .filter((dashboard) => title === undefined || dashboard.title === title)
    .flatMap(({ body }) => body.widgets)
    .flatMap((widget) => (widget.type === 'metric' ? [widget.properties] : []));
}

function graph(dashboards: readonly Dashboard[], title: string): MetricProperties {
  const found = graphs(dashboards).filter((properties) => properties.title.includes(title));
  expect(found.map((properties) => properties.title)).toHaveLength(1);
  return found[0]!;
}

function markdown({ body }: Dashboard): string {
  return body.widgets.flatMap((widget) => (widget.type === 'text' ? [widget.properties.markdown] : [])).join('\n');
}

const onServers = (...servers: string[]) =>
  servers.map((server) =>
    alarm({
      alert: 'PostgreSQLDown',
      alarmName: `production-PostgreSQLDown-${server}`,
      severity: 'critical',
      metrics: [
        metric({ source: 'pg_up', metricName: 'pg_up', dimensions: { Environment: 'production', Server: server } }),
      ],
      comparisonOperator: 'LessThanThreshold',
    }),
  );

function event(alert: string, severity: Severity): CompiledEvent {
  const { group, component, summary, description } = alarm({ alert });
  const facts = { alert, severity, group, component, summary, description };
  return { ...facts, kind: 'event', ruleName: `production-${alert}`, pattern: { source: [], detailType: [] } };
}

describe('the four dashboards', () => {
  const dashboards = build(compilationOf(onServers('primary')));

  test('have the owner’s names, and names of their own in each environment', () => {
    expect(dashboards.map(({ name, title }) => [name, title])).toEqual([
      ['production-postgresql-overview', 'PostgreSQL Overview'],
      ['production-replication-status', 'Replication Status'],
      ['production-whatsapp-saas-metrics', 'WhatsApp SaaS Metrics'],
      ['production-backup-status', 'Backup Status'],
    ]);
    const names = ['dev', 'staging'].flatMap((environment) =>
      build(compilationOf([]), { environment }).map(({ name }) => name),
    );
    expect(new Set([...names, ...dashboards.map(({ name }) => name)]).size).toBe(12);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,255}$/);
  });

  test('show the owner’s name at the top, and lead to each other', () => {
    for (const dashboard of dashboards) {
      expect(dashboard.body.widgets[0]).toMatchObject({ type: 'text', x: 0, y: 0, width: 24 });
      expect(markdown(dashboard)).toMatch(new RegExp(`^# ${dashboard.title}\n`));
      const others = dashboards.filter((other) => other !== dashboard);
      for (const { name } of others) expect(markdown(dashboard)).toContain(`#dashboards/dashboard/${name})`);
    }
  });

  test('lead to the runbooks and to the worst salons', () => {
    const [overview] = build(compilationOf([]), {
      runbookBaseUrl: 'https://runbooks.example.com',
      worstSalonQueries: 'production/worst-salons',
    });
    expect(markdown(overview!)).toContain('[Runbooks](https://runbooks.example.com)');
    expect(markdown(overview!)).toContain('#logsV2:logs-insights), saved queries "production/worst-salons"');
    expect(markdown(dashboards[0]!)).toContain('`lib/runbooks/<alert>.md`');
  });
});

describe('a graph', () => {
  test('has a line for each server and one threshold in the colour of the severity', () => {
    const properties = graph(build(compilationOf(onServers('primary', 'replica-1'))), 'PostgreSQLDown');
    expect(properties.metrics).toEqual([
      ['WhatsAppSaaS/PostgreSQL', 'pg_up', 'Environment', 'production', 'Server', 'primary', expect.objectContaining({ label: 'primary', stat: 'Maximum', period: 60 })], // prettier-ignore
      ['WhatsAppSaaS/PostgreSQL', 'pg_up', 'Environment', 'production', 'Server', 'replica-1', expect.objectContaining({ label: 'replica-1' })], // prettier-ignore
    ]);
    expect(properties.annotations?.horizontal).toEqual([
      { value: 1, label: 'PostgreSQLDown', color: '#d62728', fill: 'below' },
    ]);
    expect(properties.yAxis?.left.label).toBe(METRIC_SOURCES.pg_up.meaning.split(';')[0]);
  });

  test('has a threshold for each distinct value, named for its servers', () => {
    const [first, second, third] = onServers('primary', 'replica-1', 'replica-2');
    const dashboards = build(compilationOf([{ ...first!, threshold: 160 }, second!, third!]));
    expect(graph(dashboards, 'PostgreSQLDown').annotations?.horizontal).toMatchObject([
      { value: 160, label: 'PostgreSQLDown: primary' },
      { value: 1, label: 'PostgreSQLDown: replica-1, replica-2' },
    ]);
  });

  test('is shared by rules that look at the same lines', () => {
    const low = alarm({ alert: 'Low', comparisonOperator: 'LessThanThreshold', threshold: 20 });
    const critical = alarm({ ...low, alert: 'Critical', alarmName: 'production-Critical', severity: 'critical', threshold: 10 }); // prettier-ignore
    const slower = alarm({ ...low, alert: 'Slower', alarmName: 'production-Slower', periodSeconds: 300 });
    const dashboards = build(compilationOf([low, critical, slower]));
    const shared = graph(dashboards, 'Low, Critical');
    expect(shared.metrics).toHaveLength(1);
    expect(shared.annotations?.horizontal.map(({ value, color }) => [value, color])).toEqual([
      [20, '#ff7f0e'],
      [10, '#d62728'],
    ]);
    expect(graph(dashboards, 'Slower').metrics[0]!.at(-1)).toMatchObject({ period: 300 });
  });

  test('of math shows the result and hides what it is made of, each alarm with ids of its own', () => {
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

  test('of math without a server is named by what is read', () => {
    const single = alarm({ alert: 'Ratio', metrics: [metric({ source: 'used' }), metric({ id: 'm2', source: 'all' })], expression: 'm1 / m2' }); // prettier-ignore
    expect(graph(build(compilationOf([single])), 'Ratio').metrics[0]).toMatchObject([{ label: 'used / all' }]);
  });

  test('of a span shows the metric between its ends, with rules on the same metric', () => {
    const lag = metric({ source: 'replication_lag_lag_seconds', metricName: 'lag' });
    const span = alarm({ alert: 'Lag', metrics: [lag], expression: '(m1 > 60) * (m1 < 300)', threshold: 0 });
    const beyond = alarm({ alert: 'LagCritical', metrics: [lag], threshold: 300, severity: 'critical' });
    const { metrics, annotations, yAxis } = graph(build(compilationOf([span, beyond])), 'Lag, LagCritical');
    expect(metrics).toHaveLength(1);
    expect(metrics[0]![1]).toBe('lag');
    expect(annotations?.horizontal).toEqual([
      { value: 60, fill: 'above', label: 'Lag', color: '#ff7f0e' },
      { value: 300, label: 'Lag', color: '#ff7f0e' },
      { value: 300, fill: 'above', label: 'LagCritical', color: '#d62728' },
    ]);
    expect(yAxis?.left.label).toMatch(/^how far a replica/);
  });

  test('shows how often an event rule matched', () => {
    const warning = event('PostgreSQLFailover', 'warning');
    const critical = event('PostgreSQLStorageCannotGrow', 'critical');
    const dashboards = build(compilationOf([], [warning, critical]));
    const { metrics, annotations } = graph(dashboards, 'Events');
    expect(metrics).toEqual([
      ['AWS/Events', 'TriggeredRules', 'RuleName', warning.ruleName, { label: warning.alert, stat: 'Sum', period: 60 }],
      ['AWS/Events', 'TriggeredRules', 'RuleName', critical.ruleName, { label: critical.alert, stat: 'Sum', period: 60 }], // prettier-ignore
    ]);
    expect(annotations?.horizontal).toEqual([{ value: 0, fill: 'above', label: critical.alert, color: '#d62728' }]);
    const states = dashboards[0]!.body.widgets.flatMap((w) => (w.type === 'alarm' ? w.properties.alarms : []));
    expect(states).toEqual([context.alarmArn(critical.ruleName)]);
  });
});

describe('placing', () => {
  test.each([
    ['database_performance', 'PostgreSQL Overview'],
    ['notifications', 'PostgreSQL Overview'],
    ['replication_health', 'Replication Status'],
    ['whatsapp_saas_alerts', 'WhatsApp SaaS Metrics'],
    ['backup_health', 'Backup Status'],
    ['a_group_nobody_thought_of', 'PostgreSQL Overview'],
  ])('shows the group %s on %s, with its states at the top', (group, title) => {
    const one = alarm({ alert: 'Something', group });
    const dashboards = build(compilationOf([one]));
    expect(drawnOn(one, dashboards)).toEqual([title]);
    const states = dashboards.flatMap(({ title: on, body }) =>
      body.widgets.flatMap((widget, index) => (widget.type === 'alarm' ? [{ on, index, ...widget.properties }] : [])),
    );
    expect(states).toMatchObject([{ on: title, index: 1, alarms: [context.alarmArn(one.alarmName)] }]);
  });

  test('takes a second status widget for the 101st alarm', () => {
    const many = Array.from({ length: 101 }, (_, index) => alarm({ alert: `Alert${index}`, threshold: index }));
    const [overview] = build(compilationOf(many));
    const counts = overview!.body.widgets.flatMap((w) => (w.type === 'alarm' ? [w.properties.alarms.length] : []));
    expect(counts).toEqual([100, 1]);
    expect(dashboardBodySchema.safeParse(overview!.body).error).toBeUndefined();
  });

  test('leaves neither overlap nor hole, however many graphs there are', () => {
    for (let count = 0; count <= 14; count++) {
      const some = Array.from({ length: count }, (_, index) =>
        alarm({ alert: `Alert${index}`, group: `group_${index % 5}`, metrics: [metric({ metricName: `m${index}` })] }),
      );
      for (const { body } of build(compilationOf(some))) {
        expect(dashboardBodySchema.safeParse(body).error).toBeUndefined();
        expect(holes(body.widgets)).toBe(0);
      }
    }
  });

  test('shows on the application’s dashboard what the collector reads for dashboards only, and nothing that a rule reads', () => {
    const read = alarm({ alert: 'Some', metrics: [metric({ source: 'message_cost_total_cost' })] });
    const titles = graphs(build(compilationOf([read])), 'WhatsApp SaaS Metrics').map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(['bookings_total_count', 'messages_total_count']));
    expect(titles).not.toContain('message_cost_total_cost');
  });
});
