import { readdirSync } from 'node:fs';
import type { Client } from 'pg';
import { readMigrations } from '../../../lib/contract/migrations';
import { DATABASE_ROLES } from '../../../lib/contract/roles';
import { runMigrations } from '../../../lambda/migrate/runner';
import { MIGRATIONS, MigrationServer, names } from '../../support/database/migration-server';

const TABLES = [
  'ai_conversations',
  'ai_messages',
  'bookings',
  'care_snapshots',
  'collector_state',
  'conversations',
  'database_sizes',
  'heartbeat',
  'intent_analytics',
  'messages',
  'salon_capacities',
  'salons',
  'templates',
  'webhook_logs',
];

const BEAT = `INSERT INTO heartbeat AS stored (id, beat_at, beats) VALUES (1, now(), 1)
  ON CONFLICT (id) DO UPDATE SET beat_at = EXCLUDED.beat_at, beats = stored.beats + 1`;

/** Rights that a role has; each statement runs in a transaction that is rolled back. */
const ALLOWED: [string, string][] = [
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
  ['metrics_user', `${BEAT}; ${BEAT}`],
  ['metrics_user', "INSERT INTO database_sizes VALUES ('2026-01-01', 1) ON CONFLICT (day) DO NOTHING"],
  [
    'metrics_user',
    "INSERT INTO collector_state VALUES (1, 1, '{}') ON CONFLICT (id) DO UPDATE SET version = 2 WHERE collector_state.version = 1",
  ],
  ['drill_user', 'SELECT beat_at, beats FROM heartbeat'],
  ['app_user', "SELECT refresh_intent_analytics('2026-01-01')"],
  ['drill_user', 'SELECT count(*), max(created_at) FROM messages'],
  ['drill_user', 'SELECT migration_name FROM _prisma_migrations'],
  ['recovery_user', 'SELECT access_token FROM salons'],
  [
    'recovery_user',
    "SET TRANSACTION READ WRITE; SELECT recovery.create_copy('bookings_0123456789ab', '{id}', '{text}', '{true}'); INSERT INTO recovery.bookings_0123456789ab VALUES ('1'); SELECT recovery.drop_copy('bookings_0123456789ab')",
  ],
  ['drill_user', 'SELECT migration_name, started_at, finished_at, rolled_back_at FROM _prisma_migrations'],
];

/** Statements that PostgreSQL refuses a role for want of a right. */
const REFUSED: [string, string][] = [
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
  ['metrics_user', 'UPDATE database_sizes SET bytes = 0'],
  ['metrics_user', "UPDATE bookings SET status = 'CANCELLED'"],
  ['metrics_user', "SELECT refresh_intent_analytics('2026-01-01')"],
  ['app_user', 'SELECT FROM heartbeat'],
  ['app_user', 'SELECT FROM database_sizes'],
  ['app_user', 'SELECT FROM salon_capacities'],
  ['recovery_user', 'SELECT FROM salon_capacities'],
  ['metrics_user', 'DELETE FROM salon_capacities'],
  ['app_user', 'SELECT FROM collector_state'],
  ['recovery_user', 'SELECT FROM collector_state'],
  ['metrics_user', 'DELETE FROM collector_state'],
  ['app_user', 'SELECT FROM monitoring.activity()'],
  ['readonly_user', 'SELECT FROM monitoring.pg_stat_activity'],
  ['drill_user', 'BEGIN READ WRITE; UPDATE heartbeat SET beats = 0'],
  ['drill_user', 'BEGIN READ WRITE; CREATE TABLE recovery.mine ()'],
  ['app_user', 'CREATE TABLE recovery.mine ()'],
  ['recovery_user', 'BEGIN READ WRITE; INSERT INTO salons SELECT * FROM salons'],
  ['recovery_user', 'BEGIN READ WRITE; DELETE FROM bookings'],
  ['recovery_user', 'BEGIN READ WRITE; CREATE TABLE public.mine ()'],
  ['recovery_user', 'SELECT FROM _prisma_migrations'],
  ['recovery_user', 'BEGIN READ WRITE; CREATE TABLE recovery.mine ()'],
  ['recovery_user', "BEGIN READ WRITE; SELECT recovery.put_back('bookings_0123456789ab', 'bookings')"],
  ['drill_user', "SELECT recovery.create_copy('bookings_0123456789ab', '{id}', '{text}', '{true}')"],
  ['app_user', 'SELECT recovery.drop_leftovers()'],
  ['readonly_user', 'SET ROLE copy_reader'],
  ['drill_user', 'SELECT logs FROM _prisma_migrations'],
  ['drill_user', 'SELECT checksum FROM _prisma_migrations'],
  ['drill_user', 'SELECT conversation_id FROM messages'],
  ['drill_user', 'SELECT conversation_id FROM ai_messages'],
  ['drill_user', 'SELECT conversation_id FROM ai_conversations'],
  ['app_user', 'CREATE TEMPORARY TABLE mine ()'],
  ['readonly_user', 'BEGIN READ WRITE; CREATE TEMPORARY TABLE mine ()'],
  ['drill_user', 'SELECT content FROM messages'],
  ['drill_user', 'SELECT customer_name FROM bookings'],
];

