import { join } from 'node:path';
import { Client, escapeIdentifier } from 'pg';
import type { EnvironmentAssembly } from '../../assembly/environment-assembly';
import { MIGRATIONS_FOLDER } from '../../contract/files';
import { readMigrations } from '../../contract/migrations';
import { APP_USER } from '../../contract/roles';
import type { Address, Cluster, Login } from '../../local-postgres/cluster';
import { type Pooler, startPooler } from '../../local-postgres/pgbouncer';
import { startPlainServer } from '../../local-postgres/plain-server';
import type { RunFolder } from '../../local-postgres/run-folder';
import { assess, type Readiness } from '../../readiness/assess';
import { logIn } from '../../readiness/log-in';
import type { Target } from '../../shared/connection/target';
import { loadCollector } from '../alarms/deployed-collector';
import { AutomatedBackups } from '../restore/local-rds/automated-backups';
import { randomPassword } from '../role-password';
import { type ReadinessReport, scored } from './readiness-report';

/** What is scored. */
export interface ReadinessRehearsal {
  readonly assembly: EnvironmentAssembly;
  /** Migrated. */
  readonly cluster: Cluster;
  readonly folder: RunFolder;
  readonly database: string;
  readonly applicationPassword: string;
}

/** Scores a server as the owner had it, and the rehearsed servers, with the command's own checks. */
export async function rehearseReadiness(rehearsal: ReadinessRehearsal): Promise<ReadinessReport> {
  const before = await scoreFound(rehearsal);
  const { readiness, pooler } = await scoreRehearsed(rehearsal);
  return { before: scored(before), after: scored(readiness), pooler: pooler ?? null };
}

/**
 * As found: one server with PostgreSQL's defaults, a password and no TLS, the first schema without a history, and an application that
 * logs in as the superuser.
 */
async function scoreFound({ assembly, folder, database }: ReadinessRehearsal): Promise<Readiness> {
  const superuser: Login = { user: 'postgres', password: randomPassword() };
  const server = await startPlainServer({ folder, name: 'as-found', superuser });
  try {
    await withPlainSession({ server, login: superuser, database: 'postgres' }, (session) =>
      session.query(`CREATE DATABASE ${escapeIdentifier(database)}`),
    );
    return await withPlainSession({ server, login: superuser, database }, async (application) => {
      await application.query(await schemaAsFound(assembly));
      return score(server, superuser, { database, sslMode: 'disable' });
    });
  } finally {
    await server.stop();
  }
}

async function schemaAsFound(assembly: EnvironmentAssembly): Promise<string> {
  const { folder } = await assembly.loadFunction('migrate');
  return readMigrations(join(folder, MIGRATIONS_FOLDER))[0]?.sql ?? '';
}

async function withPlainSession<T>(
  { server: { host, port }, login, database }: { server: Address; login: Login; database: string },
  action: (session: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ host, port, database, ...login, ssl: false, application_name: 'application' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await action(client);
  } finally {
    await client.end();
  }
}

/**
 * The rehearsed servers at work: WAL is archived, the application has a session with its role, the collector has read once, and
 * PgBouncer is in front where it is installed.
 */
async function scoreRehearsed(rehearsal: ReadinessRehearsal): Promise<{ readiness: Readiness; pooler?: string }> {
  const { assembly, cluster, folder, database, applicationPassword } = rehearsal;
  const { primary, superuser } = cluster;
  const backups = await AutomatedBackups.start(cluster, folder);
  let pooler: Pooler | undefined;
  const application = await cluster.connect(primary, { user: APP_USER, password: applicationPassword });
  try {
    await application.query("SET application_name = 'application'");
    await collectOnce(assembly, cluster, database);
    pooler = await startPooler({ folder, cluster, database, logins: [superuser] });
    const target = { database, sslMode: 'verify-full', sslRootCert: join(folder.path, 'ca.crt') } as const;
    // The superuser, so that nothing is hidden; on RDS the master user does not see pg_hba.conf.
    return { readiness: await score(pooler ?? primary, superuser, target), pooler: pooler?.version };
  } finally {
    pooler?.stop();
    await application.end();
    await backups.stop();
  }
}

/** The deployed collector logs in and keeps its session. */
async function collectOnce(assembly: EnvironmentAssembly, cluster: Cluster, database: string): Promise<void> {
  const collector = await loadCollector(assembly, cluster, database);
  const collect = collector.start({ send: () => Promise.resolve({}) }, () => new Date());
  await collect();
}

type ScoredTarget = Pick<Target, 'database' | 'sslMode'> & Partial<Target>;

async function score({ host, port }: Address, login: Login, target: ScoredTarget): Promise<Readiness> {
  const session = await logIn({ host, port, ...login, sslRootCert: undefined, connectTimeoutSeconds: 10, ...target });
  return assess(session, new Date());
}
