import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { ImportWishes } from '../../lib/import/context';
import { runStep, type Step, type StepResult } from '../../lib/import/run';
import { makePlan, type PlannedMove, type PlanWishes } from '../../lib/import/plan/plan';
import { withSides } from '../../lib/import/session';
import { installed, type Major } from '../../lib/local-postgres/binaries';
import { type Cluster, type Login, startCluster } from '../../lib/local-postgres/cluster';
import type { Settings } from '../../lib/local-postgres/configuration';
import { startPlainServer } from '../../lib/local-postgres/plain-server';
import type { RunFolder } from '../../lib/local-postgres/run-folder';
import type { PostgresServer } from '../../lib/local-postgres/server';
import type { Target } from '../../lib/shared/connection/target';
import { clusterSeed, DATABASE, MASTER } from '../support/database/cluster-seed';
import { SAMPLE_ROWS } from '../../lib/move-rehearsal/sample-rows';
import { MIGRATIONS } from '../support/database/migration-server';

export { checksums } from '../../lib/move-rehearsal/checksums';
export { DATABASE };

/** A password with every character that a URL, an SQL literal or a connection string has a meaning for. */
export const PASSWORD = `Zq%9/x#Y@w?v:u&t'"\\ z`;

/** The superuser of a source, as the owner found it. */
const SUPERUSER: Login = { user: 'postgres', password: PASSWORD };

/** The application's schema before any migration of this project. */
export const SCHEMA = readFileSync(join(MIGRATIONS, '20251117090000_initial_schema/migration.sql'), 'utf8');

/** Rows of every table, few enough for many moves. */
export const ROWS = SAMPLE_ROWS.replaceAll('65000', '10000').replaceAll(/\b(50000|20000)\b/g, (number) =>
  String(Number(number) / 10),
);

/** Settings of a source that can be moved from by replication, without waits that tests have no time for. */
const SOURCE_PARAMETERS: Settings = {
  wal_level: 'logical',
  fsync: 'off',
  max_replication_slots: '6',
  max_wal_senders: '6',
};

/**
 * Starts a source: no TLS, a superuser, a password, and the application's schema without rows.
 * @param wanted the version. Where it is not to be had for this platform, 15 takes its place, and a line says so.
 */
export async function startSource(
  folder: RunFolder,
  wanted: Major,
  parameters: Settings = {},
): Promise<PostgresServer> {
  const major = installed(wanted) === undefined ? 15 : wanted;
  if (major !== wanted)
    process.stderr.write(`Not proven here: a source of PostgreSQL ${wanted}, which is not installed; 15 instead\n`);
  const server = await startPlainServer({
    folder,
    name: `source-${wanted}`,
    superuser: SUPERUSER,
    major,
    parameters: { ...SOURCE_PARAMETERS, ...parameters },
    access: 'host all all all scram-sha-256\nhost replication all all scram-sha-256\n',
  });
  await run(addressOf(server, 'postgres'), `CREATE DATABASE ${DATABASE}`);
  await run(addressOf(server), SCHEMA);
  return server;
}

/** Starts a target with all migrations, which may be moved into and back from. */
export async function startTarget(folder: RunFolder, parameters: Settings = {}): Promise<Cluster> {
  const cluster = await startCluster({
    folder,
    replicas: 0,
    database: DATABASE,
    master: MASTER,
    seed: await clusterSeed('migrated'),
    parameters: { wal_level: 'logical', wal_retrieve_retry_interval: '200ms', ...parameters },
  });
  return cluster;
}

/** The address of a source's database. */
export function addressOf(server: { readonly port: number }, database = DATABASE, login = SUPERUSER): Target {
  return {
    host: 'localhost',
    port: server.port,
    database,
    ...login,
    sslMode: 'prefer',
    sslRootCert: undefined,
    connectTimeoutSeconds: 10,
  };
}

/** The address of the target for a user that may subscribe: on RDS the master user may, elsewhere only a superuser. */
export function targetAddress({ primary, superuser }: Cluster, database = DATABASE, login = superuser): Target {
  return { ...addressOf(primary, database, login), sslMode: 'require' };
}

/** Opens a session, with TLS where the address asks for it. */
export async function session({ host, port, database, user, password, sslMode }: Target): Promise<Client> {
  const ssl = sslMode === 'require' ? { rejectUnauthorized: false } : false;
  const client = new Client({ host, port, database, user, password, ssl });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Runs statements in a session of their own; returns the rows of the last one. */
export async function run<Row extends object>(target: Target, ...statements: string[]): Promise<Row[]> {
  const client = await session(target);
  try {
    let rows: Row[] = [];
    for (const statement of statements) rows = (await client.query<Row>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

/** What the tests want of an import: both servers are on this machine. */
export function wishesOf(from: Target, to: Target, wishes: Partial<ImportWishes> = {}): ImportWishes {
  return {
    method: 'logical',
    wayBack: true,
    leaveOut: [],
    sourceAddress: from,
    targetAddress: to,
    checkSeconds: 20,
    slotLimitBytes: 1e9,
    writesStoppedSeconds: 20,
    ...wishes,
  };
}

/** Runs a step as the command does; returns what it says. */
export async function step(
  name: Step,
  from: Target,
  to: Target,
  wishes: Partial<ImportWishes> = {},
): Promise<StepResult> {
  return runStep(name, {
    from,
    to,
    wishes: wishesOf(from, to, wishes),
    onProgress: (line) =>
      process.env.IMPORT_LOG && process.stderr.write(`${(performance.now() / 1000).toFixed(1)} ${line}\n`),
  });
}

/** The plan as the command makes it. */
export function planOf(from: Target, to: Target, wishes: Partial<PlanWishes> = {}): Promise<PlannedMove> {
  return withSides(from, to, { readOnly: true }, (sides) =>
    makePlan(sides, {
      method: 'logical',
      wayBack: true,
      leaveOut: [],
      sourceAddress: from,
      checkSeconds: 20,
      ...wishes,
    }),
  );
}

/** Waits for something. */
export async function until(condition: () => Promise<boolean>, seconds = 20): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
