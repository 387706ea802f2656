import type { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Client } from 'pg';
import { createHandler } from '../../../lambda/collector';
import type { CollectedQuery } from '../../../lib/contract/collected-query';
import { loadCollection } from '../../../lib/monitoring/collection';
import { type Cluster, startCluster } from '../../../lib/local-postgres/cluster';
import type { RunFolder } from '../../../lib/local-postgres/run-folder';
import { clusterSeed, DATABASE, MASTER, METRICS_LOGIN } from './cluster-seed';

export { DATABASE, METRICS_LOGIN };

/** A cluster with all migrations, and a session of its master user. */
export async function startMigratedCluster(
  folder: RunFolder,
  replicas = 0,
): Promise<{ cluster: Cluster; admin: Client }> {
  const seed = await clusterSeed('migrated');
  const cluster = await startCluster({ folder, replicas, database: DATABASE, master: MASTER, seed });
  return { cluster, admin: await cluster.connect(cluster.primary) };
}

/** Ends the collectors' sessions, and waits until they are gone: their role may have only a few. */
export async function endCollectorSessions(cluster: Cluster): Promise<void> {
  for (const server of [cluster.primary, ...cluster.replicas]) {
    const session = await cluster.connect(server, cluster.superuser);
    await session.query(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'collector'",
    );
    await session.end();
  }
}

/** A query of a collection that publishes its column n as one gauge of the primary, `<name>_n`. */
export function gauge(name: string, sql: string, changes: Partial<CollectedQuery> = {}): CollectedQuery {
  const metrics = [
    { metric: `${name}_n`, column: 'n', kind: 'gauge', per: 'environment', servers: 'primary' },
  ] as const;
  return { name, sql, primaryOnly: true, cacheSeconds: 0, labels: [], details: [], metrics, ...changes };
}

/** One datum of a pass: every value as often as it was counted. */
interface Published {
  readonly metric: string;
  readonly server: string | undefined;
  readonly values: number[];
}

/** A collector whose CloudWatch keeps what it gets. */
export interface TestCollector {
  /** One pass. Throws what the handler throws; what was published before stays in `published`. */
  readonly pass: () => Promise<void>;
  /** Of the last pass, in its order. */
  readonly published: () => readonly Published[];
  /** Values of one series in the last pass, ascending; none where it was not published. */
  readonly values: (metric: string, server?: string) => number[];
}

/** The collector's handler against all servers of a cluster. `changes` replaces what is to be tried. */
export function testCollector(
  cluster: Cluster,
  changes: Partial<Parameters<typeof createHandler>[0]> = {},
): TestCollector {
  let last: Published[] = [];
  const handler = createHandler({
    settings: {
      environment: 'test',
      database: DATABASE,
      region: 'local',
      servers: [cluster.primary, ...cluster.replicas].map(({ name, host, port }) => ({ name, host, port })),
    },
    queries: loadCollection(),
    cloudWatch: {
      send: (command: unknown) => {
        for (const { MetricName = '', Dimensions, Values = [], Counts = [] } of (command as PutMetricDataCommand).input
          .MetricData ?? []) {
          last.push({
            metric: MetricName,
            server: Dimensions?.find(({ Name }) => Name === 'Server')?.Value,
            values: Values.flatMap((value, i) => Array.from({ length: Counts[i] ?? 0 }, () => value)),
          });
        }
        return Promise.resolve({});
      },
    },
    ca: cluster.ca,
    password: () => Promise.resolve(METRICS_LOGIN.password),
    now: () => new Date(),
    ...changes,
  });
  return {
    pass: () => {
      last = [];
      return handler();
    },
    published: () => last,
    values: (metric, server) =>
      last
        .filter((each) => each.metric === metric && each.server === server)
        .flatMap(({ values }) => values)
        .sort((a, b) => a - b),
  };
}