let server: MigrationServer;
let database: string;
let client: Client;

beforeAll(async () => {
  server = await MigrationServer.start();
  ({ database, client } = await server.freshDatabase());
  const report = await runMigrations(client, readMigrations(MIGRATIONS));
  expect(report).toEqual({
    applied: readdirSync(MIGRATIONS).filter((name) => /^\d/.test(name)),
    alreadyApplied: [],
    beyondFolder: [],
  });
  for (const role of DATABASE_ROLES) {
    await server.admin.query(`ALTER ROLE ${role} PASSWORD 'role-password'`);
  }
}, 60_000);
afterAll(async () => {
  await client?.end();
  await server?.dispose();
});

describe('the migrated database', () => {
  test('has the nine tables of the application and the five of the functions', async () => {
    const sql =
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_%' ORDER BY 1";
    expect(await names(client, sql)).toEqual(TABLES);
  });

  test('deletes a salon with its bookings, messages and templates', async () => {
    const sql =
      "SELECT conrelid::regclass::text AS name FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'c' ORDER BY 1";
    expect(await names(client, sql)).toEqual(['bookings', 'messages', 'templates']);
  });

  test('has the migration history that Prisma would write, and a second run does nothing', async () => {
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
});

describe('the rights of roles', () => {
  test.each(ALLOWED)('%s may: %s', async (role, sql) => {
    const session = await server.login(database, role, 'role-password');
    await expect(session.query(`BEGIN; ${sql}; ROLLBACK`)).resolves.toBeDefined();
    await session.end();
  });

  test.each(REFUSED)('%s is refused: %s', async (role, sql) => {
    const session = await server.login(database, role, 'role-password');
    await expect(session.query(sql)).rejects.toMatchObject({ code: '42501' });
    await session.end();
  });

  test('app_user may write a table that a later migration creates', async () => {
    await client.query('CREATE TABLE later (id int)');
    const session = await server.login(database, 'app_user', 'role-password');
    await expect(session.query('INSERT INTO later VALUES (1)')).resolves.toBeDefined();
    await session.end();
    await client.query('DROP TABLE later');
  });
});

test('all roles except app_user log in to RDS with tokens', async () => {
  const sql = "SELECT member::regrole::text AS name FROM pg_auth_members WHERE roleid = 'rds_iam'::regrole ORDER BY 1";
  expect(await names(client, sql)).toEqual([
    'care_user',
    'dba_user',
    'drill_user',
    'metrics_user',
    'readonly_user',
    'recovery_user',
  ]);
});

test('metrics_user sees other sessions and slow statements, but no SQL text', async () => {
  const session = await server.login(database, 'metrics_user', 'role-password');
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
  const { rows: texts } = await session.query<{ query: string }>(
    'SELECT DISTINCT query FROM pg_catalog.pg_stat_activity WHERE usesysid <> current_user::regrole',
  );
  expect(texts).toEqual([{ query: '<insufficient privilege>' }]);
  await session.end();
});
