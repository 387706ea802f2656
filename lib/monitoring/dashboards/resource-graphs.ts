import type { Inventory } from '../compiler/target';
import type { Board } from './boards';
import { OVERVIEW, REPLICATION } from './boards';
import type { Content, MetricEntry } from './body';
import type { DashboardContext } from './context';
import { type Series, seriesEntry } from './lines';

/** A metric of AWS. */
interface AwsLine {
  readonly metric: string;
  readonly statistic: 'Average' | 'Maximum' | 'Sum';
  readonly label: string;
}

/** A counter of Database Insights. It is no metric of CloudWatch: metric math asks for it (`DB_PERF_INSIGHTS`), without a charge for a series. */
interface CounterLine {
  readonly counter: string;
  readonly label: string;
}

/** A graph of what a server, the proxy or the cache does, without an alarm. */
interface ResourceGraph {
  readonly board: Board;
  readonly section: string;
  readonly title: string;
  /** What the values are, with their unit. */
  readonly axis: string;
  readonly of: 'every server' | 'the primary' | 'the proxy' | 'every node of the cache';
  readonly lines: readonly (AwsLine | CounterLine)[];
}

const LOAD = 'Load';
const VOLUME = 'Volume, memory and network';
const PROXY = 'Proxy';
const CACHE = 'Cache';

const average = (metric: string, label: string): AwsLine => ({ metric, statistic: 'Average', label });
const sum = (metric: string, label: string): AwsLine => ({ metric, statistic: 'Sum', label });
const counter = (name: string, label: string): CounterLine => ({ counter: `${name}.avg`, label });

/**
 * What people know from Grafana's dashboards of PostgreSQL and no alarm draws. Names, units and statistics: RDS User Guide, "Amazon
 * CloudWatch metrics for Amazon RDS", "Monitoring RDS Proxy metrics" and "Performance Insights counter metrics" (2026-04-13); ElastiCache User Guide, "Metrics for Valkey
 * and Redis OSS". AWS charges
 * for none of them. How long the counters stay is that of Database Insights: 7 days in its standard mode.
 */
const RESOURCE_GRAPHS: readonly ResourceGraph[] = [
  {
    board: OVERVIEW,
    section: LOAD,
    title: 'Transactions a second',
    axis: 'transactions a second',
    of: 'every server',
    lines: [
      counter('db.Transactions.xact_commit', 'committed'),
      counter('db.Transactions.xact_rollback', 'rolled back'),
    ],
  },
  {
    board: OVERVIEW,
    section: LOAD,
    title: 'Sessions of the primary by state',
    axis: 'sessions',
    of: 'the primary',
    lines: [
      counter('db.User.numbackends', 'all'),
      counter('db.Transactions.active_transactions', 'in a transaction'),
      counter('db.state.idle_in_transaction_count', 'idle in a transaction'),
      counter('db.state.idle_in_transaction_aborted_count', 'idle in a failed transaction'),
      counter('db.Transactions.blocked_transactions', 'waiting for a lock'),
    ],
  },
  {
    board: OVERVIEW,
    section: LOAD,
    title: 'Rows read and written a second on the primary',
    axis: 'rows a second',
    of: 'the primary',
    lines: [
      counter('db.SQL.tup_fetched', 'fetched'),
      counter('db.SQL.tup_inserted', 'inserted'),
      counter('db.SQL.tup_updated', 'updated'),
      counter('db.SQL.tup_deleted', 'deleted'),
    ],
  },
  {
    board: OVERVIEW,
    section: VOLUME,
    title: 'Reads and writes a second',
    axis: 'operations a second (IOPS)',
    of: 'every server',
    lines: [average('ReadIOPS', 'reads'), average('WriteIOPS', 'writes')],
  },
  {
    board: OVERVIEW,
    section: VOLUME,
    title: 'Volume throughput',
    axis: 'bytes a second',
    of: 'every server',
    lines: [average('ReadThroughput', 'read'), average('WriteThroughput', 'written')],
  },
  {
    board: OVERVIEW,
    section: VOLUME,
    title: 'Requests that wait for the volume',
    axis: 'requests',
    of: 'every server',
    lines: [average('DiskQueueDepth', 'waiting')],
  },
  {
    board: OVERVIEW,
    section: VOLUME,
    title: 'Temporary files of queries',
    axis: 'bytes a second',
    of: 'every server',
    lines: [counter('db.Temp.temp_bytes', 'written')],
  },
  {
    board: OVERVIEW,
    section: VOLUME,
    title: 'Network',
    axis: 'bytes a second',
    of: 'every server',
    lines: [average('NetworkReceiveThroughput', 'received'), average('NetworkTransmitThroughput', 'sent')],
  },
  {
    board: OVERVIEW,
    section: PROXY,
    title: 'Clients of the proxy',
    axis: 'connections',
    of: 'the proxy',
    lines: [
      sum('ClientConnections', 'clients'),
      sum('DatabaseConnections', 'server connections'),
      sum('DatabaseConnectionsCurrentlyBorrowed', 'server connections in use'),
      sum('DatabaseConnectionsCurrentlyInTransaction', 'server connections in a transaction'),
    ],
  },
  {
    board: OVERVIEW,
    section: PROXY,
    title: 'Queries through the proxy',
    axis: 'queries a minute',
    of: 'the proxy',
    lines: [sum('QueryRequests', 'queries')],
  },
  {
    board: OVERVIEW,
    section: PROXY,
    title: 'Time to answer a query',
    axis: 'average time, µs',
    of: 'the proxy',
    lines: [average('QueryResponseLatency', 'proxy'), average('QueryDatabaseResponseLatency', 'database')],
  },
  {
    board: OVERVIEW,
    section: CACHE,
    title: 'Hits and misses of the cache',
    axis: 'keys asked for in a minute',
    of: 'every node of the cache',
    lines: [sum('CacheHits', 'found'), sum('CacheMisses', 'not found')],
  },
  {
    board: REPLICATION,
    section: 'WAL',
    title: 'WAL written a second',
    axis: 'bytes a second',
    of: 'the primary',
    lines: [average('TransactionLogsGeneration', 'written')],
  },
  {
    board: REPLICATION,
    section: 'WAL',
    title: 'WAL on the volume',
    axis: 'bytes',
    of: 'every server',
    lines: [average('TransactionLogsDiskUsage', 'WAL')],
  },
  {
    board: REPLICATION,
    section: 'WAL',
    title: 'Lag of the slowest replica in bytes',
    axis: 'WAL that it has not received, bytes',
    of: 'the primary',
    lines: [{ metric: 'OldestReplicationSlotLag', statistic: 'Maximum', label: 'lag' }],
  },
];

