import type { Client } from 'pg';
import { readMigrations } from '../../../lib/contract/migrations';
import { runMigrations } from '../../../lambda/migrate/runner';
import { MIGRATIONS, MigrationServer } from '../../support/database/migration-server';

const ALLOWED = [
  'SELECT pid, usename, state, wait_event, query FROM pg_stat_activity',
  'SELECT query, calls FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 5',
  'SELECT pid, state, replay_lag FROM pg_stat_replication',
  'SELECT count(*), max(created_at) FROM messages',
  'SELECT migration_name, finished_at FROM _prisma_migrations',
  'SELECT beat_at FROM heartbeat',
  "SELECT pg_size_pretty(pg_total_relation_size('messages')), pg_get_indexdef('bookings_pkey'::regclass)",
];

const REFUSED = [
  'SELECT access_token FROM salons',
  'SELECT name FROM salons',
  'SELECT content FROM messages',
  'SELECT phone_number FROM conversations',
  'SELECT customer_name FROM bookings',
  'SELECT payload FROM webhook_logs',
  'SELECT logs FROM _prisma_migrations',
  'BEGIN READ WRITE; UPDATE heartbeat SET beats = 0',
  'BEGIN READ WRITE; DELETE FROM messages',
  'BEGIN READ WRITE; CREATE TABLE public.mine ()',
  'BEGIN READ WRITE; CREATE VIEW dba.mine AS SELECT 1',
  'BEGIN READ WRITE; ALTER ROLE dba_user CREATEROLE',
  'SET ROLE database_admin',
  'SET ROLE metrics_user',
];

let server: MigrationServer;
let database: string;
let client: Client;
let dba: Client;

beforeAll(async () => {
  server = await MigrationServer.start();
  ({ database, client } = await server.freshDatabase());
  await runMigrations(client, readMigrations(MIGRATIONS));
  await server.admin.query(`ALTER ROLE dba_user PASSWORD 'role-password'`);
}, 60_000);
afterAll(async () => {
  await client?.end();
  await server?.dispose();
});
beforeEach(async () => {
  dba = await server.login(database, 'dba_user', 'role-password');
});
afterEach(() => dba.end());

test.each(ALLOWED)('dba_user may: %s', async (sql) => {
  await expect(dba.query(sql)).resolves.toBeDefined();
});

test.each(REFUSED)('dba_user is refused: %s', async (sql) => {
  await expect(dba.query(sql)).rejects.toMatchObject({ code: '42501' });
});

test('metrics_user is refused the views with texts', async () => {
  await server.admin.query(`ALTER ROLE metrics_user PASSWORD 'role-password'`);
  const metrics = await server.login(database, 'metrics_user', 'role-password');
  await expect(metrics.query('SELECT FROM dba.pg_stat_activity')).rejects.toMatchObject({ code: '42501' });
  await metrics.end();
});

test('sees the form of other sessions’ statements, but no literal', async () => {
  await client.query("SELECT FROM salons WHERE name = 'a planted name'");
  await client.query("SELECT FROM salons WHERE name = 'another planted name'");
  for (const view of ['pg_stat_activity', 'pg_stat_statements']) {
    const { rows } = await dba.query<{ query: string }>(
      `SELECT query FROM ${view} WHERE query LIKE '%FROM salons WHERE name%'`,
    );
    expect([view, rows]).toEqual([view, [{ query: 'SELECT FROM salons WHERE name = $1' }]]);
  }
  const { rows } = await dba.query<{ query: string }>(
    'SELECT DISTINCT query FROM pg_catalog.pg_stat_activity WHERE usesysid <> current_user::regrole',
  );
  expect(rows).toEqual([{ query: '<insufficient privilege>' }]);
});

test('sees no password, even where utility statements are tracked', async () => {
  const { rows } = await dba.query("SELECT query FROM pg_stat_statements WHERE query ILIKE '%password%'");
  expect(rows).toEqual([]);
  const all = await client.query("SELECT FROM pg_stat_statements WHERE query ILIKE '%password ''role-password''%'");
  expect(all.rowCount).toBeGreaterThan(0);
});

test('ends a session of the master user', async () => {
  const victim = await server.login(database, 'database_admin');
  const ended = new Promise((resolve) => victim.once('error', resolve));
  const { rows } = await victim.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await dba.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
  await expect(ended).resolves.toMatchObject({ code: '57P01' });
});

test('sees neither connection strings nor files of the server', async () => {
  const { rows } = await dba.query(
    "SELECT name FROM pg_settings WHERE name IN ('primary_conninfo', 'config_file', 'hba_file')",
  );
  expect(rows).toEqual([]);
  await expect(dba.query("SELECT pg_read_file('postgresql.conf')")).rejects.toMatchObject({ code: '42501' });
});
