import { buildDashboards } from '../../../lib/monitoring/dashboards/dashboards';
import { type Goal, goalsOf } from '../../../lib/monitoring/dashboards/goals';
import { BARE, FULL } from '../../support/monitoring/alerts';
import { compilationOf } from '../../support/monitoring/compilation';
import { dashboardContext } from '../../support/monitoring/dashboards';

const context = dashboardContext(FULL);
const bare = dashboardContext(BARE);

function goal(name: string, where = context): Goal {
  const found = goalsOf(where).find((one) => one.name.startsWith(name));
  if (!found) throw new Error(`no goal ${name}`);
  return found;
}

const propertiesOf = ({ figure }: Goal) => (figure?.type === 'metric' ? figure.properties : undefined);

test('the seven targets of the specification are there, each with its goal in the title of its figure', () => {
  expect(goalsOf(context).map((one) => [one.name, one.goal])).toEqual([
    ['Availability', '99.9 %'],
    ['Replication lag', '< 5 s'],
    ['Query time, 95th percentile', '< 100 ms'],
    ['Backup success', '100 %'],
    ['Recovery time', '< 1 h'],
    ['Recovery point', '< 5 min'],
    ['Pool use', '< 80 %'],
  ]);
  const titles = goalsOf(context).flatMap((one) => propertiesOf(one)?.title ?? []);
  expect(titles).toHaveLength(7);
  for (const title of titles) expect(title).toMatch(/: goal (99\.9 %|100 %|under \d+)/);
});

test('availability is the share of the primary’s answers in a week', () => {
  expect(propertiesOf(goal('Availability'))).toMatchObject({
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
  const properties = propertiesOf(goal('Replication lag'));
  expect(properties).toMatchObject({ view: 'gauge', yAxis: { left: { min: 0 } } });
  expect(properties?.metrics.map((entry) => entry[5])).toEqual(['replica-1', 'replica-2']);
  expect(properties?.annotations?.horizontal.map(({ value, fill }) => [value, fill])).toEqual([
    [5, 'below'],
    [5, 'above'],
  ]);
  expect(goal('Replication lag', bare).figure).toBeUndefined();
  expect(goal('Replication lag', bare).measured).toContain('no replica');
});

test('query time is the average of the proxy in milliseconds, and says so', () => {
  const { measured, ...one } = goal('Query time');
  expect(measured).toMatch(/average.*not 95th percentile/);
  expect(propertiesOf({ measured, ...one })).toMatchObject({
    title: expect.stringMatching(/average, ms: goal under 100 as p95$/) as string,
    metrics: [
      [{ expression: 'm1 / 1000' }],
      ['AWS/RDS', 'QueryResponseLatency', 'ProxyName', 'the-proxy-', { stat: 'Average', visible: false }],
    ],
  });
  expect(goal('Query time', bare).measured).toContain('this environment has none');
  expect(goal('Query time', bare).figure).toBeUndefined();
});

test('backup success counts failed and expired jobs against completed ones', () => {
  const { metrics } = propertiesOf(goal('Backup success'))!;
  expect(metrics[0]).toMatchObject([{ expression: '100 * FILL(m1, 0) / (FILL(m1, 0) + FILL(m2, 0) + FILL(m3, 0))' }]);
  expect(metrics.slice(1).map((entry) => [entry[1], (entry.at(-1) as { id: string }).id])).toEqual([
    ['NumberOfBackupJobsCompleted', 'm1'],
    ['NumberOfBackupJobsFailed', 'm2'],
    ['NumberOfBackupJobsExpired', 'm3'],
  ]);
  expect(goal('Backup success', bare).figure).toBeUndefined();
  expect(goal('Recovery point', bare).figure).toBeUndefined();
});

test('recovery time has a figure only where drills run', () => {
  expect(goal('Recovery time', { ...context, hasDrills: false })).toEqual({
    name: 'Recovery time',
    goal: '< 1 h',
    measured: 'nothing: this environment runs no restore drills',
  });
  expect(propertiesOf(goal('Recovery time'))).toMatchObject({
    start: '-P35D',
    metrics: [
      [{ expression: 'm1 / 60' }],
      ['WhatsAppSaaS/PostgreSQL', 'drill_recovery_time_seconds', 'Environment', 'production', {}],
    ],
  });
});

test('pool use is a share of what the proxy and each server allow', () => {
  const { metrics } = propertiesOf(goal('Pool use'))!;
  expect(metrics.flatMap((entry) => (entry.length === 1 ? [entry[0]] : []))).toMatchObject([
    { expression: '100 * m1 / 100', label: 'proxy, of 100' },
    { expression: '100 * m2 / 200', label: 'primary, of 200' },
    { expression: '100 * m3 / 200', label: 'replica-1, of 200' },
    { expression: '100 * m4 / 200', label: 'replica-2, of 200' },
  ]);
  const series = metrics.filter((entry) => entry.length > 1).map((entry) => [...entry].slice(-2));
  expect(series).toMatchObject([
    ['the-proxy-', { id: 'm1', stat: 'Sum', visible: false }],
    ['primary', { id: 'm2', stat: 'Maximum', visible: false }],
    ['replica-1', { id: 'm3', stat: 'Maximum', visible: false }],
    ['replica-2', { id: 'm4', stat: 'Maximum', visible: false }],
  ]);
  expect(goal('Pool use').measured).toContain('of the proxy as a share of the 100 that it may open');
});

test('without a proxy pool use is about the servers only', () => {
  const { metrics } = propertiesOf(goal('Pool use', bare))!;
  expect(metrics.flatMap((entry) => (entry.length === 1 ? [entry[0]] : []))).toMatchObject([
    { expression: '100 * m1 / 200', label: 'primary, of 200' },
  ]);
  expect(goal('Pool use', bare).measured).not.toContain('proxy');
});

test('figures and a table with every goal are on the overview only', () => {
  const [overview, ...others] = buildDashboards(compilationOf([]), context);
  const text = JSON.stringify(overview!.body);
  for (const { name, goal: limit, measured, figure } of goalsOf(context)) {
    expect(text).toContain(`${name} | ${limit} | ${measured}`);
    if (figure)
      expect(overview!.body.widgets).toContainEqual(expect.objectContaining({ properties: figure.properties }));
    expect(JSON.stringify(others)).not.toContain(`${name} | ${limit}`);
  }
});
