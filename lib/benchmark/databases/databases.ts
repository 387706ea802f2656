import { totalmem } from 'node:os';
import { join } from 'node:path';
import { type Client, escapeIdentifier } from 'pg';
import { type Migration, readMigrations } from '../../contract/migrations';
import { runMigrations } from '../../../lambda/migrate/runner';
import { connect, type ConnectOptions } from '../../contract/database-client';
import { loadEnvironment } from '../../config';
import { MASTER_USER } from '../../contract/roles';
import { primaryParameters } from '../../config/postgres-parameters';
import { localParameters } from '../../local-postgres/parameters';
import { type Cluster, type Login, startCluster } from '../../local-postgres/cluster';
import type { RunFolder } from '../../local-postgres/run-folder';
import { ANALYZE_CUSTOMERS, eventSteps, FORGET_CUSTOMERS, LOAD_FUNCTIONS, type LoadStep, salonSteps } from './data';
import type { Volumes } from './volumes';

/** The database as it was found, and its copy with all migrations. */
export const BEFORE = 'before';
export const AFTER = 'after';

/** The last of the owner's 27 indexes; what comes later is ours. */
const OWNERS_LAST_INDEX = '20251118100027_idx_intent';
const GIB = 1024 ** 3;
/** Memory of production's instance. */
const MOST_MEMORY_BYTES = 32 * GIB;

/** Hears what is being done. */
export type Progress = (line: string) => void;

/** Names of the project's migrations by what they make of a database. */
export interface MigrationSets {
  /** The schema as it was found. */
  readonly found: Migration[];
  /** With the owner's 27 indexes, and no other. */
  readonly owners: Migration[];
  readonly all: Migration[];
}

/** The project's migrations, cut where the benchmark looks. */
export function migrationSets(): MigrationSets {
  const all = readMigrations(join(__dirname, '../../../lambda/migrations'));
  return { found: all.slice(0, 1), owners: all.filter(({ name }) => name <= OWNERS_LAST_INDEX), all };
}

/** How a session of a database logs in; by default the master user's. */
export function loginTo(cluster: Cluster, database: string, as: Login = cluster.master): ConnectOptions {
  const { host, port } = cluster.primary;
  return { ...as, host, port, database, ca: cluster.ca, applicationName: 'benchmark' };
}

/** Log-ins to both databases. */
export function loginsToBoth(cluster: Cluster): { readonly before: ConnectOptions; readonly after: ConnectOptions } {
  return { before: loginTo(cluster, BEFORE), after: loginTo(cluster, AFTER) };
}

/** Does something with a session that is closed after it. */
export async function withSession<T>(login: ConnectOptions, action: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(login);
  try {
    return await action(client);
  } finally {
    await client.end();
  }
}

/** Production's parameters for a server with three quarters of this machine's memory, or production's if that is less. */
export function benchmarkParameters(): Record<string, string> {
  const memory = Math.min(MOST_MEMORY_BYTES, Math.floor(totalmem() * 0.75));
  return localParameters(primaryParameters(loadEnvironment('production')), memory).applied;
}

/** One server without replicas, with production's parameters. */
export async function startServer(folder: RunFolder): Promise<Cluster> {
  const master = { user: MASTER_USER, password: 'benchmark' };
  return startCluster({ folder, replicas: 0, database: BEFORE, master, parameters: benchmarkParameters() });
}

/**
 * Makes the schema as it was found in the database `before`, and fills it. Returns the rows of each table.
 * @param end end of the data, UTC without a zone
 */
export async function load(
  cluster: Cluster,
  volumes: Volumes,
  end: string,
  onProgress: Progress,
): Promise<Record<string, number>> {
  await withSession(loginTo(cluster, BEFORE), (master) => runMigrations(master, migrationSets().found));
  const rows: Record<string, number> = {};
  const runChain = (steps: readonly LoadStep[]) =>
    withSession(loginTo(cluster, BEFORE, cluster.superuser), async (client) => {
      await client.query(LOAD_FUNCTIONS);
      for (const { table, sql } of steps) {
        const timer = startTimer();
        rows[table] = await withoutKeys(client, table, async () => (await client.query(sql)).rowCount ?? 0);
        onProgress(`${rows[table].toLocaleString('en')} rows of ${table} in ${timer()}`);
      }
    });
  await runChain(salonSteps(volumes, end));
  await withSession(loginTo(cluster, BEFORE, cluster.superuser), (client) => client.query(ANALYZE_CUSTOMERS));
  await Promise.all(eventSteps(volumes, end).map(runChain));
  await withSession(loginTo(cluster, BEFORE, cluster.superuser), async (client) => {
    await client.query(FORGET_CUSTOMERS);
    const timer = startTimer();
    await client.query('VACUUM (FREEZE, ANALYZE)');
    onProgress(`vacuumed and analyzed in ${timer()}`);
  });
  delete rows.customers;
  return rows;
}

/** Fills a table without its keys and makes them afterwards: sorted once they cost a fraction. A table that others refer to keeps them. */
async function withoutKeys<T>(client: Client, table: string, fill: () => Promise<T>): Promise<T> {
  const { rows: keys } = await client.query<{ drop: string; make: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make
       FROM pg_constraint AS key
      WHERE conrelid = to_regclass($1) AND contype = 'p'
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND confrelid = key.conrelid)
     UNION ALL
     SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
       FROM pg_index WHERE indrelid = to_regclass($1) AND NOT indisprimary`,
    [table],
  );
  for (const { drop } of keys) await client.query(drop);
  const filled = await fill();
  for (const { make } of keys) await client.query(make);
  return filled;
}

/** Copies `before` to `after`, which has no migration more yet. */
export async function copy(cluster: Cluster, onProgress: Progress): Promise<void> {
  const timer = startTimer();
  await withSession(loginTo(cluster, 'postgres'), (client) =>
    client.query(`CREATE DATABASE ${escapeIdentifier(AFTER)} TEMPLATE ${escapeIdentifier(BEFORE)} STRATEGY file_copy`),
  );
  onProgress(`copied to a second database in ${timer()}`);
}

/** Migrates `after`. */
export async function migrate(cluster: Cluster, migrations: readonly Migration[], onProgress: Progress): Promise<void> {
  const timer = startTimer();
  const { applied } = await withSession(loginTo(cluster, AFTER), (client) => runMigrations(client, migrations));
  onProgress(`${applied.length} migrations in ${timer()}`);
}

/** What the application's nightly job does for each day of the data. Returns the rows of intent_analytics. */
export async function refreshIntents(
  cluster: Cluster,
  end: string,
  days: number,
  onProgress: Progress,
): Promise<number> {
  const timer = startTimer();
  return withSession(loginTo(cluster, AFTER), async (client) => {
    await client.query(
      `SELECT refresh_intent_analytics(day::date) FROM generate_series($1::date - $2::int, $1::date, interval '1 day') AS day`,
      [end, days],
    );
    await client.query('VACUUM (ANALYZE) intent_analytics');
    const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM intent_analytics');
    onProgress(`intents of ${days} days counted in ${timer()}`);
    return Number(rows[0]?.count);
  });
}

/** Seconds since it was started, for a person. */
export function startTimer(): () => string {
  const started = performance.now();
  return () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
