import type { Compilation } from '../../../lib/catalog/compiled';
import type { DashboardContext } from '../../../lib/catalog/dashboards/context';
import { buildDashboards } from '../../../lib/catalog/dashboards/dashboards';
import { type Target, targetsOf } from '../../../lib/catalog/dashboards/targets';
import { METRIC_SOURCES } from '../../../lib/catalog/metric-sources';
import { alarm, compilationOf, metric } from '../../support/compilation';
import { resolveName } from '../../support/drawn';

const context: DashboardContext = {
  environment: 'production',
  region: 'us-east-1',
  servers: [
    { name: 'primary', maxConnections: 200 },
    { name: 'replica-1', maxConnections: 100 },
  ],
  sources: METRIC_SOURCES,
  resolve: resolveName,
  alarmArn: (name) => `arn:aws:cloudwatch:us-east-1:111111111111:alarm:${name}`,
};

const proxy = metric({
  source: 'aws_rds_database_connections_borrow_latency_average',
  namespace: 'AWS/RDS',
  metricName: 'DatabaseConnectionsBorrowLatency',
  dimensions: { ProxyName: { kind: 'proxy', name: '' } },
});
const jobs = ['completed', 'failed', 'expired'].map((end) =>
  metric({
    source: `aws_backup_number_of_backup_jobs_${end}_sum`,
    namespace: 'AWS/Backup',
    metricName: `NumberOfBackupJobs-${end}`,
    dimensions: { BackupVaultName: { kind: 'vault', name: '' } },
  }),
);
const full = compilationOf([proxy, ...jobs].map((series, index) => alarm({ alert: `A${index}`, metrics: [series] })));

function target(name: string, compilation: Compilation = full, change: Partial<DashboardContext> = {}): Target {
  const found = targetsOf(compilation, { ...context, ...change }).find((one) => one.name.startsWith(name));
  if (!found) throw new Error(`no target ${name}`);
  return found;
}

const propertiesOf = ({ figure }: Target) => (figure?.type === 'metric' ? figure.properties : undefined);

test('are the owner’s seven, each with its goal in the title of its figure', () => {
  expect(targetsOf(full, context).map(({ name, goal }) => [name, goal])).toEqual([
    ['Availability', '99.9 %'],
    ['Replication lag', '< 5 s'],
    ['Query time, 95th percentile', '< 100 ms'],
    ['Backup success', '100 %'],
    ['Recovery time', '< 1 h'],
    ['Recovery point', '< 5 min'],
    ['Pool use', '< 80 %'],
  ]);
  const titles = targetsOf(full, context).flatMap((one) => propertiesOf(one)?.title ?? []);
  expect(titles).toHaveLength(6);
  for (const title of titles) expect(title).toMatch(/: goal (99\.9 %|100 %|under \d+)/);
});

test('availability is the share of the primary’s answers in a week', () => {
  expect(propertiesOf(target('Availability'))).toMatchObject({
    view: 'singleValue',
    setPeriodToTimeRange: true,
    start: '-P7D',
    metrics: [
      [{ expression: '100 * m1' }],
      ['WhatsAppSaaS/PostgreSQL', 'pg_up', 'Environment', 'production', 'Server', 'primary', { stat: 'Average' }],
    ],
  });
});

test('lag has a gauge for each replica, red beyond the goal', () => {
  const properties = propertiesOf(target('Replication lag'));
  expect(properties).toMatchObject({ view: 'gauge', yAxis: { left: { min: 0 } } });
  expect(properties?.metrics.map((entry) => entry[5])).toEqual(['replica-1']);
  expect(properties?.annotations?.horizontal.map(({ value, fill }) => [value, fill])).toEqual([
    [5, 'below'],
    [5, 'above'],
  ]);
  const alone = target('Replication lag', full, { servers: context.servers.slice(0, 1) });
  expect(alone.figure).toBeUndefined();
  expect(alone.measured).toContain('no replica');
});

test('query time says that an average of the proxy stands in, in milliseconds', () => {
  const { measured, ...one } = target('Query time');
  expect(measured).toMatch(/average.*not 95th percentile/);
  expect(propertiesOf({ measured, ...one })).toMatchObject({
    title: expect.stringMatching(/^Average query time/) as string,
    metrics: [
      [{ expression: 'm1 / 1000' }],
      ['AWS/RDS', 'QueryResponseLatency', 'ProxyName', 'the-proxy-', { stat: 'Average', visible: false }],
    ],
  });
  expect(target('Query time', compilationOf([]))).toMatchObject({
    measured: expect.stringContaining('this environment has none') as string,
  });
  expect(target('Query time', compilationOf([])).figure).toBeUndefined();
});

test('backup success counts failed and expired jobs against completed ones', () => {
  const { metrics } = propertiesOf(target('Backup success'))!;
  expect(metrics[0]).toMatchObject([{ expression: '100 * FILL(m1, 0) / (FILL(m1, 0) + FILL(m2, 0) + FILL(m3, 0))' }]);
  expect(metrics.slice(1).map((entry) => [entry[1], (entry.at(-1) as { id: string }).id])).toEqual([
    ['NumberOfBackupJobs-completed', 'm1'],
    ['NumberOfBackupJobs-failed', 'm2'],
    ['NumberOfBackupJobs-expired', 'm3'],
  ]);
  expect(target('Backup success', compilationOf([])).figure).toBeUndefined();
});

test('recovery time has a figure only once drills publish it', () => {
  expect(target('Recovery time')).toEqual({
    name: 'Recovery time',
    goal: '< 1 h',
    measured: 'from the drills, not measured yet',
  });
  const sources = { ...METRIC_SOURCES, drill_recovery_time_seconds: METRIC_SOURCES.rds_recovery_point_age_seconds };
  expect(propertiesOf(target('Recovery time', full, { sources }))).toMatchObject({
    start: '-P35D',
    metrics: [[{ expression: 'm1 / 60' }], ['WhatsAppSaaS/PostgreSQL', 'drill_recovery_time_seconds', 'Environment', 'production', {}]], // prettier-ignore
  });
});

test('pool use is a share of what each server allows', () => {
  const { metrics } = propertiesOf(target('Pool use'))!;
  expect(metrics.flatMap((entry) => (entry.length === 1 ? [entry[0]] : []))).toMatchObject([
    { expression: '100 * m1 / 200', label: 'primary' },
    { expression: '100 * m2 / 100', label: 'replica-1' },
  ]);
});

test('stand on the overview alone, figures and a table that names every goal', () => {
  const [overview, ...others] = buildDashboards(full, context);
  const text = JSON.stringify(overview!.body);
  for (const { name, goal, measured, figure } of targetsOf(full, context)) {
    expect(text).toContain(`${name} | ${goal} | ${measured}`);
    if (figure)
      expect(overview!.body.widgets).toContainEqual(expect.objectContaining({ properties: figure.properties }));
    expect(JSON.stringify(others)).not.toContain(`${name} | ${goal}`);
  }
});
