import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../rehearsal/postgres/cluster';
import type { RunFolder } from '../rehearsal/postgres/run-folder';
import { ANALYTICS, type AnalyticsFigures, measureAnalytics } from './analytics';
import { Child } from './child';
import { measureOriginal, measurePasses, windowRows } from './collector';
import * as databases from './databases';
import { judge } from './goals';
import { measureSides } from './measure';
import { drawSql, PATTERNS } from './patterns';
import { explain, indexesOf } from './plans';
import type { BenchReport, CollectorReport, PatternReport, TableSize } from './report';
import { DAYS, volumesOf } from './volumes';

/** What to measure. */
export interface BenchOptions {
  /** 1: the documented workload. */
  readonly scale: number;
  /** Whether to measure the collector, too. */
  readonly collector: boolean;
  /** The server's data; the caller disposes of it. */
  readonly folder: RunFolder;
  /** Where the plans are kept, in a folder `plans`. */
  readonly reportFolder: string;
  readonly onProgress: databases.Progress;
}

/** Sets of values for each pattern. */
const SETS = 200;
const MS_A_DAY = 86_400_000;
const GIB = 1024 ** 3;

/** Measures the application's queries before and after the migrations, on one server with both databases. */
export async function bench({ scale, collector, folder, reportFolder, onProgress }: BenchOptions): Promise<BenchReport> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const end = utc(new Date());
  const cluster = await databases.startServer(folder);
  const rows = await databases.load(cluster, volumesOf(scale), end, onProgress);
  await databases.copy(cluster, onProgress);
  const { owners, all } = databases.migrationSets();
  await databases.migrate(cluster, owners, onProgress);
  // Here, where the database has the owner's indexes and no other; and early, because windows of an hour empty while it runs.
  if (collector) onProgress('asking the original queries');
  const original = collector ? await measureOriginal(cluster) : undefined;
  await databases.migrate(cluster, all, onProgress);
  rows.intent_analytics = await databases.refreshIntents(cluster, end, DAYS, onProgress);
  const loading = seconds();
  if (original) onProgress('collecting');
  const collected = original && collectorReport(original, await measurePasses(cluster), await windowRows(cluster));

  const plans = join(reportFolder, 'plans');
  rmSync(plans, { recursive: true, force: true });
  mkdirSync(plans, { recursive: true });
  const client = new Child('load-client');
  try {
    const patterns: PatternReport[] = [];
    for (const pattern of PATTERNS) {
      onProgress(`measuring ${pattern.name}`);
      patterns.push(await measurePattern(cluster, client, pattern, end, plans));
    }
    onProgress('measuring the floor');
    const [selectOne, primaryKey] = await measureFloor(cluster, client, end);
    if (!selectOne || !primaryKey) throw new Error('the floor has no figures');
    const report = {
      scale,
      postgres: cluster.version,
      machine: { cpus: cpus().length, memoryGiB: totalmem() / GIB, node: process.version },
      settings: await settings(cluster),
      rows,
      sizes: { before: await sizes(cluster, databases.BEFORE), after: await sizes(cluster, databases.AFTER) },
      patterns,
      floor: { selectOne, primaryKey },
      analytics: await measureAllAnalytics(cluster, end, onProgress),
      ...(collected && { collector: collected }),
      seconds: { loading, all: seconds() },
    };
    return { ...report, missed: judge(report) };
  } finally {
    client.end();
  }
}

async function measurePattern(
  cluster: Cluster,
  client: Child,
  pattern: (typeof PATTERNS)[number],
  end: string,
  plansFolder: string,
): Promise<PatternReport> {
  const [before, after] = [databases.BEFORE, databases.AFTER].map((name) => databases.loginTo(cluster, name));
  if (!before || !after) throw new Error('there are two databases');
  const values = await draw(cluster, drawSql(pattern, SETS, end));
  const first = values[0] ?? [];
  let used: string[] = [];
  for (const login of [before, after]) {
    const plan = await databases.withSession(login, (session) => explain(session, pattern.sql, first));
    used = plan.flatMap(({ Plan }) => indexesOf(Plan));
    const file = `${pattern.name.replaceAll(' ', '-').toLowerCase()}.${login.database}.json`;
    writeFileSync(join(plansFolder, file), `${JSON.stringify(plan, undefined, 2)}\n`);
  }
  const [beforeFigures, afterFigures] = await measureSides(
    client,
    [before, after].map((login) => ({ login, sql: pattern.sql })),
    values,
  );
  if (!beforeFigures || !afterFigures) throw new Error(`${pattern.name} has no figures`);
  return {
    name: pattern.name,
    before: beforeFigures,
    after: afterFigures,
    ratioMedian: beforeFigures.medianMs / afterFigures.medianMs,
    ratioP95: beforeFigures.p95Ms / afterFigures.p95Ms,
    index: used.find((name) => pattern.indexes.includes(name)),
  };
}

