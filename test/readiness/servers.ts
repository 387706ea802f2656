import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, escapeLiteral } from 'pg';
import { startCluster, type Cluster, type Login } from '../../lib/local-postgres/cluster';
import { startPlainServer } from '../../lib/local-postgres/plain-server';
import { type Pooler, startPooler } from '../../lib/local-postgres/pgbouncer';
import type { RunFolder } from '../../lib/local-postgres/run-folder';
import type { PostgresServer } from '../../lib/local-postgres/server';
import { assess, type Readiness } from '../../lib/readiness/assess';
import { logIn } from '../../lib/readiness/log-in';
import type { Target } from '../../lib/shared/connection/target';
import { AutomatedBackups } from '../../lib/rehearsal/restore/local-rds/automated-backups';
import { clusterSeed, DATABASE, MASTER } from '../support/database/cluster-seed';
import { MIGRATIONS } from '../support/database/migration-server';

/** A password that is no part of any other word, with every character that a URL has a meaning for. */
export const PASSWORD = 'Zq%9/x#Y@w?v:u&t';

/** The superuser of a plain server. */
export const SUPERUSER: Login = { user: 'postgres', password: PASSWORD };

/** Opens a session without TLS, as an application does. */
export async function plainSession(
  server: { readonly port: number },
  database: string,
  login: Login,
  name = '',
): Promise<Client> {
  const client = new Client({
    host: 'localhost',
    port: server.port,
    database,
    ...login,
    ssl: false,
    application_name: name,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Scores a database by the same calls as the command. */
export async function scoreAt(
  server: { readonly port: number },
  login: Login,
  target: Partial<Target> = {},
): Promise<Readiness> {
  const about = {
    host: 'localhost',
    port: server.port,
    database: DATABASE,
    sslMode: 'prefer',
    sslRootCert: undefined,
    connectTimeoutSeconds: 10,
  } as const;
  return assess(await logIn({ ...about, ...login, ...target }), new Date());
}

/** A server at work as it should be. */
export interface GoodServer {
  readonly cluster: Cluster;
  /** Undefined where PgBouncer is not installed. */
  readonly pooler: Pooler | undefined;
  /** Ends what runs in this process. */
  readonly stop: () => Promise<void>;
}

/** Starts the migrated cluster with a replica, an archive, an application and a collector at work, and a pooler. */
export async function startGoodServer(folder: RunFolder): Promise<GoodServer> {
  const parameters = {
    fsync: 'on',
    log_lock_waits: 'on',
    idle_in_transaction_session_timeout: '600000',
    'pg_stat_statements.track': 'all',
  };
  const seed = await clusterSeed('migrated');
  const cluster = await startCluster({ folder, replicas: 1, database: DATABASE, master: MASTER, parameters, seed });
  const backups = await AutomatedBackups.start(cluster, folder);
  const admin = await cluster.connect(cluster.primary);
  await admin.query("ALTER ROLE app_user PASSWORD 'application'");
  await admin.end();
  const application = await cluster.connect(cluster.primary, { user: 'app_user', password: 'application' });
  await application.query("SET application_name = 'application'");
  for (let i = 0; i < 1000; i++) await application.query('SELECT count(*) FROM bookings');
  const collector = await cluster.connect(cluster.primary, { user: 'metrics_user', password: 'metrics-password' });
  await collector.query("SET application_name = 'collector'");
  const pooler = await startPooler({ folder, cluster, database: DATABASE, logins: [cluster.superuser] });
  const stop = async () => {
    await Promise.all([application.end(), collector.end(), backups.stop()]);
  };
  return { cluster, pooler, stop };
}

/** The databases of the bad server: what is wrong in `worst` excludes what is wrong in `busy`. */
export const WORST = 'worst';
/** Has pg_stat_statements and a history of migrations. */
export const BUSY = 'busy';

const FAULTS = `
  CREATE TABLE no_key (id int); CREATE INDEX first_twin ON no_key (id); CREATE INDEX second_twin ON no_key (id);
  CREATE INDEX broken ON no_key ((id + 1)); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken'::regclass;
  CREATE TABLE unread (id int PRIMARY KEY, number int); INSERT INTO unread SELECT n, n FROM generate_series(1, 600000) AS n;
  CREATE INDEX never_read ON unread (number);
  CREATE TABLE bloated (id int PRIMARY KEY); INSERT INTO bloated SELECT generate_series(1, 20000); DELETE FROM bloated WHERE id <= 10000;
  CREATE TABLE small (id smallserial PRIMARY KEY); SELECT setval('small_id_seq', 32000);
  GRANT CREATE ON SCHEMA public TO PUBLIC;
  SELECT pg_create_physical_replication_slot('left_behind', true);
  SELECT pg_stat_force_next_flush();`;

/** Starts a server on which as much as possible is wrong, with two databases and the sessions of an application. */
export async function startBadServer(folder: RunFolder): Promise<PostgresServer> {
  const parameters = {
    shared_preload_libraries: 'pg_stat_statements',
    fsync: 'off',
    full_page_writes: 'off',
    password_encryption: 'md5',
    log_statement: 'all',
    autovacuum: 'off',
    // Two less than the sessions of this file and those that are reserved.
    max_connections: '9',
  };
  const server = await startPlainServer({
    folder,
    name: 'bad',
    superuser: SUPERUSER,
    parameters,
    access: 'host all all all trust\n',
  });
  const first = await plainSession(server, 'postgres', SUPERUSER);
  // Stored as MD5 only when it is set again: initdb stores it as SCRAM.
  await first.query(`ALTER ROLE postgres PASSWORD ${escapeLiteral(PASSWORD)}`);
  await first.query(`CREATE DATABASE ${WORST}`);
  await first.query(`CREATE DATABASE ${BUSY}`);
  await first.end();
  const schema = readFileSync(join(MIGRATIONS, '20251117090000_initial_schema/migration.sql'), 'utf8');
  const worst = await plainSession(server, WORST, SUPERUSER, 'application');
  await worst.query(schema);
  await worst.query(FAULTS);
  const busy = await plainSession(server, BUSY, SUPERUSER, 'application');
  await makeBusy(busy, schema);
  for (const database of [WORST, WORST]) await plainSession(server, database, SUPERUSER, 'application');
  return server;
}

/** An N+1 pattern as the application has it, a table that is loaded as a whole, and a migration that has not finished. */
async function makeBusy(session: Client, schema: string): Promise<void> {
  await session.query(schema);
  await session.query(`
    CREATE EXTENSION pg_stat_statements;
    CREATE TABLE _prisma_migrations (migration_name text, started_at timestamptz DEFAULT now(), finished_at timestamptz, rolled_back_at timestamptz);
    INSERT INTO _prisma_migrations VALUES ('1_first', now(), now(), NULL), ('2_second', now(), NULL, NULL);
    INSERT INTO ai_conversations (id, salon_id, phone_number, conversation_id) SELECT n, n % 100, n, n FROM generate_series(1, 12000) AS n;`);
  for (let salon = 0; salon < 10; salon++) {
    const { rows } = await session.query<{ id: string }>(
      'SELECT id FROM ai_conversations WHERE salon_id = $1 ORDER BY id LIMIT 110',
      [salon],
    );
    for (const { id } of rows) await session.query('SELECT * FROM ai_messages WHERE conversation_id = $1', [id]);
  }
  await session.query('SELECT * FROM ai_conversations');
}
