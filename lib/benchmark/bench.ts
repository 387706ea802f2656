import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../app';
import { EnvironmentAssembly } from '../assembly/environment-assembly';
import type { Cluster } from '../local-postgres/cluster';
import type { RunFolder } from '../local-postgres/run-folder';
import { measureAllAnalytics } from './analytics';
import { Child } from './clients/child';
import { type Effort, measureSides, QUICK, THOROUGH } from './clients/measure';
import { measureOriginal, measurePasses, type OriginalFigures, windowRows } from './collector';
import * as databases from './databases/databases';
import { DeployedMigrations } from './databases/migrations';
import { DAYS, utcText, volumesOf } from './databases/volumes';
import { gainsOf } from './gains';
import { judge, JUDGED_FROM_SCALE } from './goals';
import { measureLoad } from './load/measure-load';
import { drawValues, type Pattern, PATTERNS, SALON_OF_A_CUSTOMER, VARIANTS } from './patterns';
import { indexConditions, intendedIndex, planOf } from './plans';
import type { BenchReport, CollectorReport, PatternReport } from './report/report';
import { settings, sizes } from './server-state';
import { measureIsolation } from './tenant-isolation';

/** Options of a benchmark. */
interface BenchOptions {
  /** Share of the documented workload; 1 is all of it. */
  readonly scale: number;
  /** Whether the collector is measured as well. */
  readonly collector: boolean;
  /** Whether the load that the databases carry is measured as well. */
  readonly load: boolean;
  /** Whether the optional row-level security is measured as well. */
  readonly tenantIsolation: boolean;
  /** Folder of the server's data and of the synthesized functions; the caller disposes of it. */
  readonly folder: RunFolder;
  /** Folder in which the plans are kept, below `plans`. */
  readonly reportFolder: string;
  readonly onProgress: databases.Progress;
}

/** What every measurement works with. */
interface Measurement {
  readonly cluster: Cluster;
  /** End of the data, UTC without a zone. */
  readonly end: string;
  readonly effort: Effort;
  /** Folder of the plans. */
  readonly plans: string;
  readonly onProgress: databases.Progress;
}

/** Sets of values for each pattern. */
const SETS = 200;
/** The least that a query of the application can do. */
const ROW_BY_KEY = 'SELECT * FROM salons WHERE id = $1';
const GIB = 1024 ** 3;

/** Measures the application's queries before and after the migrations, in two databases of one server. */
export async function bench(options: BenchOptions): Promise<BenchReport> {
  const { scale, folder, reportFolder, onProgress } = options;
  onProgress('synthesizing production');
  const outdir = join(folder.path, 'cdk.out');
  createApp({ environments: ['production'], outdir }).synth();
  const assembly = new EnvironmentAssembly(outdir, 'production');

  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const end = utcText(new Date());
  const cluster = await databases.startServer(folder);
  const { rows, original } = await prepareDatabases(options, assembly, cluster, end);
  const loading = seconds();
  if (original) onProgress('collecting');
  const collector = original && (await collectorReport(assembly, cluster, original));
  const effort = scale < JUDGED_FROM_SCALE ? QUICK : THOROUGH;
  const plans = emptyFolder(join(reportFolder, 'plans'));
  const measured = await measureQueries({ cluster, end, effort, plans, onProgress });
  const logins = databases.loginsToBoth(cluster);
  const figures = {
    scale,
    postgres: cluster.version,
    machine: { cpus: cpus().length, memoryGiB: totalmem() / GIB, node: process.version },
    settings: await settings(logins.after),
    rows,
    sizes: { before: await sizes(logins.before), after: await sizes(logins.after) },
    ...measured,
    analytics: await measureAllAnalytics(logins, end, onProgress),
    ...(collector && { collector }),
  };
  const load = options.load ? await measureLoad({ cluster, end, scale }, onProgress) : undefined;
  if (options.tenantIsolation) onProgress('measuring row-level security');
  const tenantIsolation = options.tenantIsolation ? await measureIsolation(cluster, end) : undefined;
  const report = {
    ...figures,
    ...(load && { load }),
    ...(tenantIsolation && { tenantIsolation }),
    seconds: { loading, all: seconds() },
  };
  return { ...report, missed: judge(report) };
}