/** What the round trip alone takes, and a row by its key. */
async function measureFloor(cluster: Cluster, client: Child, end: string) {
  const login = databases.loginTo(cluster, databases.AFTER);
  const values = await draw(cluster, drawSql({ draw: 'SELECT salon_id FROM drawn' }, SETS, end));
  const selectOne = await measureSides(client, [{ login, sql: 'SELECT 1' }], [[]]);
  const primaryKey = await measureSides(client, [{ login, sql: 'SELECT * FROM salons WHERE id = $1' }], values);
  return [selectOne[0], primaryKey[0]];
}

async function measureAllAnalytics(
  cluster: Cluster,
  end: string,
  onProgress: databases.Progress,
): Promise<AnalyticsFigures[]> {
  const logins = {
    before: databases.loginTo(cluster, databases.BEFORE),
    after: databases.loginTo(cluster, databases.AFTER),
  };
  const salons = (await draw(cluster, drawSql({ draw: 'SELECT salon_id FROM drawn' }, 3, end))).flat();
  const day = Date.parse(`${end.slice(0, 10)}T00:00:00Z`);
  const period = { from: utc(new Date(day - DAYS * MS_A_DAY)), to: utc(new Date(day + MS_A_DAY)) };
  const figures: AnalyticsFigures[] = [];
  for (const each of ANALYTICS) {
    onProgress(`measuring ${each.name}`);
    figures.push(await measureAnalytics(each, logins, salons, period));
  }
  return figures;
}

function collectorReport(
  original: CollectorReport['original'],
  passes: Awaited<ReturnType<typeof measurePasses>>,
  windows: Record<string, number>,
): CollectorReport {
  const { originalMs } = original;
  return { originalMs, ratio: originalMs / passes.passMs, ...passes, original, windows };
}

async function draw(cluster: Cluster, sql: string): Promise<string[][]> {
  return databases.withSession(databases.loginTo(cluster, databases.BEFORE), async (session) => {
    const { rows } = await session.query<unknown[]>({ text: `SELECT * FROM (${sql}) AS sets`, rowMode: 'array', types: TEXT });
    return rows.map((row) => row.map(String));
  });
}

/** Values as PostgreSQL writes them. */
const TEXT = { getTypeParser: () => String };

async function sizes(cluster: Cluster, database: string): Promise<Record<string, TableSize>> {
  return databases.withSession(databases.loginTo(cluster, database), async (session) => {
    const { rows } = await session.query<{ name: string; table: string; indexes: string }>(
      `SELECT relname AS name, pg_table_size(oid) AS table, pg_indexes_size(oid) AS indexes
         FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname`,
    );
    return Object.fromEntries(
      rows.map(({ name, table, indexes }) => [name, { tableBytes: Number(table), indexBytes: Number(indexes) }]),
    );
  });
}

async function settings(cluster: Cluster): Promise<Record<string, string>> {
  return databases.withSession(databases.loginTo(cluster, databases.AFTER), async (session) => {
    const { rows } = await session.query<{ name: string; value: string }>(
      `SELECT name, current_setting(name) AS value FROM pg_settings
        WHERE name IN ('shared_buffers', 'effective_cache_size', 'work_mem', 'random_page_cost', 'jit', 'fsync',
                       'max_parallel_workers_per_gather', 'effective_io_concurrency') ORDER BY name`,
    );
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  });
}

/** As PostgreSQL reads a timestamp without a zone. */
function utc(time: Date): string {
  return time.toISOString().replace('T', ' ').replace('Z', '');
}
