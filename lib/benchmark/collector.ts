import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { escapeLiteral } from 'pg';
import { parse } from 'yaml';
import type { createHandler } from '../../lambda/collector';
import type { EnvironmentAssembly } from '../assembly/environment-assembly';
import type { CollectedQuery } from '../contract/collected-query';
import { COLLECTION_FILE } from '../contract/files';
import { METRICS_USER } from '../contract/roles';
import type { Cluster } from '../local-postgres/cluster';
import { AFTER, loginTo, withSession } from './databases/databases';
import { median } from './clients/statistics';

const RUNS = 7;
/** How often the query with the longest cache time is asked during the measurement. */
const ROUNDS = 3;
const MINUTE_MS = 60_000;
/** Password of metrics_user, where RDS takes IAM tokens. */
const PASSWORD = 'benchmark';

/** Times of the original queries, one after another in one session. */
export interface OriginalFigures {
  /** Median of all queries together, ms. */
  readonly originalMs: number;
  /** The first run, ms. */
  readonly firstMs: number;
  /** Median of each query, ms, the slowest first. */
  readonly queries: Record<string, number>;
  readonly rows: number;
}

/** Runs the owner's 18 queries in the database `after` as it is now. */
export async function measureOriginal(cluster: Cluster): Promise<OriginalFigures> {
  const file = readFileSync(join(__dirname, 'original-queries.yaml'), 'utf8');
  const queries = Object.entries(parse(file) as Record<string, string>);
  return withSession(loginTo(cluster, AFTER, cluster.superuser), async (client) => {
    const totals: number[] = [];
    const times = new Map<string, number[]>();
    let rowsRead = 0;
    for (let run = 0; run < RUNS; run++) {
      const started = performance.now();
      rowsRead = 0;
      for (const [name, sql] of queries) {
        const before = performance.now();
        rowsRead += (await client.query(sql)).rows.length;
        times.set(name, [...(times.get(name) ?? []), performance.now() - before]);
      }
      totals.push(performance.now() - started);
    }
    const medians = [...times].map(([name, ms]): [string, number] => [name, median(ms)]).sort((a, b) => b[1] - a[1]);
    return {
      originalMs: median(totals),
      firstMs: totals[0] ?? NaN,
      queries: Object.fromEntries(medians),
      rows: rowsRead,
    };
  });
}

/** Times of the collector's passes. */
export interface PassFigures {
  /** Mean of passes a minute apart, ms, over three times the longest cache time: what a minute costs. */
  readonly passMs: number;
  /** The slowest of them, ms. */
  readonly slowestPassMs: number;
  /** The first pass of a new function, ms: it logs in and asks every query. */
  readonly coldPassMs: number;
  /** CloudWatch series that a pass publishes. */
  readonly series: number;
  /** Values in them. */
  readonly values: number;
}

/** Runs the deployed collector on the database `after`. Only CloudWatch is replaced: it accepts the data at once. */
export async function measurePasses(assembly: EnvironmentAssembly, cluster: Cluster): Promise<PassFigures> {
  const { folder, module } = await assembly.loadFunction<{ createHandler: typeof createHandler }>('collector');
  const queries = JSON.parse(readFileSync(join(folder, COLLECTION_FILE), 'utf8')) as CollectedQuery[];
  await withSession(loginTo(cluster, AFTER), (client) =>
    client.query(`ALTER ROLE ${METRICS_USER} PASSWORD ${escapeLiteral(PASSWORD)}`),
  );
  const minutesOfRound = (1000 / MINUTE_MS) * Math.max(...queries.map(({ cacheSeconds }) => cacheSeconds));
  let now = Date.now();
  let series = 0;
  let values = 0;
  const { name, host, port } = cluster.primary;
  const collect = module.createHandler({
    settings: { environment: 'benchmark', database: AFTER, region: 'local', servers: [{ name, host, port }] },
    queries,
    cloudWatch: {
      send: (command: unknown) => {
        const { MetricData = [] } = (command as PutMetricDataCommand).input;
        series += MetricData.length;
        values += MetricData.reduce((sum, { Values = [] }) => sum + Values.length, 0);
        return Promise.resolve({});
      },
    },
    ca: cluster.ca,
    password: () => Promise.resolve(PASSWORD),
    now: () => new Date(now),
  });
  const pass = async (): Promise<number> => {
    now += MINUTE_MS;
    series = 0;
    values = 0;
    const started = performance.now();
    await collect();
    return performance.now() - started;
  };
  // Without it the server would still be writing what the migrations changed.
  await withSession(loginTo(cluster, AFTER, cluster.superuser), (client) => client.query('CHECKPOINT'));
  const coldPassMs = await pass();
  const times: number[] = [];
  // The first round warms up, as the original queries' first run does.
  for (let i = 0; i < (1 + ROUNDS) * minutesOfRound; i++) {
    const ms = await pass();
    if (i >= minutesOfRound) times.push(ms);
  }
  const passMs = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  return { passMs, slowestPassMs: Math.max(...times), coldPassMs, series, values };
}

/** Number of rows in the time windows of the queries, now. */
export async function windowRows(cluster: Cluster): Promise<Record<string, number>> {
  const window = (table: string, column: string, hours: number) =>
    `SELECT '${table}, ${hours} h' AS name, count(*)::int AS rows FROM ${table} WHERE ${column} >= now() AT TIME ZONE 'utc' - interval '${hours} hours'`;
  const windows = [
    window('messages', 'created_at', 1),
    window('messages', 'created_at', 24),
    window('webhook_logs', 'created_at', 1),
    window('ai_messages', 'created_at', 1),
    window('bookings', 'created_at', 24),
    window('conversations', 'last_message_at', 24),
  ];
  return withSession(loginTo(cluster, AFTER), async (client) => {
    const { rows } = await client.query<{ name: string; rows: number }>(windows.join(' UNION ALL '));
    return Object.fromEntries(rows.map((row) => [row.name, row.rows]));
  });
}
