import { totalmem } from 'node:os';
import { type Client, escapeIdentifier } from 'pg';
import { formatCount, formatSeconds } from '../../shared/formats';
import { connect, type ConnectOptions } from '../../contract/database-client';
import { loadEnvironment } from '../../config';
import { MASTER_USER } from '../../contract/roles';
import { primaryParameters } from '../../config/postgres-parameters';
import { localParameters } from '../../local-postgres/parameters';
import { type Cluster, type Login, startCluster } from '../../local-postgres/cluster';
import type { RunFolder } from '../../local-postgres/run-folder';
import { ANALYZE_CUSTOMERS, eventSteps, DROP_CUSTOMERS, LOAD_FUNCTIONS, type LoadStep, salonSteps } from './data';
import type { DeployedMigrations, MigrationSet } from './migrations';
import type { Volumes } from './volumes';

/** Database with the schema as it was found. */
export const BEFORE = 'before';
/** Copy of `before` with all migrations. */
export const AFTER = 'after';

const GIB = 1024 ** 3;
/** Memory of production's instance. */
const PRODUCTION_MEMORY_BYTES = 32 * GIB;

/** Takes a line about each step. */
export type Progress = (line: string) => void;

/**
 * Login for a session of a database.
 * @param as whose login; default the master user's
 */
export function loginTo(cluster: Cluster, database: string, as: Login = cluster.master): ConnectOptions {
  const { host, port } = cluster.primary;
  return { ...as, host, port, database, ca: cluster.ca, applicationName: 'benchmark' };
}

/** Logins of the master user to both databases. */
export function loginsToBoth(cluster: Cluster): { readonly before: ConnectOptions; readonly after: ConnectOptions } {
  return { before: loginTo(cluster, BEFORE), after: loginTo(cluster, AFTER) };
}

/** Opens a session for an action and closes it afterwards. */
export async function withSession<T>(login: ConnectOptions, action: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(login);
  try {
    return await action(client);
  } finally {
    await client.end();
  }
}

/** Production's parameters for a server with three quarters of this machine's memory, at most the memory of production's instance. */
function benchmarkParameters(): Record<string, string> {
  const memory = Math.min(PRODUCTION_MEMORY_BYTES, Math.floor(totalmem() * 0.75));
  return localParameters(primaryParameters(loadEnvironment('production')), memory).applied;
}

/** Starts one server without replicas, with production's parameters and the empty database `before`. */
export async function startServer(folder: RunFolder): Promise<Cluster> {
  const master = { user: MASTER_USER, password: 'benchmark' };
  return startCluster({ folder, replicas: 0, database: BEFORE, master, parameters: benchmarkParameters() });
}

/**
 * Fills an empty database.
 * @param end end of the data, UTC without a zone
 * @param database default `before`, which has the schema as it was found
 * @returns number of rows of each table
 */
export async function load(
  cluster: Cluster,
  volumes: Volumes,
  end: string,
  onProgress: Progress,
  database = BEFORE,
): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  const login = loginTo(cluster, database, cluster.superuser);
  const runChain = (steps: readonly LoadStep[]) =>
    withSession(login, async (client) => {
      await client.query(LOAD_FUNCTIONS);
      for (const { table, sql } of steps) {
        const timer = startTimer();
        rows[table] = await withoutKeys(client, table, async () => (await client.query(sql)).rowCount ?? 0);
        onProgress(`${formatCount(rows[table])} rows of ${table} in ${timer()}`);
      }
    });
  await runChain(salonSteps(volumes, end));
  await withSession(login, (client) => client.query(ANALYZE_CUSTOMERS));
  await Promise.all(eventSteps(volumes, end).map(runChain));
  await withSession(login, async (client) => {
    await client.query(DROP_CUSTOMERS);
    const timer = startTimer();
    await client.query('VACUUM (FREEZE, ANALYZE)');
    onProgress(`vacuumed and analyzed in ${timer()}`);
  });
  delete rows.customers;
  return rows;
}

/**
 * Fills a table without its keys and builds them afterwards, which is much faster than to maintain them row by row. A table that others
 * refer to keeps its primary key.
 */
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

/** Creates the database `after` as a copy of `before`. */
export async function copy(cluster: Cluster, onProgress: Progress): Promise<void> {
  const timer = startTimer();
  await withSession(loginTo(cluster, 'postgres'), (client) =>
    client.query(`CREATE DATABASE ${escapeIdentifier(AFTER)} TEMPLATE ${escapeIdentifier(BEFORE)} STRATEGY file_copy`),
  );
  onProgress(`copied to a second database in ${timer()}`);
}

/** Applies migrations to a database with the deployed function. */
export async function migrate(
  migrations: DeployedMigrations,
  cluster: Cluster,
  database: string,
  set: MigrationSet,
  onProgress: Progress,
): Promise<void> {
  const timer = startTimer();
  const applied = await migrations.apply(cluster, database, set);
  onProgress(`${applied.length} migrations in ${timer()}`);
}

/**
 * Counts the intents of each day of the data, as the application's nightly job does.
 * @returns number of rows of intent_analytics
 */
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

/** A timer; the function returned says how long it has run, for people. */
function startTimer(): () => string {
  const started = performance.now();
  return () => formatSeconds((performance.now() - started) / 1000);
}
