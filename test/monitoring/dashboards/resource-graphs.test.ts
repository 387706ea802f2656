import { loadAlerts } from '../../../lib/monitoring/alerts';
import { compile } from '../../../lib/monitoring/compiler/compile';
import type { MetricEntry } from '../../../lib/monitoring/dashboards/body';
import { METRIC_SOURCES } from '../../../lib/monitoring/sources/metric-sources';
import { METRIC_NAMESPACE } from '../../../lib/contract/metrics';
import { FULL, BARE } from '../../support/monitoring/alerts';
import { compilationOf } from '../../support/monitoring/compilation';
import { build, graphs } from '../../support/monitoring/dashboards';
import { CACHE_METRICS, COUNTERS, PROXY_METRICS, SERVER_METRICS } from '../../support/monitoring/documented-metrics';

const dashboards = build(compile(loadAlerts(), METRIC_SOURCES, FULL));
const titled = (title: string, where = dashboards) => graphs(where).filter((graph) => graph.title === title);

/** What people look for who know Grafana's dashboards of PostgreSQL, and the graph that has it. */
test.each([
  ['transactions a second', 'Transactions a second'],
  ['sessions by state', 'Sessions of the primary by state'],
  ['IOPS', 'Reads and writes a second'],
  ['latency', 'Volume latency high'],
  ['throughput', 'Volume throughput'],
  ['memory', 'Memory low'],
  ['swap', 'Swap high'],
  ['network', 'Network'],
  ['locks', 'Sessions blocked'],
  ['WAL rate', 'WAL written a second'],
  ['clients of the proxy', 'Clients of the proxy'],
  ['lag in bytes', 'Lag of the slowest replica in bytes'],
])('%s: the graph "%s"', (_, title) => {
  expect(titled(title)).toHaveLength(1);
});

test('a line for each server and value says both', () => {
  const [graph] = titled('Reads and writes a second');
  expect(graph?.metrics.slice(0, 3)).toEqual([
    [
      'AWS/RDS',
      'ReadIOPS',
      'DBInstanceIdentifier',
      'the-server-primary',
      { label: 'primary, reads', stat: 'Average', period: 60 },
    ],
    [
      'AWS/RDS',
      'WriteIOPS',
      'DBInstanceIdentifier',
      'the-server-primary',
      { label: 'primary, writes', stat: 'Average', period: 60 },
    ],
    [
      'AWS/RDS',
      'ReadIOPS',
      'DBInstanceIdentifier',
      'the-server-replica-1',
      { label: 'replica-1, reads', stat: 'Average', period: 60 },
    ],
  ]);
  expect(graph?.metrics).toHaveLength(6);
});

test('a counter of Database Insights is asked by the id of the server’s resource', () => {
  const [graph] = titled('Transactions a second');
  expect(graph?.metrics.slice(1, 3)).toEqual([
    [
      {
        expression: "DB_PERF_INSIGHTS('RDS', 'db-PRIMARY', 'db.Transactions.xact_rollback.avg')",
        id: 'e2',
        label: 'primary, rolled back',
        period: 60,
      },
    ],
    [
      {
        expression: "DB_PERF_INSIGHTS('RDS', 'db-REPLICA-1', 'db.Transactions.xact_commit.avg')",
        id: 'e3',
        label: 'replica-1, committed',
        period: 60,
      },
    ],
  ]);
});

test('an environment without replicas and proxy has no lines of them', () => {
  const bare = build(compilationOf([]), BARE);
  expect(titled('Clients of the proxy', bare)).toEqual([]);
  expect(titled('Reads and writes a second', bare)[0]?.metrics.map((entry) => entry.at(-1))).toMatchObject([
    { label: 'reads' },
    { label: 'writes' },
  ]);
});

/** The name of a metric that nothing publishes; undefined for one that exists. */
function unknownName(entry: MetricEntry): string | undefined {
  const [first] = entry;
  if (typeof first === 'object' && 'expression' in first) {
    const asked = /^DB_PERF_INSIGHTS\('RDS', '[^']+', '(.+)\.avg'\)$/.exec(first.expression)?.[1];
    return asked === undefined || COUNTERS.has(asked) ? undefined : asked;
  }
  const [namespace, name = '', dimension] = entry as readonly string[];
  if (namespace === METRIC_NAMESPACE) return Object.hasOwn(METRIC_SOURCES, name) ? undefined : name;
  if (namespace === 'AWS/ElastiCache') return CACHE_METRICS.has(name) ? undefined : name;
  if (namespace !== 'AWS/RDS') return undefined;
  return (dimension === 'ProxyName' ? PROXY_METRICS : SERVER_METRICS).has(name) ? undefined : name;
}

test('every widget shows metrics that exist', () => {
  const entries = graphs(dashboards).flatMap(({ metrics }) => metrics);
  expect(entries.filter((entry) => JSON.stringify(entry).includes('DB_PERF_INSIGHTS')).length).toBeGreaterThan(10);
  expect(entries.flatMap((entry) => unknownName(entry) ?? [])).toEqual([]);
  expect(unknownName(['AWS/RDS', 'TransactionsPerSecond', 'DBInstanceIdentifier', 'x', { stat: 'Sum' }])).toBe(
    'TransactionsPerSecond',
  );
});