/** Fills the database `before` and makes `after` of it. Measures the original queries on the way, where the collector is measured. */
async function prepareDatabases(
  { scale, collector, onProgress }: BenchOptions,
  assembly: EnvironmentAssembly,
  cluster: Cluster,
  end: string,
): Promise<{ rows: Record<string, number>; original?: OriginalFigures }> {
  const migrations = await DeployedMigrations.load(assembly);
  await databases.migrate(migrations, cluster, databases.BEFORE, 'found', onProgress);
  const rows = await databases.load(cluster, volumesOf(scale), end, onProgress);
  await databases.copy(cluster, onProgress);
  await databases.migrate(migrations, cluster, databases.AFTER, 'owners', onProgress);
  // Now, because the database has the owner's indexes and no others; and early, because the rows of the last hour grow old while it runs.
  if (collector) onProgress('asking the original queries');
  const original = collector ? await measureOriginal(cluster) : undefined;
  await databases.migrate(migrations, cluster, databases.AFTER, 'all', onProgress);
  rows.intent_analytics = await databases.refreshIntents(cluster, end, DAYS, onProgress);
  return { rows, original };
}

async function measureQueries(measurement: Measurement): Promise<Pick<BenchReport, 'patterns' | 'variants' | 'floor'>> {
  const client = new Child('load-client');
  try {
    const measureAll = async (patterns: readonly Pattern[]): Promise<PatternReport[]> => {
      const reports: PatternReport[] = [];
      for (const pattern of patterns) {
        measurement.onProgress(`measuring ${pattern.name}`);
        reports.push(await measurePattern(client, pattern, measurement));
      }
      return reports;
    };
    const patterns = await measureAll(PATTERNS);
    const variants = await measureAll(VARIANTS);
    measurement.onProgress('measuring the floor');
    return { patterns, variants, floor: await measureFloor(client, measurement) };
  } finally {
    client.end();
  }
}

async function measurePattern(
  client: Child,
  pattern: Pattern,
  { cluster, end, plans, effort }: Measurement,
): Promise<PatternReport> {
  const logins = databases.loginsToBoth(cluster);
  const values = await drawValues(logins.before, pattern, SETS, end);
  for (const login of Object.values(logins)) {
    const file = `${pattern.name.replaceAll(/[ ,]+/g, '-').toLowerCase()}.${login.database}.json`;
    const plan = await planOf(login, pattern, values[0] ?? []);
    writeFileSync(join(plans, file), `${JSON.stringify(plan, undefined, 2)}\n`);
  }
  const keys = await drawValues(logins.after, SALON_OF_A_CUSTOMER, SETS, end);
  const [before, after, key] = await measureSides(
    client,
    [
      { login: logins.before, sql: pattern.sql, values },
      { login: logins.after, sql: pattern.sql, values },
      { login: logins.after, sql: ROW_BY_KEY, values: keys },
    ],
    effort,
  );
  if (!before || !after || !key) throw new Error(`the measurement of "${pattern.name}" returned no figures`);
  const plan = await planOf(logins.after, pattern, values[0] ?? []);
  return {
    name: pattern.name,
    before,
    after,
    ...gainsOf(before, after, key),
    index: intendedIndex(plan, pattern),
    conditions: indexConditions(plan),
  };
}

/** Times of a round trip alone, and of reading one row by its primary key. */
async function measureFloor(client: Child, { cluster, end, effort }: Measurement): Promise<BenchReport['floor']> {
  const { after: login } = databases.loginsToBoth(cluster);
  const salons = await drawValues(login, SALON_OF_A_CUSTOMER, SETS, end);
  const [selectOne, primaryKey] = await measureSides(
    client,
    [
      { login, sql: 'SELECT 1', values: [[]] },
      { login, sql: ROW_BY_KEY, values: salons },
    ],
    effort,
  );
  if (!selectOne || !primaryKey) throw new Error('the measurement of the floor returned no figures');
  return { selectOne, primaryKey };
}

async function collectorReport(
  assembly: EnvironmentAssembly,
  cluster: Cluster,
  original: OriginalFigures,
): Promise<CollectorReport> {
  const passes = await measurePasses(assembly, cluster);
  const { originalMs } = original;
  return { originalMs, ratio: originalMs / passes.passMs, ...passes, original, windows: await windowRows(cluster) };
}

function emptyFolder(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