/** The graphs of a board by section; none of resources that the environment does not have. */
export function resourceGraphs(board: Board, context: DashboardContext): Map<string, Content[]> {
  const sections = new Map<string, Content[]>();
  for (const graph of RESOURCE_GRAPHS.filter((each) => each.board === board)) {
    const metrics = entriesOf(graph, context);
    if (metrics.length === 0) continue;
    const { section, title, axis } = graph;
    const properties = { title, view: 'timeSeries', stacked: false, region: context.region, metrics } as const;
    const content: Content = { type: 'metric', properties: { ...properties, yAxis: { left: { label: axis } } } };
    sections.set(section, [...(sections.get(section) ?? []), content]);
  }
  return sections;
}

const PERIOD_SECONDS = 60;

function entriesOf({ of, lines }: ResourceGraph, context: DashboardContext): MetricEntry[] {
  const resources = resourcesOf(of, context);
  return resources.flatMap((name, resource) =>
    lines.map((line, index): MetricEntry => {
      const label = [resources.length > 1 ? name : '', lines.length > 1 ? line.label : ''].filter(Boolean).join(', ');
      const shown = { label: label || line.label, period: PERIOD_SECONDS };
      if ('counter' in line) {
        // The resource id, because the function does not take the name (CloudWatch User Guide, "Metric math syntax and functions").
        const expression = `DB_PERF_INSIGHTS('RDS', '${context.resourceIdOf(name)}', '${line.counter}')`;
        return [{ expression, id: `e${resource * lines.length + index + 1}`, ...shown }];
      }
      const namespace = of === 'every node of the cache' ? 'AWS/ElastiCache' : 'AWS/RDS';
      const series = { namespace, metricName: line.metric, dimensions: dimensionsOf(of, name) };
      return seriesEntry(series, { ...shown, stat: line.statistic }, context.nameOf);
    }),
  );
}

function dimensionsOf(of: ResourceGraph['of'], name: string): Series['dimensions'] {
  if (of === 'the proxy') return { ProxyName: { kind: 'proxy', name: '' } };
  if (of === 'every node of the cache') return { CacheClusterId: { kind: 'cacheNode', name } };
  return { DBInstanceIdentifier: { kind: 'server', name } };
}

function resourcesOf(
  of: ResourceGraph['of'],
  { servers, hasProxy, cacheNodes }: Pick<Inventory, 'servers' | 'hasProxy' | 'cacheNodes'>,
): readonly string[] {
  const names = servers.map(({ name }) => name);
  switch (of) {
    case 'every server':
      return names;
    case 'the primary':
      return names.slice(0, 1);
    case 'the proxy':
      return hasProxy ? ['proxy'] : [];
    case 'every node of the cache':
      return cacheNodes;
  }
}
