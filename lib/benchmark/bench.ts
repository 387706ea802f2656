import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../local-postgres/cluster';
import type { RunFolder } from '../local-postgres/run-folder';
import { ANALYTICS, type AnalyticsFigures, measureAnalytics } from './analytics';
import { Child } from './clients/child';
import { measureOriginal, measurePasses, windowRows } from './collector';
import * as databases from './databases/databases';
import { judge, JUDGED_FROM_SCALE } from './goals';
import { type Effort, measureSides, QUICK, THOROUGH } from './clients/measure';
import { drawValues, type Pattern, PATTERNS, SALON_OF_A_CUSTOMER, VARIANTS } from './patterns';
import { indexMeant, planOf } from './plans';
import type { BenchReport, CollectorReport, PatternReport } from './report/report';
import { settings, sizes } from './server-facts';
import { DAYS, utcText, volumesOf } from './databases/volumes';

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
/** Salons that the analytics of one salon are asked for, in turn. */
const ANALYZED_SALONS = 3;
const MS_A_DAY = 86_400_000;
const GIB = 1024 ** 3;

/** Measures the application's queries before and after the migrations, on one server with both databases. */
export async function bench({
  scale,
  collector,
  folder,
  reportFolder,
  onProgress,
}: BenchOptions): Promise<BenchReport> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const end = utcText(new Date());
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

  const effort = scale < JUDGED_FROM_SCALE ? QUICK : THOROUGH;
  const plans = join(reportFolder, 'plans');
  rmSync(plans, { recursive: true, force: true });
  mkdirSync(plans, { recursive: true });
  const client = new Child('load-client');
  try {
    const measureAll = async (patterns: readonly Pattern[]): Promise<PatternReport[]> => {
      const reports: PatternReport[] = [];
      for (const pattern of patterns) {
        onProgress(`measuring ${pattern.name}`);
        reports.push(await measurePattern(cluster, client, pattern, { end, plans, effort }));
      }
      return reports;
    };
    const patterns = await measureAll(PATTERNS);
    const variants = await measureAll(VARIANTS);
    onProgress('measuring the floor');
    const floor = await measureFloor(cluster, client, end, effort);
    const logins = databases.loginsToBoth(cluster);
    const report = {
      scale,
      postgres: cluster.version,
      machine: { cpus: cpus().length, memoryGiB: totalmem() / GIB, node: process.version },
      settings: await settings(logins.after),
      rows,
      sizes: { before: await sizes(logins.before), after: await sizes(logins.after) },
      patterns,
      variants,
      floor,
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
  pattern: Pattern,
  { end, plans, effort }: { readonly end: string; readonly plans: string; readonly effort: Effort },
): Promise<PatternReport> {
  const logins = databases.loginsToBoth(cluster);
  const values = await drawValues(logins.before, pattern, SETS, end);
  for (const login of Object.values(logins)) {
    const file = `${pattern.name.replaceAll(/[ ,]+/g, '-').toLowerCase()}.${login.database}.json`;
    const plan = await planOf(login, pattern, values[0] ?? []);
    writeFileSync(join(plans, file), `${JSON.stringify(plan, undefined, 2)}\n`);
  }
  const [before, after] = await measureSides(
    client,
    [logins.before, logins.after].map((login) => ({ login, sql: pattern.sql })),
    values,
    effort,
  );
  if (!before || !after) throw new Error(`${pattern.name} has no figures`);
  return {
    name: pattern.name,
    before,
    after,
    ratioMedian: before.medianMs / after.medianMs,
    ratioP95: before.p95Ms / after.p95Ms,
    index: indexMeant(await planOf(logins.after, pattern, values[0] ?? []), pattern),
  };
}

/** What the round trip alone takes, and a row by its key. */
async function measureFloor(
  cluster: Cluster,
  client: Child,
  end: string,
  effort: Effort,
): Promise<BenchReport['floor']> {
  const { after: login } = databases.loginsToBoth(cluster);
  const salons = await drawValues(login, SALON_OF_A_CUSTOMER, SETS, end);
  const [selectOne] = await measureSides(client, [{ login, sql: 'SELECT 1' }], [[]], effort);
  const [primaryKey] = await measureSides(
    client,
    [{ login, sql: 'SELECT * FROM salons WHERE id = $1' }],
    salons,
    effort,
  );
  if (!selectOne || !primaryKey) throw new Error('the floor has no figures');
  return { selectOne, primaryKey };
}

async function measureAllAnalytics(
  cluster: Cluster,
  end: string,
  onProgress: databases.Progress,
): Promise<AnalyticsFigures[]> {
  const logins = databases.loginsToBoth(cluster);
  const salons = (await drawValues(logins.after, SALON_OF_A_CUSTOMER, ANALYZED_SALONS, end)).flat();
  const midnight = Date.parse(`${end.slice(0, 10)}T00:00:00Z`);
  const period = { from: utcText(new Date(midnight - DAYS * MS_A_DAY)), to: utcText(new Date(midnight + MS_A_DAY)) };
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
